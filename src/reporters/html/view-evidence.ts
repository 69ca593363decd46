import type { EvidenceEntry } from '../../assessment/assessment.ts';
import { type Origin, origins } from '../../evidence/kinds.ts';
import { reasons } from '../../evidence/observation.ts';
import { heard } from '../../text.ts';
import { nameOf } from '../plain.ts';
import { shortened, shown } from '../show.ts';
import { methodSentences } from '../words/methods.ts';
import { evidenceSections, sentences } from '../words/report.ts';
import { type FoldGroup, groupAnchor, longHash, subjectsIn } from './folds.ts';
import { chapterHeading, type Frame, type Heading, sectionHeading } from './frame.ts';
import { groupLabel } from './view-findings.ts';

/** Characters of a method or of what a machine said that are printed, and of a subject. */
const longestMethod = 400;
const longestName = 160;

export type EvidenceRow = {
  readonly anchor: string;
  readonly id: string;
  /** What tells it from the others under its head: the kind of a host's, else the subject. */
  readonly title: string;
  readonly titleId: string;
  readonly time: string;
  /** Empty where all of its kind were got the same way. */
  readonly method: string;
  /** Hashes of the raw output, or of the paper. */
  readonly hashes: readonly string[];
  /** Why there is nothing; empty for what was observed. */
  readonly why: string;
};

/** Evidence under one head: all of a host, or all of a kind. */
export type EvidenceBlock = {
  readonly title: string;
  readonly count: string;
  /** The day of all its times, which then stand without it; else empty. */
  readonly day: string;
  /** What was done, and what the machine did. */
  readonly says: string;
  readonly method: string;
  readonly rows: readonly EvidenceRow[];
};

export type EvidenceSection = {
  readonly heading: Heading;
  /** How each kind was got, where the blocks do not say it. */
  readonly ways: readonly { readonly title: string; readonly says: string; readonly method: string }[];
  readonly titleHead: string;
  readonly blocks: readonly EvidenceBlock[];
};

export type EvidenceView = {
  readonly heading: Heading;
  readonly sections: readonly EvidenceSection[];
  readonly notSeen: { readonly heading: Heading; readonly blocks: readonly EvidenceBlock[] };
  /** The subjects of folded rows; absent where none is folded. */
  readonly groups?: { readonly heading: Heading; readonly rows: readonly GroupView[] };
};

type GroupView = {
  readonly anchor: string;
  readonly label: string;
  readonly of: string;
  /** What is said of its members, where that differs, and who they are. */
  readonly variants: readonly {
    readonly text: string;
    readonly members: readonly { readonly subject: string; readonly id: string }[];
  }[];
};

/** Every item of evidence by where it comes from, what could not be had in a section of its own, and the lists of folded subjects. */
export function evidenceView(frame: Frame, chapter: number): EvidenceView {
  const { words, assessment, language, folds } = frame;
  const index = indexOf(frame);
  const seen = assessment.index.filter((entry) => !entry.unobserved);
  const present = origins.filter((origin) => seen.some((entry) => entry.origin === origin));
  const section = (number: number, title: string): Heading => sectionHeading(frame, chapter, number, title);
  const groups = folds?.groups ?? [];
  return {
    heading: chapterHeading(frame, chapter, words.index),
    sections: present.map((origin, position) => ({
      heading: section(position + 1, evidenceSections[origin][language]),
      ...sectionOf(frame, index, origin),
    })),
    notSeen: {
      heading: section(present.length + 1, words.notSeen),
      blocks: blocksBy(
        frame,
        index,
        assessment.index.filter((entry) => entry.unobserved),
        'kind',
      ),
    },
    ...(groups.length > 0
      ? {
          groups: {
            heading: section(present.length + 2, words.groups),
            rows: groups.map((group) => groupView(frame, group)),
          },
        }
      : {}),
  };
}

/** What rows share: the method of a kind if there is one, hashes that findings name. */
type Index = {
  readonly methods: ReadonlyMap<string, string>;
  readonly hashes: ReadonlyMap<string, readonly string[]>;
};

function indexOf({ assessment }: Frame): Index {
  const byKind = Map.groupBy(assessment.index, ({ kind }) => kind);
  const methods = [...byKind].flatMap(([kind, entries]): [string, string][] => {
    const [method, ...others] = new Set(entries.map((entry) => entry.method));
    return method === undefined || others.length > 0 ? [] : [[kind, method]];
  });
  const hashes = new Map<string, string[]>();
  for (const { cites, text } of assessment.requirements.flatMap(({ findings }) => findings)) {
    const [first] = cites;
    if (first === undefined) continue;
    const known = hashes.get(first) ?? [];
    hashes.set(first, [...new Set([...known, ...(text.zh.match(longHash) ?? [])])]);
  }
  return { methods: new Map(methods), hashes };
}

