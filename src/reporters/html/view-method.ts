import type { Assessment } from '../../assessment/assessment.ts';
import { origins } from '../../evidence/kinds.ts';
import { reasons } from '../../evidence/observation.ts';
import type { Text, TextData } from '../../text.ts';
import { shortened, shown } from '../show.ts';
import { methodTexts } from '../words/method.ts';
import { originTitles } from '../words/report.ts';
import { type Frame, type Heading, sectionHeading } from './frame.ts';

/** Characters of a name that are printed, and how many of one kind are listed. */
const longestName = 120;
const mostListed = 8;

/** A label, what is said, and files by their hashes. */
type Row = { readonly label: string; readonly lines: readonly string[]; readonly hashes: readonly string[] };

/** How it was measured and what was left out: what an auditor asks before he believes the rest. */
export type MethodView = {
  readonly heading: Heading;
  readonly item: string;
  readonly content: string;
  readonly rows: readonly Row[];
};

/** The statement of method, from what the evidence and its manifest carry. */
export function methodView(frame: Frame, chapter: number, section: number): MethodView {
  const { say } = frame;
  const rows: readonly (readonly [Text, readonly string[], (readonly string[])?])[] = [
    [methodTexts.objects, objects(frame)],
    [methodTexts.places, places(frame)],
    [methodTexts.programs, programs(frame)],
    [methodTexts.rules, stricter(frame), files(frame)],
    [methodTexts.network, network(frame)],
    [methodTexts.age, age(frame)],
    [methodTexts.unseen, unseen(frame)],
    [methodTexts.outside, [say(methodTexts.outsideText)]],
    [methodTexts.guard, [say(methodTexts.guardText)]],
    [methodTexts.operator, [say(methodTexts.operatorText)]],
  ];
  return {
    heading: sectionHeading(frame, chapter, section, say(methodTexts.heading)),
    item: say(methodTexts.item),
    content: say(methodTexts.content),
    rows: rows.flatMap(([label, lines, hashes = []]) =>
      lines.length + hashes.length > 0 ? [{ label: say(label), lines, hashes }] : [],
    ),
  };
}

function objects({ assessment: { index }, say }: Frame): string[] {
  return origins.flatMap((origin) => {
    const own = index.filter((entry) => entry.origin === origin);
    if (own.length === 0) return [];
    return say(methodTexts.objectsText, {
      origin: originTitles[origin],
      subjects: new Set(own.map(({ subject }) => subject)).size,
      items: own.length,
      unobserved: own.filter((entry) => entry.unobserved).length,
    });
  });
}

function places(frame: Frame): string[] {
  const { assessment, clock } = frame;
  const byZone = [...Map.groupBy(assessment.index, ({ zone }) => zone)];
  return listed(
    frame,
    byZone
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([zone, entries]) => {
        const times = entries.map(({ at }) => at).toSorted();
        const [from = '', to = from] = [times[0], times.at(-1)];
        return named(frame, methodTexts.placeText, { zone, from: clock(from), to: clock(to), items: entries.length });
      }),
  );
}

function programs(frame: Frame): string[] {
  const { assessment, language } = frame;
  const { evidence, tool, exhibits } = assessment;
  const separator = language === 'zh' ? '、' : ', ';
  const unique = (names: readonly string[]): string => [...new Set(names)].toSorted().join(separator);
  const contacts = unique(evidence.contacts.map(({ by }) => by));
  const scans = unique(exhibits?.map.places.flatMap(({ scan }) => scan?.method ?? []) ?? []);
  const line = (text: Text, data: TextData): string => named(frame, text, data);
  return [
    ...(evidence.tool ? [line(methodTexts.collectedBy, { tool: nameOf(evidence.tool) })] : []),
    line(methodTexts.assessedBy, { tool: nameOf(tool) }),
    ...(contacts === '' ? [] : [line(methodTexts.contactedBy, { programs: contacts })]),
    ...(scans === '' ? [] : [line(methodTexts.scannedBy, { programs: scans })]),
  ];
}

function nameOf({ name, version }: Assessment['tool']): string {
  return `${name} ${version}`;
}

function files({ assessment: { profile } }: Frame): string[] {
  return (profile.files ?? []).map(({ name, sha256 }) => shown(`${name}  SHA-256 ${sha256}`));
}

