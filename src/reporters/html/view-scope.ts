import type { EvidenceEntry } from '../../assessment/assessment.ts';
import { bases, basisTitles } from '../../assessment/profile.ts';
import { verdictTitles } from '../../assessment/verdict.ts';
import { countOfPorts, rangesOf } from '../../evidence/network/open-ports.ts';
import { reasons } from '../../evidence/observation.ts';
import { heard } from '../../text.ts';
import { offsetOf, shortened, shown } from '../show.ts';
import { basisMeanings, originTitles, sentences, verdictMeanings } from '../words/report.ts';
import { chartOrder } from './charts.ts';
import { chapterHeading, type Frame, type Heading, type Pair, sectionHeading } from './frame.ts';

/** Characters of a method or of what a machine said that are printed. */
const longestMethod = 400;
const longestName = 160;
const longestNote = 1200;

export type ScopeView = {
  readonly heading: Heading;
  readonly sources: {
    readonly heading: Heading;
    readonly rows: readonly { code: string; title: string; note: string; issued: string }[];
  };
  readonly collection: {
    readonly heading: Heading;
    readonly text: string;
    readonly manifest: string;
    readonly rows: readonly { title: string; origin: string; observed: number; unobserved: number }[];
  };
  readonly contacts: {
    readonly heading: Heading;
    readonly text: string;
    readonly rows: readonly ContactRow[];
  };
  readonly terms: { readonly heading: Heading; readonly rows: readonly Pair[] };
};

type ContactRow = { readonly address: string; readonly port: string; readonly by: string; readonly times: number };

export type EvidenceRow = {
  readonly anchor: string;
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly time: string;
  readonly method: string;
  readonly raw: string;
  /** Why there is nothing; empty for what was observed. */
  readonly why: string;
};

export type EvidenceView = {
  readonly heading: Heading;
  readonly seen: { readonly heading: Heading; readonly rows: readonly EvidenceRow[] };
  readonly notSeen: { readonly heading: Heading; readonly rows: readonly EvidenceRow[] };
};

/** What was measured, from where, when, by which rules, and what the words mean. */
export function scopeView(frame: Frame, chapter: number): ScopeView {
  const { assessment, words, language, sayShort } = frame;
  const section = (number: number, title: string): Heading => sectionHeading(frame, chapter, number, title);
  return {
    heading: chapterHeading(frame, chapter, words.scope),
    sources: {
      heading: section(1, words.sources),
      rows: Object.entries(assessment.profile.sources).map(([code, { title, issued, note }]) => ({
        code: shown(code),
        title: sayShort(title, longestName),
        note: note ? sayShort(note, longestNote) : '',
        issued: issued ? shortened(issued, longestName, language) : '',
      })),
    },
    collection: {
      heading: section(2, words.collection),
      text: collectionText(frame),
      manifest: assessment.evidence.manifest,
      rows: kindRows(frame),
    },
    contacts: {
      heading: section(3, words.contacts),
      text: contactsText(frame),
      rows: contactRows(frame),
    },
    terms: {
      heading: section(4, words.terms),
      rows: [
        ...chartOrder.map((verdict) => ({
          label: verdictTitles[verdict][language],
          value: verdictMeanings[verdict][language],
        })),
        ...bases.map((basis) => ({ label: basisTitles[basis][language], value: basisMeanings[basis][language] })),
      ],
    },
  };
}

/** Every item of evidence, with what could not be had in a table of its own. */
export function evidenceView(frame: Frame, chapter: number): EvidenceView {
  const { words, assessment } = frame;
  const rows = assessment.index.map((entry) => evidenceRow(frame, entry));
  return {
    heading: chapterHeading(frame, chapter, words.index),
    seen: { heading: sectionHeading(frame, chapter, 1, words.seen), rows: rows.filter((row) => row.why === '') },
    notSeen: { heading: sectionHeading(frame, chapter, 2, words.notSeen), rows: rows.filter((row) => row.why !== '') },
  };
}

function evidenceRow({ language, clock, say, evidenceAnchor }: Frame, entry: EvidenceEntry): EvidenceRow {
  const { unobserved } = entry;
  const detail = unobserved?.detail ? shortened(heard(unobserved.detail)[language], longestMethod, language) : '';
  const bracketed = language === 'zh' ? `（${detail}）` : ` (${detail})`;
  return {
    anchor: evidenceAnchor(entry.id) ?? '',
    id: shown(entry.id),
    kind: say(entry.kindTitle),
    subject: shortened(entry.subject, longestName, language),
    time: clock(entry.at),
    method: shortened(entry.method, longestMethod, language),
    raw: entry.raw ?? '',
    why: unobserved ? reasons[unobserved.reason][language] + (detail ? bracketed : '') : '',
  };
}

function collectionText({ assessment, say, clock, language }: Frame): string {
  const { evidence, timeZone, index, tool } = assessment;
  const places = [...new Set(index.map((entry) => entry.zone))].toSorted();
  return say(sentences.collected, {
    from: clock(evidence.from),
    to: clock(evidence.to),
    zone: timeZone,
    offset: offsetOf(evidence.to, timeZone),
    places: places.join(language === 'zh' ? '、' : ', '),
    all: evidence.observed + evidence.unobserved,
    observed: evidence.observed,
    unobserved: evidence.unobserved,
    tool: `${tool.name} ${tool.version}`,
  });
}

/** Ranges of ports that one row shows. */
const mostRanges = 6;

// One row for each address and program: a scan tries a hundred ports, and the bundle lists them all.
function contactRows({ assessment, language, say }: Frame): ContactRow[] {
  const byProgram = Map.groupBy(assessment.evidence.contacts, ({ address, by }) => `${by} ${address}`);
  return [...byProgram.values()].flatMap((contacts) => {
    const [first] = contacts;
    if (!first) return [];
    const ports = rangesOf(contacts.flatMap(({ port }) => port ?? []));
    const count = countOfPorts(ports);
    return {
      address: shortened(first.address, longestName, language),
      by: shortened(first.by, longestName, language),
      port:
        count === 0
          ? '—'
          : ports.split(',').length > mostRanges
            ? say(sentences.ports, { count })
            : ports.replaceAll(',', ', '),
      times: contacts.reduce((sum, { times }) => sum + times, 0),
    };
  });
}

function contactsText({ assessment, say }: Frame): string {
  const { contacts } = assessment.evidence;
  const addresses = new Set(contacts.map(({ address }) => address)).size;
  return say(sentences.contacted, { addresses, times: contacts.reduce((sum, { times }) => sum + times, 0) });
}

function kindRows({ assessment, language, say }: Frame): ScopeView['collection']['rows'] {
  const byKind = Map.groupBy(assessment.index, (entry) => entry.kind);
  return [...byKind.values()].flatMap((entries) => {
    const [first] = entries;
    if (!first) return [];
    const unobserved = entries.filter((entry) => entry.unobserved).length;
    return [
      {
        title: say(first.kindTitle),
        origin: originTitles[first.origin][language],
        observed: entries.length - unobserved,
        unobserved,
      },
    ];
  });
}
