import { suiteName, suiteProperties } from '../../evidence/network/cipher-suites.ts';
import type { TlsGroups, TlsVersion } from '../../evidence/network/tls.ts';
import { groupName, tlsGroups } from '../../evidence/network/tls-groups.ts';
import type { Line } from '../transports/line.ts';
import { ask, type Reply } from './tls-reply.ts';

const all = [...tlsGroups.keys()];
// Elliptic curves and finite fields that TLS 1.3 has code points for; those below 256 that RFC 8446 dropped are left out.
const modern = all.filter((group) => group >= 23 && ![26, 27, 28].includes(group));
const finiteFields = all.filter((group) => group >= 256 && group <= 260);
/** Elliptic curves as TLS 1.2 knows them. */
const curves = all.filter((group) => group <= 41 && ![31, 32, 33].includes(group));

/** Those that servers have as libraries come; each is asked for alone, and the others together. */
const usual = new Set([...finiteFields, 23, 24, 25, 29, 30, 4588]);

/** The groups of TLS 1.3, told by HelloRetryRequest (RFC 8446, 4.1.4): it costs the server no key exchange. */
export function modernGroups(line: Line, suites: readonly number[]): Promise<TlsGroups> {
  return collect(modern, async (groups) => groupIn(await ask(line, 'TLSv1.3', suites, { groups })));
}

/**
 * The curves that a version before TLS 1.3 signs with in its ServerKeyExchange. A server with an ECDSA certificate needs the
 * certificate's own curve beside the one that is asked about, and may prefer it: then the answer is not complete.
 */
export async function olderGroups(
  line: Line,
  version: TlsVersion,
  accepted: readonly number[],
  certificateCurve: string | undefined,
): Promise<TlsGroups | undefined> {
  const ephemeral = accepted.filter((suite) => exchangeOf(suite) === 'ECDHE' && !isAnonymous(suite));
  const byRsa = ephemeral.filter((suite) => !suiteName(suite).includes('ECDSA'));
  if (ephemeral.length === 0) return undefined;
  const own = byRsa.length > 0 ? undefined : curveNumbers.get(certificateCurve ?? '');
  const suites = byRsa.length > 0 ? byRsa : ephemeral;
  return collect(
    curves,
    async (groups) => {
      const asked = own === undefined ? groups : [...groups.filter((group) => group !== own), own];
      return groupIn(await ask(line, version, suites, { groups: asked, wholeFlight: true }));
    },
    own,
  );
}

/** The prime of a Diffie-Hellman exchange, asked for without the groups of RFC 7919, as most clients do. */
export async function primeBits(
  line: Line,
  version: TlsVersion,
  accepted: readonly number[],
): Promise<number | undefined> {
  const suites = accepted.filter((suite) => exchangeOf(suite) === 'DHE' && !suiteName(suite).includes('EXPORT'));
  if (suites.length === 0) return undefined;
  const groups = all.filter((group) => !finiteFields.includes(group));
  const reply = await ask(line, version, suites, { groups, wholeFlight: true });
  return reply.kind === 'chosen' ? reply.flight.keyExchange?.dhBits : undefined;
}

const curveNumbers = new Map([
  ['prime256v1', 23],
  ['secp384r1', 24],
  ['secp521r1', 25],
  ['secp256k1', 22],
  ['brainpoolP256r1', 26],
  ['brainpoolP384r1', 27],
  ['brainpoolP512r1', 28],
  ['SM2', 41],
]);

function groupIn(reply: Reply): number | undefined | 'gap' {
  if (reply.kind === 'dropped') return 'gap';
  if (reply.kind !== 'chosen') return undefined;
  return reply.hello.group ?? reply.flight.keyExchange?.group;
}

// A list loses the group that is chosen, until none is left that the server takes; `own` stands in every list.
async function collect(
  groups: readonly number[],
  choose: (groups: readonly number[]) => Promise<number | undefined | 'gap'>,
  own?: number,
): Promise<TlsGroups> {
  const accepted = new Set<number>();
  let complete = true;
  const lists = [
    ...groups.filter((group) => usual.has(group)).map((group) => [group]),
    groups.filter((group) => !usual.has(group)),
  ];
  await Promise.all(
    lists.map(async (list) => {
      let open = list;
      while (open.length > 0 && complete) {
        const group = await choose(open);
        if (group === undefined) return;
        if (group === 'gap' || (group !== own && !open.includes(group))) {
          complete = false;
          return;
        }
        accepted.add(group);
        // The certificate's curve was preferred to all that are left, or none of them is known: it cannot be told which.
        if (group === own && open.some((each) => each !== own)) complete = false;
        if (group === own) return;
        open = open.filter((each) => each !== group);
      }
    }),
  );
  return { accepted: groups.filter((group) => accepted.has(group)).map(groupName), complete };
}

function exchangeOf(suite: number): string | undefined {
  return suiteProperties(suiteName(suite))?.keyExchange;
}

function isAnonymous(suite: number): boolean {
  return suiteName(suite).includes('_anon_');
}
