import { z } from 'zod';
import type { Evidence } from '../../../checks/check.ts';
import type { PlatformDeclaration } from '../../evidence/filed/platform.ts';
import { heardOn, type OpenPorts, stateOfPort } from '../../evidence/network/open-ports.ts';
import { type TlsVersion, tlsVersions } from '../../evidence/network/tls.ts';
import type { Seen } from '../../evidence/observation.ts';
import { endpointName, isSameAddress } from '../../evidence/subjects.ts';

const port = z.strictObject({
  port: z.int().min(1).max(65_535),
  declared: z.boolean(),
  /** `unknown`: nobody scanned it, or it could not be told. */
  state: z.enum(['open', 'closed', 'filtered', 'unknown']),
  /** What answered, or what it is declared as. */
  service: z.string().optional(),
  /** The service is what the port's number suggests: nothing was heard. */
  guessed: z.literal(true).optional(),
  /** The versions of TLS that it offers. */
  tls: z.array(z.enum(tlsVersions)).optional(),
});

const place = z.strictObject({
  address: z.string(),
  /** Declared hosts that have it. */
  hosts: z.array(z.string()),
  /** What the scan saw, if there was one: from where, and whether it ever left the machine. */
  scan: z
    .strictObject({
      zone: z.string(),
      loopback: z.boolean(),
      complete: z.boolean(),
      filtered: z.int().nonnegative(),
      /** The ports that were asked for: `1-65535`. */
      ports: z.string().optional(),
      /** `nmap 7.93 -sS`, `connect`, … */
      method: z.string().optional(),
    })
    .optional(),
  ports: z.array(port),
  /** More ports than are kept here. */
  morePorts: z.int().positive().optional(),
  cites: z.array(z.string()),
});

/** Addresses with their ports, as declared and as found from one place: those with something undeclared first. */
export const mapSchema = z.strictObject({ places: z.array(place), more: z.int().nonnegative() });

export type PortMap = z.output<typeof mapSchema>;
export type Place = PortMap['places'][number];
export type PlacePort = Place['ports'][number];

const mostPlaces = 60;
const mostPorts = 24;

/** Every declared address that takes connections, with the ports found there beside those declared. */
export function mapIn(seen: Evidence<'platform' | 'openPorts' | 'tls'>): PortMap {
  const declared = seen.platform[0]?.value;
  if (!declared) return { places: [], more: 0 };
  const addresses = [
    ...new Set([
      ...declared.endpoints.filter(({ direction }) => direction === 'inbound').map(({ address }) => address),
      ...seen.openPorts.map(({ subject }) => subject),
    ]),
  ];
  const places = addresses.flatMap((address) => placesOf(address, declared, seen)).toSorted(byOddness);
  return {
    places: places.slice(0, mostPlaces).map(({ place: kept }) => kept),
    more: Math.max(0, places.length - mostPlaces),
  };
}

/** An address as seen from one place, with its ports before any are left out. */
type Looked = { readonly place: Place; readonly ports: readonly PlacePort[] };

// Seen from two places, inside a firewall and outside, an address looks different: each look stands for itself.
function placesOf(
  address: string,
  declared: PlatformDeclaration,
  { openPorts, tls }: Evidence<'openPorts' | 'tls'>,
): Looked[] {
  const scans = openPorts.filter(({ subject }) => subject === address);
  if (scans.length < 2) return [placeOf(address, declared, scans[0], tls)];
  return scans.map((scan) =>
    placeOf(
      address,
      declared,
      scan,
      tls.filter(({ zone }) => zone === scan.zone),
    ),
  );
}

function placeOf(
  address: string,
  declared: PlatformDeclaration,
  scan: Seen<OpenPorts> | undefined,
  tls: Evidence<'tls'>['tls'],
): Looked {
  const filed = declared.endpoints.filter((each) => each.direction === 'inbound' && each.address === address);
  const services = tls.filter(({ subject }) => filed.some((each) => endpointName(each) === subject));
  const found = scan?.value.open.map(({ port: number }) => number) ?? [];
  const numbers = [...new Set([...filed.map(({ port: number }) => number), ...found])].toSorted((a, b) => a - b);
  const all = numbers.map((number) => portOf(number, filed, scan, services)).toSorted(undeclaredFirst);
  const resolved = scan?.value.address ?? address;
  const hosts = declared.hosts.filter((host) => host.addresses.some((each) => isSameAddress(each, resolved)));
  const kept: Place = {
    address,
    hosts: hosts.map(({ name }) => name),
    ...(scan ? { scan: scanOf(scan) } : {}),
    ports: all.slice(0, mostPorts),
    ...(all.length > mostPorts ? { morePorts: all.length - mostPorts } : {}),
    cites: [...(scan ? [scan.id] : []), ...services.map(({ id }) => id)],
  };
  return { place: kept, ports: all };
}

function scanOf({ zone, value }: Seen<OpenPorts>): NonNullable<Place['scan']> {
  const { loopback, complete, counts, scanned, version } = value;
  const method = version ? value.method.replace(' ', ` ${version} `) : value.method;
  return { zone, loopback, complete, filtered: counts.filtered, ports: scanned, method };
}

function portOf(
  number: number,
  filed: PlatformDeclaration['endpoints'],
  scan: Seen<OpenPorts> | undefined,
  services: Evidence<'tls'>['tls'],
): PlacePort {
  const endpoint = filed.find((each) => each.port === number);
  const answer = scan?.value.open.find((each) => each.port === number);
  const service = answer?.service ?? endpoint?.protocol;
  const offered = endpoint && services.find(({ subject }) => subject === endpointName(endpoint))?.value;
  const versions = offered?.speaksTls
    ? offered.versions.flatMap(({ state, version }) => (state === 'offered' ? [version] : []))
    : undefined;
  // Who shook hands was there, whatever a scan made of it.
  const state = versions?.length ? 'open' : ((scan && stateOfPort(scan.value, number)) ?? 'unknown');
  return {
    port: number,
    declared: endpoint !== undefined,
    state,
    ...(service ? { service } : {}),
    ...(answer?.service && heardOn(answer) === undefined ? { guessed: true as const } : {}),
    ...(versions ? { tls: versions satisfies TlsVersion[] } : {}),
  };
}

// Open though undeclared, then declared and not found open, then what is as it should be.
function oddnessOf({ declared, state }: PlacePort): 0 | 1 | 2 {
  if (!declared) return state === 'open' ? 2 : 0;
  return state === 'open' ? 0 : 1;
}

function undeclaredFirst(one: PlacePort, other: PlacePort): number {
  return oddnessOf(other) - oddnessOf(one) || one.port - other.port;
}

function byOddness(one: Looked, other: Looked): number {
  const count = ({ ports }: Looked, oddness: number): number =>
    ports.filter((each) => oddnessOf(each) === oddness).length;
  const key = ({ place: { address, scan } }: Looked): string => `${address}\n${scan?.zone ?? ''}`;
  return count(other, 2) - count(one, 2) || count(other, 1) - count(one, 1) || (key(one) < key(other) ? -1 : 1);
}
