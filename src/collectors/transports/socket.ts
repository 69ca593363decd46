import type { Duplex } from 'node:stream';
import { connect, createSecureContext, getCACertificates, type SecureContext, type TLSSocket } from 'node:tls';
import { codeOf, messageOf } from '../../errors.ts';
import { type Answer, type Line, listen, open, overStream } from './line.ts';

/** Milliseconds that a TLS 1.3 server gets to object to a missing client certificate; it does so after the handshake. */
const objectionTime = 300;

/** What a completed handshake agreed on. */
export type Agreement = {
  /** IANA name. */
  readonly suite: string;
  readonly group?: string;
  readonly alpn?: string;
  /** DER; as far as it hangs together by issuers. */
  readonly chain: readonly Buffer[];
  /** OpenSSL's verification code; absent when the chain leads to an anchor. */
  readonly trustError?: string;
};

/** A TLS connection that was tried. */
export type Handshake = Answer & { readonly agreed?: Agreement };

/** A version as Node names it. */
export type NodeVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** One version, whose chain comes back just as sent; or any version, and whether the chain leads to an anchor. */
export type HandshakeOptions =
  | { readonly version: NodeVersion }
  | { readonly anchors: Anchors; readonly alpn?: readonly string[] };

/** Certificate authorities to trust, prepared once. */
export type Anchors = { readonly context: SecureContext };

// Everything that OpenSSL has: what is weak is to be found, not avoided.
const ciphers = 'ALL:COMPLEMENTOFALL:@SECLEVEL=0';

let publicAnchors: Anchors | undefined;

/** Mozilla's list as Node carries it: the same on every machine. */
export function publicAuthorities(): Anchors {
  publicAnchors ??= { context: contextOf(getCACertificates('bundled'), false) };
  return publicAnchors;
}

/** The given certificates (PEM) and nothing else; each is an anchor, self-signed or not. */
export function onlyAuthorities(certificates: readonly string[]): Anchors {
  return { context: contextOf(certificates, true) };
}

/** Makes one TLS handshake and hangs up. */
export async function handshake(line: Line, options: HandshakeOptions): Promise<Handshake> {
  const socket = await open(line);
  if ('ending' in socket) return socket;
  return new Promise((resolve) => {
    let agreed: Agreement | undefined;
    let secure: TLSSocket | undefined;
    const ear = listen(socket, (ending, detail) => {
      secure?.destroy();
      socket.destroy();
      resolve({ heard: ear.heard(), ending, detail, ...(agreed ? { agreed } : {}) });
    });
    secure = secured(overStream(socket), line, options);
    // The library's own objection: an alert, bytes it cannot read. What the connection did is heard from the socket itself.
    secure.on('error', (error) => {
      if (codeOf(error) !== 'ECONNRESET') ear.end('done', codeOf(error) ?? messageOf(error));
    });
    // A ticket comes when the server is content with the client's certificate, or the lack of it.
    secure.on('session', () => {
      if (agreed) ear.end('done');
    });
    secure.on('secureConnect', () => {
      if (secure) agreed = agreementOf(secure, options);
      if (!('version' in options) || options.version !== 'TLSv1.3') ear.end('done');
      else setTimeout(() => ear.end('done'), objectionTime).unref();
    });
  });
}

function secured(stream: Duplex, { serverName }: Line, options: HandshakeOptions): TLSSocket {
  return connect({
    socket: stream,
    ...('version' in options
      ? { ca: [], ciphers, minVersion: options.version, maxVersion: options.version }
      : { secureContext: options.anchors.context, ...(options.alpn ? { ALPNProtocols: [...options.alpn] } : {}) }),
    rejectUnauthorized: false,
    // The name is judged by itself; only the chain counts here.
    checkServerIdentity: () => undefined,
    ...(serverName ? { servername: serverName } : {}),
  });
}

function contextOf(ca: readonly string[], allowPartialTrustChain: boolean): SecureContext {
  return createSecureContext({
    ca: [...ca],
    ciphers,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.3',
    allowPartialTrustChain,
  });
}

function agreementOf(secure: TLSSocket, options: HandshakeOptions): Agreement {
  const chain: Buffer[] = [];
  for (let each = secure.getPeerX509Certificate(); each && chain.length < 10; each = each.issuerCertificate)
    chain.push(each.raw);
  const error = 'anchors' in options && secure.authorizationError;
  return {
    suite: secure.getCipher().standardName,
    ...groupOf(secure),
    ...(secure.alpnProtocol ? { alpn: secure.alpnProtocol } : {}),
    chain,
    ...(error ? { trustError: codeOf(error) ?? String(error) } : {}),
  };
}

// {} without an ephemeral key exchange; a finite field has a size and no name.
function groupOf(secure: TLSSocket): { group?: string } {
  const info = secure.getEphemeralKeyInfo() ?? {};
  if ('name' in info && typeof info.name === 'string') return { group: info.name };
  return 'size' in info && typeof info.size === 'number' ? { group: `DH ${info.size}` } : {};
}
