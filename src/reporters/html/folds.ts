import type { AssessedFinding, AssessedRequirement, Assessment, EvidenceEntry } from '../../assessment/assessment.ts';
import type { Text } from '../../text.ts';

/** Findings that stand in one row: one, or many that say the same of many subjects. */
export type Fold = {
  readonly first: AssessedFinding;
  /** In the order of the assessment, the first among them. */
  readonly members: readonly AssessedFinding[];
  /** The list of all of them in the annex; absent where the row is of one subject. */
  readonly group?: FoldGroup;
};

/** The subjects of folded rows: several rows that are of the same subjects share a list. */
export type FoldGroup = {
  /** From 1, in the order in which the report comes to them. */
  readonly number: number;
  readonly members: readonly AssessedFinding[];
  /** The members by what is said of them: one list, unless the texts differ in their figures. */
  readonly variants: readonly (readonly AssessedFinding[])[];
  /** Requirements whose rows lead here. */
  readonly of: readonly string[];
  /** Findings that are open: each has an id that a waiver can name. */
  readonly isOpen: boolean;
};

export type Folds = {
  readonly of: (requirement: AssessedRequirement) => readonly Fold[];
  readonly groups: readonly FoldGroup[];
};

/** A SHA-256 or SM3 in hexadecimal. */
export const longHash = /\b[0-9a-f]{64}\b/g;

/** Where a list of subjects stands. */
export function groupAnchor({ number }: FoldGroup): string {
  return `g-${number}`;
}

/** Fewer than so many are as quickly read one by one. */
const fewest = 4;

/** Of what is open, whose figures differ, a reader wants to see more than of what holds. */
const fewestOpen = 8;

/** The findings of every requirement as paper shows them; see {@link alikeIn}. */
export function foldsOf({ requirements, index }: Pick<Assessment, 'requirements' | 'index'>): Folds {
  const entries = new Map(index.map((entry) => [entry.id, entry]));
  const groups = new Map<string, FoldGroup & { of: string[] }>();
  const rows = new Map(
    requirements.map((row) => [
      row.id,
      alikeIn(row.findings, (id) => entries.get(id)).map(({ members, variants }): Fold[] => {
        const [first] = members;
        if (!first) return [];
        if (members.length === 1) return [{ first, members }];
        const isOpen = first.outcome === 'unmet' || first.outcome === 'unproven';
        const isSame = variants.length === 1;
        const said = members.map(({ subject, id, text }) => [subject, isOpen && id, !isSame && text]);
        const key = JSON.stringify([isOpen, isSame, said]);
        const group = groups.get(key) ?? { number: groups.size + 1, members, variants, of: [], isOpen };
        groups.set(key, group);
        if (!group.of.includes(row.id)) group.of.push(row.id);
        return [{ first, members, group }];
      }),
    ]),
  );
  return { of: ({ id }) => (rows.get(id) ?? []).flat(), groups: [...groups.values()] };
}

type Alike = Pick<FoldGroup, 'members' | 'variants'>;

/**
 * What is open first, and together what is alike in outcome, check, message, evidence and text but for the subject's name and the
 * figures. Of what is open, findings whose figures differ stand together only where they are many.
 */
function alikeIn(findings: readonly AssessedFinding[], entryOf: (id: string) => EvidenceEntry | undefined): Alike[] {
  const isOpen = ({ outcome }: AssessedFinding): boolean => outcome === 'unmet' || outcome === 'unproven';
  const open = findings.filter(isOpen);
  const exact = parted(open, (finding) => keyOf(finding, entryOf, (text) => text), fewest);
  const others = parted(exact.rest, (finding) => keyOf(finding, entryOf, withoutFigures), fewestOpen);
  const closed = parted(
    findings.filter((finding) => !isOpen(finding)),
    (finding) => keyOf(finding, entryOf, withoutFigures),
    fewest,
  );
  const single = [...others.rest, ...closed.rest].map((each) => [each]);
  const all = [...exact.groups, ...others.groups, ...closed.groups, ...single].map((members) => ({
    members,
    variants: [...Map.groupBy(members, (each) => keyOf(each, entryOf, (text) => text)).values()],
  }));
  const order: readonly AssessedFinding['outcome'][] = ['unmet', 'unproven', 'met', 'not-applicable'];
  const places = new Map(findings.map((finding, index) => [finding, index]));
  const placeOf = ({ members: [first] }: Alike): number =>
    first ? order.indexOf(first.outcome) * findings.length + (places.get(first) ?? 0) : 0;
  return all.toSorted((one, other) => placeOf(one) - placeOf(other));
}

function parted(
  findings: readonly AssessedFinding[],
  key: (finding: AssessedFinding) => string,
  least: number,
): { groups: AssessedFinding[][]; rest: AssessedFinding[] } {
  const all = [...Map.groupBy(findings, key).values()];
  return {
    groups: all.filter(({ length }) => length >= least),
    rest: all.filter(({ length }) => length < least).flat(),
  };
}

// What is cited of the subject itself counts by its kind; anything else that is cited must be the very same.
function keyOf(
  finding: AssessedFinding,
  entryOf: (id: string) => EvidenceEntry | undefined,
  plain: (text: string) => string,
): string {
  const { subject, name, outcome, check, says, basis, waiver, text, remedy, cites } = finding;
  const own = cites.flatMap((id) => entryOf(id) ?? []).filter((entry) => isOf(entry.subject, subject));
  const names = new Set([subject, ...own.map((entry) => entry.subject)]);
  const unnamed = (one: string): string => [...names].reduce((text, each) => text.replaceAll(each, '\u0000'), one);
  const said = (each: Text | undefined): string[] => (each ? [each.zh, each.en].map((one) => plain(unnamed(one))) : []);
  const cited = cites.map((id) => own.find((entry) => entry.id === id)?.kind ?? id);
  // Papers, facts and ledgers are each something else; hosts, addresses and stores are of a kind.
  const apart = name && own.every(({ origin }) => origin === 'filed') ? subject : '';
  return JSON.stringify([outcome, check, says, basis, waiver, said(text), said(remedy), apart, cited]);
}

/** Whether an observation of `seen` is of the subject itself: of its host, its store, or the address of its port. */
export function isOf(seen: string, subject: string): boolean {
  return seen === subject || subject.startsWith(`${seen}/`) || subject.startsWith(`${seen}:`);
}

function withoutFigures(text: string): string {
  return text.replace(/\d+/g, '#');
}
