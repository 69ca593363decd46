import { comparable, subjectsOf, wordsOf } from './script-rows.js';

/** @typedef {import('./script-rows.js').Requirement} Requirement */

/** More findings than these are not unfolded by themselves. */
const fewEnough = 300;

/**
 * What the reader asks for: the state of the form. An empty set or text asks for nothing.
 * @param {HTMLFormElement} form
 */
export function askedIn(form) {
  const data = new FormData(form);
  const ticked = (/** @type {string} */ name) => new Set(data.getAll(name).map(String));
  const typed = (/** @type {string} */ name) => comparable(String(data.get(name) ?? '')).trim();
  const [verdicts, parts, outcomes, bases] = [ticked('verdict'), ticked('part'), ticked('outcome'), ticked('basis')];
  const [subject, words] = [typed('subject'), typed('q').split(/\s+/).filter(Boolean)];
  const ofFindings = outcomes.size + bases.size > 0 || subject !== '';
  const isAny = ofFindings || verdicts.size + parts.size + words.length > 0;
  return { verdicts, parts, outcomes, bases, subject, words, ofFindings, isAny };
}

/** @typedef {ReturnType<typeof askedIn>} Asked */

/**
 * The findings of a requirement that are asked for; undefined if the requirement itself is not. A word may stand in either.
 * @param {Requirement} requirement
 * @param {Asked} asked
 * @param {boolean} isSubject Whether the subject asked for is one by its whole name.
 */
function matchingIn({ verdict, part, own, findings }, asked, isSubject) {
  if (!fits(asked.verdicts, verdict) || !fits(asked.parts, part)) return undefined;
  const rest = asked.words.filter((word) => !own.includes(word));
  const matching = findings.filter((finding) => {
    if (!fits(asked.outcomes, finding.outcome) || !fits(asked.bases, finding.basis)) return false;
    if (asked.subject !== '') {
      const isAsked = (/** @type {string} */ name) =>
        isSubject ? name === asked.subject : name.includes(asked.subject);
      if (!subjectsOf(finding).some(isAsked)) return false;
    }
    return rest.every((word) => wordsOf(finding).includes(word));
  });
  return matching.length > 0 || (rest.length === 0 && !asked.ofFindings) ? matching : undefined;
}

/**
 * @param {ReadonlySet<string>} wanted
 * @param {string} value
 */
function fits(wanted, value) {
  return wanted.size === 0 || wanted.has(value);
}

/**
 * Shows what is asked for; the style sheet hides what is `out`, on screens only. Counts what is shown, and what is unmet and is not.
 * @param {readonly Requirement[]} requirements
 * @param {Asked} asked
 */
export function show(requirements, asked) {
  const isSubject =
    asked.subject !== '' &&
    requirements.some(({ findings }) => findings.some((each) => subjectsOf(each).includes(asked.subject)));
  const shown = { requirements: 0, findings: 0 };
  const hidden = { requirements: 0, findings: 0 };
  document.body.classList.toggle('is-filtered', asked.isAny);
  document.querySelector('.evidence')?.classList.remove('is-wanted');
  for (const requirement of requirements) {
    const matching = asked.isAny ? matchingIn(requirement, asked, isSubject) : requirement.findings;
    putOut(requirement.element, !matching);
    if (!matching && (requirement.verdict === 'unmet' || requirement.verdict === 'partial')) hidden.requirements += 1;
    hidden.findings += unmetIn(requirement.findings) - unmetIn(matching ?? []);
    if (!matching) continue;
    shown.requirements += 1;
    shown.findings += matching.length;
    const kept = new Set(matching);
    for (const finding of requirement.findings) putOut(finding.row, !kept.has(finding));
    for (const block of requirement.blocks) putOut(block, !block.querySelector('tr:not(.out)'));
    if (requirement.matching)
      requirement.matching.textContent =
        matching.length < requirement.findings.length ? ` · ${filled('matching', { count: matching.length })}` : '';
  }
  for (const whole of document.querySelectorAll('section.part, .part > table:has(.requirement)')) {
    const isOut = !whole.querySelector('.requirement:not(.out)');
    putOut(whole, isOut);
    // Its heading goes with a table.
    if (whole instanceof HTMLTableElement && whole.previousElementSibling) putOut(whole.previousElementSibling, isOut);
  }
  document.body.classList.toggle('has-few', shown.findings <= fewEnough);
  unfoldFew(requirements, asked, shown.findings);
  return { shown, hidden };
}

/** @param {Requirement['findings']} findings */
function unmetIn(findings) {
  let count = 0;
  for (const { outcome } of findings) if (outcome === 'unmet') count += 1;
  return count;
}

/** What was unfolded for the reader, and is folded again when it is no longer asked for. @type {Set<HTMLDetailsElement>} */
export const unfolded = new Set();

/**
 * @param {readonly Requirement[]} requirements
 * @param {Asked} asked
 * @param {number} count
 */
function unfoldFew(requirements, asked, count) {
  const isFew = count <= fewEnough && (asked.ofFindings || asked.words.length > 0);
  for (const { element } of requirements) {
    if (!(element instanceof HTMLDetailsElement)) continue;
    const isWanted = isFew && !element.classList.contains('out');
    if (isWanted && !element.open) {
      element.open = true;
      unfolded.add(element);
    } else if (!isWanted && unfolded.delete(element)) element.open = false;
  }
}

/**
 * @param {Element} element
 * @param {boolean} isOut
 */
function putOut(element, isOut) {
  if (element.classList.contains('out') !== isOut) element.classList.toggle('out', isOut);
}

/**
 * A text of the page with its placeholders filled.
 * @param {string} name
 * @param {Readonly<Record<string, number>>} counts
 */
export function filled(name, counts) {
  const status = document.querySelector('.showing');
  const text = status instanceof HTMLElement ? status.dataset[name] : '';
  return (text ?? '').replace(/\{\{(\w+)\}\}/g, (_, key) => String(counts[key] ?? ''));
}