function stricter({ assessment: { requirements }, say }: Frame): string[] {
  const count = requirements.filter(({ tightened }) => tightened).length;
  return count > 0 ? [say(methodTexts.tightened, { count })] : [];
}

function network(frame: Frame): string[] {
  const { assessment, say } = frame;
  const addresses = [...new Set(assessment.evidence.contacts.map(({ address }) => address))];
  const six = addresses.filter((address) => address.includes(':')).length;
  const scans = (assessment.exhibits?.map.places ?? []).flatMap(({ address, scan }) =>
    scan?.ports === undefined ? [] : [scanLine(frame, address, { ...scan, ports: scan.ports })],
  );
  return [
    ...(addresses.length > 0 ? [say(methodTexts.families, { four: addresses.length - six, six })] : []),
    ...scanLines(frame, scans),
  ];
}

// Exhibits keep only some scans, and of an older assessment, or of scans too old to count, none.
function scanLines(frame: Frame, scans: readonly string[]): string[] {
  const { assessment, say } = frame;
  const count = assessment.index.filter(({ kind, unobserved }) => kind === 'openPorts' && !unobserved).length;
  if (scans.length > 0) return [...listed(frame, scans, count), say(methodTexts.noUdp)];
  return count > 0 ? [say(methodTexts.scansInIndex, { count }), say(methodTexts.noUdp)] : [say(methodTexts.noScan)];
}

type Scan = { readonly zone: string; readonly ports: string; readonly loopback: boolean; readonly complete: boolean };

function scanLine(frame: Frame, address: string, { zone, ports, loopback, complete }: Scan): string {
  const { language } = frame;
  const rest = `${complete ? '' : methodTexts.short[language]}${loopback ? methodTexts.overLoopback[language] : ''}`;
  return named(frame, methodTexts.scan, { address, ports: ports.replaceAll(',', ', '), zone, rest });
}

function age({ assessment: { profile }, say }: Frame): string[] {
  const { maxAge } = profile;
  return maxAge ? [say(methodTexts.ageText, { months: maxAge.months, days: maxAge.ledgerDays })] : [];
}

function unseen(frame: Frame): string[] {
  const { assessment, language, say } = frame;
  const byReason = Map.groupBy(assessment.index, ({ unobserved }) => unobserved?.reason);
  const lines = Object.entries(reasons).flatMap(([reason, title]) => {
    const own = [...byReason].find(([each]) => each === reason)?.[1] ?? [];
    if (own.length === 0) return [];
    const kinds = [...new Set(own.map(({ kindTitle }) => kindTitle[language]))];
    return say(methodTexts.unseenText, {
      reason: title,
      count: own.length,
      kinds: kinds.join(language === 'zh' ? '、' : ', '),
    });
  });
  const { missing = [], uncollected } = assessment.evidence;
  const parts = listed(frame, missing).join(' ');
  const all = [
    ...lines,
    ...absent(frame),
    ...(missing.length > 0 ? [named(frame, methodTexts.missing, { parts })] : []),
  ];
  // An older assessment does not say what was never collected.
  return all.length === 0 && uncollected ? [say(methodTexts.nothingUnseen)] : all;
}

function absent({ assessment: { evidence }, language, say }: Frame): string[] {
  const all = evidence.uncollected ?? [];
  const list = (names: readonly string[]): string => names.join(language === 'zh' ? '、' : ', ');
  const wanting = all
    .filter(({ declared }) => declared > 0)
    .map(({ title, declared, missing }) => say(methodTexts.ofSome, { kind: title, declared, missing }));
  const undeclared = all.filter(({ declared }) => declared === 0).map(({ title }) => say(title));
  return [
    ...(wanting.length > 0 ? [say(methodTexts.notCollected, { kinds: list(wanting) })] : []),
    ...(undeclared.length > 0 ? [say(methodTexts.notDeclared, { kinds: list(undeclared) })] : []),
  ];
}

function listed({ say }: Frame, lines: readonly string[], all = 0): string[] {
  const count = Math.max(lines.length, all);
  if (count <= mostListed) return [...lines];
  return [...lines.slice(0, mostListed), say(methodTexts.more, { count })];
}

// A name from outside may be of any length.
function named({ language, say }: Frame, text: Text, data: TextData): string {
  const short = Object.entries(data).map(([key, value]) => [
    key,
    typeof value === 'string' ? shortened(value, longestName, language) : value,
  ]);
  return say(text, Object.fromEntries(short));
}
