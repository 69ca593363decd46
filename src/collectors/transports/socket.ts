import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { codeOf, messageOf } from '../../errors.ts';
import { type Anchors, ciphers, type KeyKind } from './anchors.ts';
import { type Answer, listen } from './ear.ts';
import { type EncryptedFlight, readEncryptedFlight } from './encrypted-flight.ts';
import { type Line, open, overStream } from './line.ts';

/** What a completed handshake agreed on. */
export type Agreement = {
  /** IANA name. */
  readonly suite: string;
  readonly group?: string;
  readonly alpn?: string;
  /** DER; as sent in TLS 1.3, else as far as it hangs together by issuers. */
  readonly chain: readonly Buffer[];
  /** OpenSSL's verification code; absent when the chain leads to an anchor. */
  readonly trustError?: string;
  /** TLS 1.3: what the server sent under encryption. */
  readonly encrypted?: EncryptedFlight;
};

/** A TLS connection that was tried. */
export type Handshake = Answer & {
  readonly agreed?: Agreement;
  /** A session ticket came (RFC 8446, 4.6.1; RFC 5077) before we hung up. */
  readonly ticket?: true;
};

/** A version as Node names it. */
export type NodeVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** One version, whose chain comes back just as sent; or any version, and whether the chain leads to an anchor. */
export type HandshakeOptions =
  | { readonly version: NodeVersion }
  | { readonly anchors: Anchors; readonly alpn?: readonly string[]; readonly only?: KeyKind };

/** Makes one TLS handshake and hangs up. */
export async function handshake(line: Line, options: HandshakeOptions): Promise<Handshake> {
  const socket = await open(line);
  if ('ending' in socket) return socket;
  return new Promise((resolve) => {
    let agreed: Agreement | undefined;
    let secret: Buffer | undefined;
    let ticket = false;
    const started = performance.now();
    const ear = listen(socket, (ending, detail) => {
      secure.destroy();
      socket.destroy();
      resolve({
        heard: ear.heard(),
        ending,
        detail,
        ...(agreed ? { agreed } : {}),
        ...(ticket ? { ticket } : {}),
      });
    });
    const secure = secured(overStream(socket), line, options);
    // The library's own objection: an alert, bytes it cannot read. What the connection did is heard from the socket itself.
    secure.on('error', (error) => {
      if (codeOf(error) !== 'ECONNRESET') ear.end('done', codeOf(error) ?? messageOf(error));
    });
    secure.on('keylog', (words: Buffer) => {
      secret ??= handshakeSecret(words);
    });
    // A ticket comes when the server is content with the client's certificate, or the lack of it.
    secure.on('session', () => {
      ticket = true;
      if (agreed) ear.end('done');
    });
    secure.on('secureConnect', () => {
      agreed = agreementOf(secure, options, ear.heard(), secret);
      const isLast = !('version' in options) || options.version !== 'TLSv1.3' || ticket;
      if (isLast) ear.end('done');
      else setTimeout(() => ear.end('done'), patience(performance.now() - started)).unref();
    });
  });
}

/**
 * Milliseconds for what a server of TLS 1.3 says after the handshake, a ticket or an objection to a missing client certificate:
 * it comes a round trip later, and the handshake took one at least.
 */
function patience(handshakeTook: number): number {
  return Math.min(2000, 20 + 2 * handshakeTook);
}

// The format of NSS: label, client random, secret.
function handshakeSecret(words: Buffer): Buffer | undefined {
  const hex = words.toString('latin1').match(/^SERVER_HANDSHAKE_TRAFFIC_SECRET \w+ (\w+)/)?.[1];
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

function secured(stream: Duplex, { serverName }: Line, options: HandshakeOptions): TLSSocket {
  return connect({
    socket: stream,
    ...('version' in options
      ? { ca: [], ciphers, minVersion: options.version, maxVersion: options.version, requestOCSP: true }
      : {
          secureContext: options.anchors.context(options.only),
          ...(options.alpn ? { ALPNProtocols: [...options.alpn] } : {}),
        }),
    rejectUnauthorized: false,
    // The name is judged by itself; only the chain counts here.
    checkServerIdentity: () => undefined,
    ...(serverName ? { servername: serverName } : {}),
  });
}

function agreementOf(
  secure: TLSSocket,
  options: HandshakeOptions,
  heard: Buffer,
  secret: Buffer | undefined,
): Agreement {
  const suite = secure.getCipher().standardName;
  const encrypted = secret && readEncryptedFlight(heard, suite, secret);
  const error = 'anchors' in options && secure.authorizationError;
  return {
    suite,
    ...groupOf(secure),
    ...(secure.alpnProtocol ? { alpn: secure.alpnProtocol } : {}),
    chain: encrypted && encrypted.certificates.length > 0 ? encrypted.certificates : chainOf(secure),
    ...(error ? { trustError: codeOf(error) ?? String(error) } : {}),
    ...(encrypted ? { encrypted } : {}),
  };
}

// A chain may lead back to itself.
function chainOf(secure: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  for (let each = secure.getPeerX509Certificate(); each && chain.length < 10; each = each.issuerCertificate)
    chain.push(each.raw);
  return chain;
}

// {} without an ephemeral key exchange; a finite field has a size and no name.
function groupOf(secure: TLSSocket): { group?: string } {
  const info = secure.getEphemeralKeyInfo() ?? {};
  if ('name' in info && typeof info.name === 'string') return { group: info.name };
  return 'size' in info && typeof info.size === 'number' ? { group: `DH ${info.size}` } : {};
}