// A host has one of each kind, so that its own list is short; of papers there are many of one kind.
function sectionOf(frame: Frame, index: Index, origin: Origin): Omit<EvidenceSection, 'heading'> {
  const { assessment, words, language } = frame;
  const own = assessment.index.filter((entry) => entry.origin === origin && !entry.unobserved);
  if (origin !== 'host') return { ways: [], titleHead: words.subject, blocks: blocksBy(frame, index, own, 'kind') };
  const firsts = [...Map.groupBy(own, ({ kind }) => kind).values()].flatMap(([first]) => first ?? []);
  return {
    ways: firsts.map(({ kind, kindTitle }) => ({
      title: frame.say(kindTitle),
      says: methodSentences[kind][language],
      method: shortened(index.methods.get(kind) ?? '', longestMethod, language),
    })),
    titleHead: words.kind,
    blocks: blocksBy(frame, index, own, 'subject'),
  };
}

function blocksBy(
  frame: Frame,
  index: Index,
  entries: readonly EvidenceEntry[],
  key: 'kind' | 'subject',
): EvidenceBlock[] {
  const { language } = frame;
  const groups = [...Map.groupBy(entries, (entry) => entry[key])];
  const sorted = key === 'subject' ? groups.toSorted(([a], [b]) => (a < b ? -1 : 1)) : groups;
  return sorted.flatMap(([, own]) => {
    const [first] = own;
    if (!first) return [];
    const isKind = key === 'kind';
    const days = [...new Set(own.map(({ at }) => frame.clock(at).slice(0, 10)))];
    const day = days.length === 1 ? (days[0] ?? '') : '';
    return {
      title: isKind ? frame.say(first.kindTitle) : shortened(nameOf(first, language), longestName, language),
      count: frame.say(sentences.items, { count: own.length }),
      day,
      // Of what was not observed nothing was read.
      says: isKind && !first.unobserved ? methodSentences[first.kind][language] : '',
      method: isKind ? shortened(index.methods.get(first.kind) ?? '', longestMethod, language) : '',
      rows: own.map((entry) => ({
        ...rowOf(frame, index, entry, isKind),
        time: frame.clock(entry.at).slice(day ? 11 : 0),
      })),
    };
  });
}

function rowOf(frame: Frame, index: Index, entry: EvidenceEntry, isKind: boolean): Omit<EvidenceRow, 'time'> {
  const { language, say, evidenceAnchor } = frame;
  const name = nameOf(entry, language);
  const hashes = [...(entry.raw ? [entry.raw] : []), ...(index.hashes.get(entry.id) ?? [])];
  return {
    anchor: evidenceAnchor(entry.id) ?? '',
    id: shown(entry.id),
    title: isKind ? shortened(name, longestName, language) : say(entry.kindTitle),
    titleId: isKind && !name.includes(entry.subject) ? shortened(entry.subject, longestName, language) : '',
    method: index.methods.has(entry.kind) ? '' : shortened(entry.method, longestMethod, language),
    hashes: [...new Set(hashes)],
    why: whyNot(frame, entry),
  };
}

function whyNot({ language }: Frame, { unobserved }: EvidenceEntry): string {
  if (!unobserved) return '';
  const detail = unobserved.detail ? shortened(heard(unobserved.detail)[language], longestMethod, language) : '';
  const bracketed = language === 'zh' ? `（${detail}）` : ` (${detail})`;
  return reasons[unobserved.reason][language] + (detail ? bracketed : '');
}

function groupView(frame: Frame, group: FoldGroup): GroupView {
  const { language, say } = frame;
  const { members, variants, of, isOpen } = group;
  return {
    anchor: groupAnchor(group),
    label: groupLabel(frame, group),
    of: say(sentences.groupOf, { count: subjectsIn(members), of: of.join(language === 'zh' ? '、' : ', ') }),
    variants: variants.flatMap(([first, ...others]) =>
      first
        ? {
            text: variants.length > 1 ? frame.sayShort(first.text, longestMethod) : '',
            members: [...Map.groupBy([first, ...others], ({ subject }) => subject).values()].flatMap((same) =>
              same.slice(0, 1).map((each) => ({
                subject: shortened(nameOf(each, language), longestName, language),
                id: isOpen ? shown([...new Set(same.flatMap(({ id }) => id ?? []))].join(' ')) : '',
              })),
            ),
          }
        : [],
    ),
  };
}
