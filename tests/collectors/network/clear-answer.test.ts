import { connect } from 'node:net';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createMint } from '../../support/certificates.ts';
import { createServers, surveyed } from '../../support/tls-servers.ts';

const mint = createMint();
const rsa = mint.issue('rsa', undefined, { key: ['rsa:2048'] });
const servers = createServers();

afterEach(async () => {
  servers.close();
  await servers.ended();
});
afterAll(() => mint.remove());

const files = [`ssl_certificate ${rsa.file}`, `ssl_certificate_key ${rsa.keyFile}`];

test.each([
  ['HTTP/1.1 200 OK\r\nServer: x\r\n\r\n', 'HTTP/1.1 200 OK'],
  ['HTTP/1.0 404 Not Found\r\n\r\n', 'HTTP/1.0 404 Not Found'],
  ['HTTP/1.1 301 Moved\r\nLocation: https://a.example/\r\n\r\n', undefined],
  ['HTTP/1.1 400 Bad Request\r\n\r\n', undefined],
  ['\x15\x03\x01\x00\x02\x02\x46', undefined],
  ['', undefined],
])('a port that tells TLS and clear text apart: %j', async (answer, inClear) => {
  const behind = await servers.nginx(mint.folder, files);
  const port = await servers.raw((socket, bytes) => {
    if (bytes[0] !== 22 && ((bytes[0] ?? 0) & 0x80) === 0) return socket.end(Buffer.from(answer, 'latin1'));
    const onward = connect(behind, '127.0.0.1', () => onward.write(bytes));
    onward.on('error', () => socket.destroy());
    return socket.pipe(onward).pipe(socket);
  });
  expect((await surveyed(port)).value.inClear).toBe(inClear);
});

test('nginx on its own says that the request was wrong', async () => {
  expect((await surveyed(await servers.nginx(mint.folder, files))).value.inClear).toBeUndefined();
});
