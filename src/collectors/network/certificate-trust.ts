import { readFile, stat } from 'node:fs/promises';
import { codeOf } from '../../errors.ts';
import type { ShownCertificate, TlsVersion } from '../../evidence/network/tls.ts';
import { type DeclaredEndpoint, type Platform, pathFrom } from '../../platform.ts';
import { said } from '../../text.ts';
import { type Anchors, onlyAuthorities, publicAuthorities } from '../transports/anchors.ts';
import type { Line } from '../transports/line.ts';
import { type Handshake, handshake } from '../transports/socket.ts';
import { authoritiesIn, readChain } from './certificate.ts';

/** Certificates (DER) as a server of that version sent them. */
export type Chain = { readonly version: TlsVersion; readonly ders: readonly Buffer[] };

/** Whom is asked, and what its chain must lead to. */
export type Asking = {
  readonly line: Line;
  readonly endpoint: DeclaredEndpoint;
  readonly anchors: Anchors | { readonly problem: string };
};

/** Whether a chain leads to an anchor. */
export type Trust = ShownCertificate['trust'];

/** Why a chain of SM2 is not verified. */
export const sm2Unverified = said({
  zh: '证书链使用国密 SM2 签名，本工具不能验证，须另行核验',
  en: 'the chain is signed with SM2, which this tool cannot verify; it must be examined by other means',
});

/** Trust that was not verified, with the reason. */
export function unobserved(detail: string): Trust {
  return { state: 'unobserved', detail };
}

// OpenSSL names what it cannot do with SM2 as a fault of the chain.
function needsSm2(ders: readonly Buffer[]): boolean {
  return readChain(ders).some(({ key, signature }) => key.type === 'sm2' || signature.hash === 'sm3');
}

/** Whether what most clients are shown leads to an anchor, and the application protocol that was agreed on. */
export async function mainTrust(
  { line, endpoint, anchors }: Asking,
  chain: Chain,
): Promise<{ trust: Trust; alpn?: string }> {
  if (chain.version === 'TLCPv1.1') return { trust: unobserved(sm2Unverified) };
  if ('problem' in anchors) return { trust: unobserved(anchors.problem) };
  const isHttps = endpoint.protocol === 'https' && !endpoint.startTls;
  const asked = isHttps ? await handshake(line, { anchors, alpn: ['h2', 'http/1.1'] }) : undefined;
  // A server that knows neither protocol hangs up (RFC 7301, 3.2).
  const made = asked?.agreed ? asked : await handshake(line, { anchors });
  const alpn = made.agreed?.alpn;
  return { trust: trustFrom(made, endpoint, chain), ...(alpn ? { alpn } : {}) };
}

/** What a handshake says of the chain that was shown before. */
export function trustFrom({ agreed, detail }: Handshake, { authority }: DeclaredEndpoint, { ders }: Chain): Trust {
  const [leaf] = ders;
  if (needsSm2(ders)) return unobserved(sm2Unverified);
  if (!agreed || !leaf) return unobserved(detail || 'the handshake was not completed');
  if (!agreed.chain[0]?.equals(leaf)) return unobserved('the server showed another certificate the second time');
  const anchors = authority === undefined ? 'public' : 'declared';
  return agreed.trustError ? { state: 'untrusted', anchors, error: agreed.trustError } : { state: 'trusted', anchors };
}

/** Largest file of private authorities, bytes. */
const largestAuthority = 1024 * 1024;

/** The authorities that count for an endpoint: those that the unit declares, else the public ones. */
export async function anchorsFor(
  { authority }: DeclaredEndpoint,
  platform: Platform,
): Promise<Anchors | { readonly problem: string }> {
  if (authority === undefined) return publicAuthorities();
  const file = pathFrom(platform, authority);
  try {
    if ((await stat(file)).size > largestAuthority) return { problem: `${authority}: too large` };
    const certificates = authoritiesIn(await readFile(file));
    return certificates.length > 0 ? onlyAuthorities(certificates) : { problem: `${authority}: no certificate in it` };
  } catch (error) {
    return { problem: `${authority}: ${codeOf(error) ?? 'not readable'}` };
  }
}
