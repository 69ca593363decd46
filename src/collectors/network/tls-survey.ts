import type { TlsExtensions, TlsVersion, TlsVersionState } from '../../evidence/network/tls.ts';
import type { Line } from '../transports/line.ts';
import { askedSuites, sliced } from './asked-suites.ts';
import { readChain } from './certificate.ts';
import { askExtensions, askFallback, type Fallback } from './tls-extensions.ts';
import { modernGroups, olderGroups, primeBits } from './tls-groups.ts';
import { type Survey, suitesOf, surveySuites } from './tls-suites.ts';
import { chainOf, type Probe } from './tls-versions.ts';

/** What is added to the state of an offered version. */
type Details = Pick<Extract<TlsVersionState, { state: 'offered' }>, 'suites' | 'groups' | 'dhBits'>;

/** Everything that is asked about the versions that are offered. */
export type Surveyed = {
  readonly versions: ReadonlyMap<TlsVersion, Details>;
  readonly extensions?: TlsExtensions;
  readonly fallback?: Fallback;
  /** For the raw text: hellos sent for each version. */
  readonly log: string;
};

const beforeTls13 = ['TLSv1.2', 'TLSv1.1', 'TLSv1.0', 'SSLv3'] as const;

/** What is known so far of one endpoint. */
type Notes = {
  readonly line: Line;
  /** The probe of a version, once it is there, if the version is offered. */
  offered(version: TlsVersion): Promise<Probe | undefined>;
  readonly surveys: Map<TlsVersion, Survey>;
  readonly details: Map<TlsVersion, Details>;
};

/**
 * Asks each offered version for its suites, then for groups and extensions. The probes come one by one, so that the newest
 * version need not wait for the others. Once a survey met silence, nothing more is begun.
 */
export async function survey(line: Line, probes: ReadonlyMap<TlsVersion, Promise<Probe>>): Promise<Surveyed> {
  const notes: Notes = {
    line,
    async offered(version) {
      const probe = await probes.get(version);
      return probe?.result.state === 'offered' ? probe : undefined;
    },
    surveys: new Map(),
    details: new Map(),
  };
  const [extensions] = await Promise.all([
    surveyClassic(notes),
    surveyModern(notes),
    surveySsl2(notes),
    surveyTlcp(notes),
  ]);
  const fallback = isSilent(notes) ? undefined : await fallbackOf(notes);
  return {
    versions: notes.details,
    ...(extensions ? { extensions } : {}),
    ...(fallback ? { fallback } : {}),
    log: [...notes.surveys]
      .map(([version, { hellos }]) => `${version}: ${hellos} hellos for suites`)
      .toSorted()
      .join('\n'),
  };
}

async function surveyModern(notes: Notes): Promise<void> {
  if (!(await notes.offered('TLSv1.3'))) return;
  const { accepted, gap } = await suitesIn(notes, 'TLSv1.3');
  if (accepted.length > 0 && !gap) add(notes, 'TLSv1.3', { groups: await modernGroups(notes.line, accepted) });
}

// The newest version first: what it accepts foretells the answers of the others.
async function surveyClassic(notes: Notes): Promise<TlsExtensions | undefined> {
  const probes = await Promise.all(
    beforeTls13.map(async (version) => ({ version, probe: await notes.offered(version) })),
  );
  const [first, ...others] = probes.flatMap(({ version, probe }) => (probe ? [{ version, probe }] : []));
  if (!first) return undefined;
  const known = await suitesIn(notes, first.version);
  const [extensions] = await Promise.all([
    surveyNewest(notes, first.version, first.probe, known),
    ...others.map(async ({ version }) => {
      const { accepted } = await suitesIn(notes, version, known);
      const dhBits = isSilent(notes) ? undefined : await primeBits(notes.line, version, accepted);
      if (dhBits) add(notes, version, { dhBits });
    }),
  ]);
  return extensions;
}

async function surveyNewest(
  notes: Notes,
  version: TlsVersion,
  probe: Probe,
  { accepted, gap }: Survey,
): Promise<TlsExtensions | undefined> {
  if (accepted.length === 0 || gap) return undefined;
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
  if (await notes.offered('TLCPv1.1')) await suitesIn(notes, 'TLCPv1.1');
}

async function suitesIn(notes: Notes, version: TlsVersion, newer?: Survey): Promise<Survey> {
  const found = isSilent(notes) ? silent : await surveySuites(notes.line, version, newer);
  notes.surveys.set(version, found);
  add(notes, version, { suites: suitesOf(found) });
  return found;
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

// The second newest version is asked for by a client that pretends to have fallen back to it.
async function fallbackOf({ line, surveys }: Notes): Promise<Fallback | undefined> {
  const versions = (['TLSv1.3', ...beforeTls13] as const).filter((version) => surveys.get(version)?.accepted.length);
  const [, second] = versions;
  const accepted = second ? surveys.get(second)?.accepted : undefined;
  return second && accepted ? askFallback(line, second, sliced(accepted, 100)[0] ?? []) : undefined;
}
