import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createMint } from '../../support/certificates.ts';
import { certificateBody, message, records, serverHelloBody } from '../../support/flights.ts';
import { alert, createServers, helloIn, surveyed } from '../../support/tls-servers.ts';

const mint = createMint();
const rsa = new X509Certificate(readFileSync(mint.issue('rsa', undefined, { key: ['rsa:2048'] }).file)).raw;
const servers = createServers();
afterEach(() => servers.close());
afterAll(() => mint.remove());

test('a certificate for some clients that cannot be read is missing, not absent', async () => {
  const shown = new Map([
    [0xc02f, rsa],
    [0xc02b, Buffer.alloc(300, 0x30)],
  ]);
  const port = await servers.raw((socket, bytes) => {
    const { version, suites } = helloIn(bytes);
    const [suite, der] = [...shown].find(([each]) => suites.includes(each)) ?? [];
    if (version < 0x0303) return socket.end(alert(70));
    if (suite === undefined || der === undefined) return socket.end(alert(40));
    const messages = [message(2, serverHelloBody(0x0303, suite)), message(11, certificateBody([der])), message(14, '')];
    return socket.end(records(0x0303, Buffer.concat(messages)));
  });
  const { value } = await surveyed(port);
  expect(value.certificate?.chain[0]?.subject).toBe('CN=rsa');
  expect(value.certificateGaps).toEqual([{ to: 'ecdsa', reason: 'unreadable', detail: '' }]);
});
