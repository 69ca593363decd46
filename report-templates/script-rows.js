/**
 * A finding: a row of its requirement's table.
 * @typedef {{ row: HTMLTableRowElement, outcome: string, basis: string, subjects: readonly string[], words: string }} Finding
 */

/**
 * A requirement: something to unfold, or a row of the table of those that do not apply. `own` is its text without its findings,
 * `blocks` are the parts of their table.
 * @typedef {{ element: HTMLElement, part: string, verdict: string, own: string, blocks: readonly Element[], findings: readonly Finding[], matching: Element | null }} Requirement
 */

/**
 * A text as searches compare it: full-width and half-width forms, capitals and small letters are the same.
 * @param {string | null | undefined} text
 */
export function comparable(text) {
  return (text ?? '').normalize('NFKC').toLowerCase();
}

/** @returns {Requirement[]} */
export function readRequirements() {
  /** @type {Requirement[]} */
  const found = [];
  for (const section of document.querySelectorAll('section.part')) {
    if (!(section instanceof HTMLElement)) continue;
    for (const element of section.querySelectorAll('.requirement')) {
      if (!(element instanceof HTMLElement)) continue;
      const { verdict = '' } = element.dataset;
      const blocks = [...element.querySelectorAll('.findings > tbody')];
      const rows = blocks.flatMap((block) => [...block.children]);
      found.push({
        ...{ element, verdict, own: ownWordsOf(element), part: section.dataset.part ?? '', blocks },
        findings: rows.flatMap((row) => (row instanceof HTMLTableRowElement ? [readFinding(row)] : [])),
        matching: element.querySelector('.matching'),
      });
    }
  }
  return found;
}

/** @param {HTMLTableRowElement} row */
function readFinding(row) {
  const { outcome = '', basis = '' } = row.dataset;
  return { row, outcome, basis, subjects: [], words: '' };
}

/** @param {Finding} finding */
export function wordsOf(finding) {
  finding.words ||= comparable(`${finding.row.id} ${finding.row.textContent}`);
  return finding.words;
}

/**
 * What a finding is of: its name, and the id beside it.
 * @param {Finding} finding
 */
export function subjectsOf(finding) {
  if (finding.subjects.length === 0)
    finding.subjects = [...(finding.row.cells[0]?.childNodes ?? [])].map((node) => comparable(node.textContent).trim());
  return finding.subjects;
}

/** @param {HTMLElement} element */
function ownWordsOf(element) {
  const parts = element instanceof HTMLDetailsElement ? [...element.children] : [element];
  const own = parts.filter((part) => !(part instanceof HTMLTableElement));
  return comparable(own.map((part) => part.textContent).join('\n'));
}

/**
 * Reads the texts ahead of the first search while the reader does nothing.
 * @param {readonly Requirement[]} requirements
 */
export function readAhead(requirements) {
  const rest = requirements.flatMap(({ findings }) => findings).values();
  const some = () => {
    const until = performance.now() + 8;
    for (const finding of rest) {
      wordsOf(finding);
      subjectsOf(finding);
      if (performance.now() > until) return void setTimeout(some);
    }
  };
  setTimeout(some);
}
