import type { AssessedFinding, AssessedRequirement, Assessment, EvidenceEntry } from '../../assessment/assessment.ts';
import { kinds, type Per } from '../../evidence/kinds.ts';
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

/** What stands in a row of many for the name of each. */
const standIns: Readonly<Partial<Record<Per, Text>>> = {
  host: { zh: '该主机', en: 'this host' },
  address: { zh: '该地址', en: 'this address' },
  'endpoint-address': { zh: '该地址', en: 'this address' },
  endpoint: { zh: '该服务', en: 'this service' },
  store: { zh: '该数据库', en: 'this store' },
  'invoice-store': { zh: '该数据库', en: 'this store' },
};
const anySubject: Text = { zh: '该对象', en: 'this subject' };

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
  const own = ownIn(finding, entryOf);
  const names = namesIn(finding, own);
  // Each of its names by its place, so that a service is not taken for its address.
  const unnamed = (one: string): string => renamed(one, names, (_, place) => `\u0000${place}\u0000`);
  const said = (each: Text | undefined): string[] => (each ? [each.zh, each.en].map((one) => plain(unnamed(one))) : []);
  const cited = cites.map((id) => own.find((entry) => entry.id === id)?.kind ?? id);
  // Papers, facts and ledgers are each something else; hosts, addresses and stores are of a kind.
  const apart = name && own.every(({ origin }) => origin === 'filed') ? subject : '';
  return JSON.stringify([outcome, check, says, basis, waiver, said(text), said(remedy), apart, cited]);
}

function ownIn(
  { cites, subject }: AssessedFinding,
  entryOf: (id: string) => EvidenceEntry | undefined,
): readonly EvidenceEntry[] {
  return cites.flatMap((id) => entryOf(id) ?? []).filter((entry) => isOf(entry.subject, subject));
}

type Named = Pick<EvidenceEntry, 'subject'> & { readonly per?: Per };

// The longest first: a service is named with its address.
function namesIn({ subject }: AssessedFinding, own: readonly EvidenceEntry[]): Named[] {
  const all = own.map((entry): Named => ({ subject: entry.subject, per: kinds[entry.kind].per }));
  const names = new Map([{ subject }, ...all].map((each) => [each.subject, each]));
  return [...names.values()].toSorted((one, other) => other.subject.length - one.subject.length);
}

// Whole names only: none within a path, a longer name, or a longer address.
function renamed(text: string, names: readonly Named[], by: (name: Named, place: number) => string): string {
  return names.reduce(
    (before, name, place) =>
      name.subject !== '' && before.includes(name.subject)
        ? before.replace(new RegExp(`(?<![\\w./@:-])${RegExp.escape(name.subject)}(?!\\w|[./@-]\\w)`, 'g'), () =>
            by(name, place),
          )
        : before,
    text,
  );
}

/** The text of a finding that speaks for others too: where it names its subject it says 该主机, this host. */
export function textOfMany(finding: AssessedFinding, entryOf: (id: string) => EvidenceEntry | undefined): Text {
  const names = namesIn(finding, ownIn(finding, entryOf));
  const said = (language: 'zh' | 'en'): string =>
    renamed(finding.text[language], names, ({ per }) => ((per && standIns[per]) ?? anySubject)[language]);
  // Not 数据库「该数据库」, nor the blank that parts a Latin name from hanzi.
  const zh = said('zh')
    .replace(/(?:主机|地址|服务|数据库)?「(该(?:主机|地址|服务|数据库|对象))」/g, '$1')
    .replace(/(该(?:主机|地址|服务|数据库|对象)) (?=\p{Script=Han})/gu, '$1');
  const en = said('en').replace(
    /(?:\b(?:host|address|service|store) )?["“](this (?:host|address|service|store|subject))["”]/g,
    '$1',
  );
  return { zh, en };
}

/** How many subjects findings are of. */
export function subjectsIn(members: readonly AssessedFinding[]): number {
  return new Set(members.map(({ subject }) => subject)).size;
}

/** Whether an observation of `seen` is of the subject itself: of its host, its store, or the address of its port. */
export function isOf(seen: string, subject: string): boolean {
  return seen === subject || subject.startsWith(`${seen}/`) || subject.startsWith(`${seen}:`);
}

function withoutFigures(text: string): string {
  return text.replace(/\d+/g, '#');
}
