import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterAll, describe, expect, test } from 'vitest';
import { withSession } from '../../../src/collectors/transports/database.ts';
import { createMint } from '../../support/certificates.ts';
import { platformOf, toolsFor } from '../../support/tools.ts';

const mint = createMint();
const issued = mint.issue('localhost', undefined);
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const scramble = Buffer.from('abcdefghijklmnopqrst');

afterAll(() => mint.remove());

const packet = (order: number, ...parts: (Buffer | string | number[])[]): Buffer => {
  const payload = Buffer.concat(parts.map((part) => Buffer.from(part as Buffer)));
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head.writeUInt8(order, 3);
  return Buffer.concat([head, payload]);
};

// Protocol::HandshakeV10; 0x0200 4.1, 0x0800 TLS, 0x8000 secure connection, 0x08 plug-ins (MySQL’s internals manual).
const greeting = packet(
  0,
  ...[[10], '8.0.36\0', [1, 0, 0, 0], scramble.subarray(0, 8), [0], [0x09, 0x8a], [45], [2, 0], [0x08, 0], [21]],
  ...[Buffer.alloc(10), scramble.subarray(8), [0], 'caching_sha2_password\0'],
);

/** What a server that anybody could be learns of the password, when it asks for it by one of its methods. */
async function learned(
  tls: 'none' | 'unverified',
  method: 'caching_sha2_password' | 'sha256_password',
): Promise<string> {
  const heard: string[] = [];
  const talk = (socket: Socket, first: number): void => {
    let order = first;
    const say = (...parts: (Buffer | string | number[])[]): void => void socket.write(packet(order, ...parts));
    socket.on('error', () => {});
    socket.on('data', (data: Buffer) => {
      const payload = data.subarray(4);
      order = data.readUInt8(3) + 1;
      heard.push(payload.toString('latin1'));
      if (heard.length === 1) say([0xfe], `${method}\0`, scramble, [0]);
      else if (payload.equals(Buffer.of(2)) || payload.equals(Buffer.of(1)))
        say([1], keys.publicKey.export({ type: 'spki', format: 'pem' }));
      else if (payload.length === 256) heard.push(decrypted(payload));
      else if (heard.length < 4) say([1, 4]);
    });
  };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write(greeting);
    if (tls === 'none') talk(socket, 2);
    // Protocol::SSLRequest, 36 bytes.
    else
      socket.once('readable', () => {
        socket.read(36);
        talk(new TLSSocket(socket, { isServer: true, cert: issued.cert, key: issued.key }), 3);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const store = {
    ...{ name: 'store', engine: 'mysql', address: '127.0.0.1', database: 'trade', user: 'auditor', tls },
    port: typeof address === 'object' ? address?.port : undefined,
    password: { env: 'SECRET' },
    tables: [{ name: 'invoices', holds: 'invoices', time: 'at' }],
  };
  const platform = platformOf({ stores: [store] }, '/');
  const [declared] = platform.stores;
  if (declared?.engine !== 'mysql' || !('address' in declared)) throw new Error('not declared');
  const tools = toolsFor(platform, new AbortController().signal, async () => 'canary');
  await expect(withSession(declared, tools, async () => 'opened')).rejects.toMatchObject({
    message: expect.stringMatching(/asks for the password itself/),
  });
  server.close();
  return heard.join('\n');
}

function decrypted(payload: Buffer): string {
  const text = privateDecrypt(
    { key: keys.privateKey, oaepHash: 'sha1', padding: constants.RSA_PKCS1_OAEP_PADDING },
    payload,
  );
  return Buffer.from(text.map((byte, index) => byte ^ (scramble[index % scramble.length] ?? 0))).toString('latin1');
}

describe.each(['none', 'unverified'] as const)('TLS %s', (tls) => {
  test.each(['caching_sha2_password', 'sha256_password'] as const)('%s does not get the password', async (method) => {
    const heard = await learned(tls, method);
    expect(heard).toMatch(/auditor/);
    expect(heard).not.toMatch(/canary/);
  });
});
