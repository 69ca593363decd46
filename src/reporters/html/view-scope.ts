import { bases, basisTitles } from '../../assessment/profile.ts';
import { verdictTitles } from '../../assessment/verdict.ts';
import { origins } from '../../evidence/kinds.ts';
import { countOfPorts, rangesOf } from '../../evidence/network/open-ports.ts';
import { offsetOf, shortened, shown } from '../show.ts';
import { basisMeanings, originTitles, sentences, verdictMeanings } from '../words/report.ts';
import { addressRanges } from './address-ranges.ts';
import { chartOrder } from './charts.ts';
import { chapterHeading, type Frame, type Heading, type Pair, sectionHeading } from './frame.ts';

/** Characters of a name or of a note that are printed. */
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
    readonly rows: readonly { origin: string; kinds: string; observed: number; unobserved: number }[];
  };
  readonly contacts: {
    readonly heading: Heading;
    readonly text: string;
    readonly rows: readonly ContactRow[];
  };
  readonly terms: { readonly heading: Heading; readonly rows: readonly Pair[] };
};

type ContactRow = { readonly address: string; readonly port: string; readonly by: string; readonly times: number };

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

/** Addresses, or ranges of them, of one row: a row does not break over pages. */
const mostInRow = 24;

// A row for what a program did alike to several addresses: a scan tries a hundred ports, and the bundle lists them all.
function contactRows(frame: Frame): ContactRow[] {
  const { assessment, language } = frame;
  const byAddress = Map.groupBy(assessment.evidence.contacts, ({ address, by }) => `${by} ${address}`);
  const each = [...byAddress.values()].flatMap((contacts) => {
    const [first] = contacts;
    if (!first) return [];
    const ports = rangesOf(contacts.flatMap(({ port }) => port ?? []));
    return [{ ...first, ports, times: contacts.reduce((sum, { times }) => sum + times, 0) }];
  });
  return [...Map.groupBy(each, ({ by, ports }) => `${by} ${ports}`).values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const times = new Map(alike.map((contact) => [contact.address, contact.times]));
    const ranges = addressRanges([...times.keys()]);
    return inRows(ranges).map((own) => ({
      address: own.map(({ text }) => shortened(text, longestName, language)).join(language === 'zh' ? '、' : ', '),
      by: shortened(first.by, longestName, language),
      port: portsText(frame, first.ports),
      times: own.flatMap(({ addresses }) => addresses).reduce((sum, address) => sum + (times.get(address) ?? 0), 0),
    }));
  });
}

function inRows<T>(ranges: readonly T[]): T[][] {
  const count = Math.ceil(ranges.length / mostInRow);
  return Array.from({ length: count }, (_, row) => ranges.slice(row * mostInRow, (row + 1) * mostInRow));
}

function portsText({ say }: Frame, ports: string): string {
  const count = countOfPorts(ports);
  if (count === 0) return '—';
  return ports.split(',').length > mostRanges ? say(sentences.ports, { count }) : ports.replaceAll(',', ', ');
}

function contactsText({ assessment, say }: Frame): string {
  const { contacts } = assessment.evidence;
  const addresses = new Set(contacts.map(({ address }) => address)).size;
  return say(sentences.contacted, { addresses, times: contacts.reduce((sum, { times }) => sum + times, 0) });
}

// A row for each origin: the index of evidence has every item.
function kindRows({ assessment, language, say }: Frame): ScopeView['collection']['rows'] {
  return origins.flatMap((origin) => {
    const own = assessment.index.filter((entry) => entry.origin === origin);
    if (own.length === 0) return [];
    const unobserved = own.filter((entry) => entry.unobserved).length;
    const kinds = [...Map.groupBy(own, ({ kind }) => kind).values()].flatMap(([first, ...others]) =>
      first ? [`${say(first.kindTitle)} ${others.length + 1}`] : [],
    );
    return [
      {
        origin: originTitles[origin][language],
        kinds: kinds.join(language === 'zh' ? '、' : ', '),
        observed: own.length - unobserved,
        unobserved,
      },
    ];
  });
}
