import type { TlsExtensions, TlsVersion, TlsVersionState } from '../../evidence/network/tls.ts';
import type { Line } from '../transports/line.ts';
import { askedSuites, sliced } from './asked-suites.ts';
import { readChain } from './certificate.ts';
import { askExtensions, askFallback, type Fallback } from './tls-extensions.ts';
import { modernGroups, olderGroups, primeBits } from './tls-groups.ts';
import { type Survey, type Surveying, suitesOf, surveySuites } from './tls-suites.ts';
import { chainOf, type Probe, type Probing } from './tls-versions.ts';

/** What is added to the state of an offered version. */
type Details = Pick<Extract<TlsVersionState, { state: 'offered' }>, 'suites' | 'groups' | 'dhBits'>;

/** Versions and suites, or groups and extensions as well. */
export type Extent = 'everything' | 'suites';

/** Everything that is asked about the versions that are offered. */
export type Surveyed = {
  readonly versions: ReadonlyMap<TlsVersion, Details>;
  readonly extensions?: TlsExtensions;
  readonly fallback?: Fallback;
  /** For the raw text: hellos sent for each version. */
  readonly log: string;
};

const beforeTls13 = ['TLSv1.2', 'TLSv1.1', 'TLSv1.0', 'SSLv3'] as const;

type ClassicVersion = (typeof beforeTls13)[number];

/** What is known so far of one endpoint. */
type Notes = {
  readonly line: Line;
  readonly extent: Extent;
  /** The probe of a version, once it is there, if the version is offered. */
  offered(version: TlsVersion): Promise<Probe | undefined>;
  /** Begun before it was known whether the version is offered. */
  readonly begun: ReadonlyMap<TlsVersion, Begun>;
  readonly surveys: Map<TlsVersion, Survey>;
  readonly details: Map<TlsVersion, Details>;
};

/**
 * Asks each offered version for its suites, then for groups and extensions. The probes come one by one, so that the newest
 * version need not wait for the others. Once a survey met silence, nothing more is begun.
 */
export async function survey({ line, probes }: Probing, extent: Extent = 'everything'): Promise<Surveyed> {
  const notes: Notes = {
    line,
    extent,
    async offered(version) {
      const probe = await probes.get(version);
      return probe?.result.state === 'offered' ? probe : undefined;
    },
    begun: new Map(usualVersions.map((version) => [version, begin(line, version)])),
    surveys: new Map(),
    details: new Map(),
  };
  try {
    const [{ extensions, fallback } = {}] = await Promise.all([
      surveyClassic(notes),
      surveyModern(notes),
      surveySsl2(notes),
      surveyTlcp(notes),
    ]);
    return {
      versions: notes.details,
      ...(extensions ? { extensions } : {}),
      ...(fallback ? { fallback } : {}),
      log: [...notes.surveys]
        .map(([version, { hellos }]) => `${version}: ${hellos} hellos for suites`)
        .toSorted()
        .join('\n'),
    };
  } finally {
    // What was in vain ends here, before anybody takes the endpoint for done.
    await Promise.all([...notes.begun.values()].map(({ cancel }) => cancel()));
  }
}

// Nearly every server offers these: to wait for the answer would cost more than the hellos that are in vain elsewhere.
const usualVersions = ['TLSv1.3', 'TLSv1.2'] as const;

type Begun = Surveying & { cancel(): Promise<unknown> };

function begin(line: Line, version: TlsVersion): Begun {
  const end = new AbortController();
  const begun = surveySuites({ ...line, signal: AbortSignal.any([line.signal, end.signal]) }, version);
  const settled = Promise.allSettled([begun.found, begun.whole]);
  return {
    ...begun,
    cancel() {
      end.abort();
      return settled;
    },
  };
}

async function surveyModern(notes: Notes): Promise<void> {
  if (!(await notes.offered('TLSv1.3'))) return;
  // Any suite will do to ask for groups: which ones are accepted need not be known.
  const [{ gap }, groups] = await Promise.all([
    suitesIn(notes, 'TLSv1.3').whole,
    notes.extent === 'everything' ? modernGroups(notes.line, askedSuites('TLSv1.3')) : undefined,
  ]);
  if (groups && !gap) add(notes, 'TLSv1.3', { groups });
}

type ClassicFacts = Pick<Surveyed, 'extensions' | 'fallback'>;

// The newest version first: what it accepts foretells the answers of the others, whose probes may still be under way.
async function surveyClassic(notes: Notes): Promise<ClassicFacts | undefined> {
  const [version, probe] = await newestOf(notes, beforeTls13);
  if (!version || !probe) return undefined;
  const { found, whole } = suitesIn(notes, version);
  const known = await found;
  const older = beforeTls13.slice(beforeTls13.indexOf(version) + 1);
  const [extensions, fallback] = await Promise.all([
    surveyNewest(notes, version, probe, known),
    fallbackOf(notes, version, older, known),
    whole,
    ...older.map((each) => surveyOlder(notes, each, known)),
  ]);
  return { ...(extensions ? { extensions } : {}), ...(fallback ? { fallback } : {}) };
}

async function newestOf(
  { offered }: Notes,
  versions: readonly ClassicVersion[],
): Promise<[ClassicVersion, Probe] | [undefined, undefined]> {
  for (const version of versions) {
    const probe = await offered(version);
    if (probe) return [version, probe];
  }
  return [undefined, undefined];
}

async function surveyOlder(notes: Notes, version: TlsVersion, known: Survey): Promise<void> {
  if (!(await notes.offered(version))) return;
  const { accepted } = await suitesIn(notes, version, known).whole;
  const isEnough = notes.extent === 'suites' || isSilent(notes);
  const dhBits = isEnough ? undefined : await primeBits(notes.line, version, accepted);
  if (dhBits) add(notes, version, { dhBits });
}

async function surveyNewest(
  notes: Notes,
  version: TlsVersion,
  probe: Probe,
  { accepted, gap }: Survey,
): Promise<TlsExtensions | undefined> {
  if (accepted.length === 0 || gap || notes.extent === 'suites') return undefined;
  const [leaf] = readChain(chainOf(probe));
  const [extensions, groups, dhBits] = await Promise.all([
    askExtensions(notes.line, version, sliced(accepted)[0] ?? []),
    olderGroups(notes.line, version, accepted, leaf?.key.curve),
    primeBits(notes.line, version, accepted),
  ]);
  add(notes, version, { ...(groups ? { groups } : {}), ...(dhBits ? { dhBits } : {}) });
  return extensions;
}

// The server names all kinds that both sides have, and the client chooses.
async function surveySsl2({ offered, details }: Notes): Promise<void> {
  const probe = await offered('SSLv2');
  if (!probe) return;
  const kinds = probe.flight.kind === 'tls' ? (probe.flight.hello?.kinds ?? []) : [];
  const accepted = askedSuites('SSLv2').filter((kind) => kinds.includes(kind));
  details.set('SSLv2', { suites: suitesOf({ accepted, order: 'client', hellos: 1 }) });
}

async function surveyTlcp(notes: Notes): Promise<void> {
  if (await notes.offered('TLCPv1.1')) await suitesIn(notes, 'TLCPv1.1').whole;
}

function suitesIn(notes: Notes, version: TlsVersion, newer?: Survey): Surveying {
  const { found, whole } =
    notes.begun.get(version) ??
    (newer?.gap?.reason === 'timed-out' || isSilent(notes) ? silence : surveySuites(notes.line, version, newer));
  return {
    found,
    whole: whole.then((survey) => {
      notes.surveys.set(version, survey);
      add(notes, version, { suites: suitesOf(survey) });
      return survey;
    }),
  };
}

function add({ details }: Notes, version: TlsVersion, more: Details): void {
  details.set(version, { ...details.get(version), ...more });
}

function isSilent({ surveys }: Notes): boolean {
  return [...surveys.values()].some(({ gap }) => gap?.reason === 'timed-out');
}

const silent: Survey = {
  accepted: [],
  order: 'unknown',
  gap: { reason: 'timed-out', detail: 'another version fell silent' },
  hellos: 0,
};
const silence: Surveying = { found: Promise.resolve(silent), whole: Promise.resolve(silent) };

// A version below the newest is asked for by a client that pretends to have fallen back to it.
async function fallbackOf(
  notes: Notes,
  newest: TlsVersion,
  older: readonly ClassicVersion[],
  { accepted, gap }: Survey,
): Promise<Fallback | undefined> {
  if (gap || accepted.length === 0 || notes.extent === 'suites') return undefined;
  const version = (await notes.offered('TLSv1.3')) ? newest : (await newestOf(notes, older))[0];
  return version && askFallback(notes.line, version, sliced(accepted, 100)[0] ?? []);
}
