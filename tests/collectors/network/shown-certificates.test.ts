import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createMint, type Issued } from '../../support/certificates.ts';
import { tlcpServer } from '../../support/handmade-servers.ts';
import { sm2Pair } from '../../support/sm2-certificates.ts';
import { alert, createServers, helloIn, type Speaking, surveyed } from '../../support/tls-servers.ts';

const mint = createMint();
const root = mint.issue('Root', undefined, { isAuthority: true, key: ['rsa:2048'] });
const issuing = mint.issue('Issuing CA', root, { isAuthority: true, key: ['rsa:2048'] });
const names = 'DNS:a.example,IP:127.0.0.1';
const rsa = mint.issue('rsa', issuing, { names, key: ['rsa:2048'] });
const ec = mint.issue('ec', issuing, { names });
const other = mint.issue('other', undefined, { names: 'DNS:other.example', days: -1 });
const servers = createServers();

afterEach(async () => {
  servers.close();
  await servers.ended();
});
afterAll(() => mint.remove());

const inFile = (name: string, text: string): string => {
  const path = join(mint.folder, name);
  writeFileSync(path, text);
  return path;
};
const files = (...all: readonly Issued[]): string[] =>
  all.flatMap(({ chain, file, keyFile }) => [
    `ssl_certificate ${inFile(`${file.split('/').at(-1)}.chain`, chain)}`,
    `ssl_certificate_key ${keyFile}`,
  ]);
const subjects = ({ certificate }: Speaking): unknown => certificate?.chain.map(({ subject }) => subject);
const others = ({ otherCertificates }: Speaking): unknown =>
  otherCertificates?.map(({ to, chain, trust, name }) => [to, chain[0]?.subject, trust.state, name.matches]);
const authority = root.file;

describe('nginx with RSA and ECDSA', () => {
  test.each([['TLSv1.2'], ['TLSv1.3'], ['TLSv1.2 TLSv1.3']])('%s: both are found and verified', async (protocols) => {
    const port = await servers.nginx(mint.folder, [...files(rsa, ec), `ssl_protocols ${protocols}`]);
    const { value } = await surveyed(port, { authority });
    expect([subjects(value), others(value)]).toEqual([
      ['CN=ec', 'CN=Issuing CA'],
      [['rsa', 'CN=rsa', 'trusted', true]],
    ]);
    expect(value.certificateGaps).toBeUndefined();
  });

  test('an expired one beside a sound one', async () => {
    const expired = mint.issue('expired', issuing, { names, days: -1, key: ['rsa:2048'] });
    const port = await servers.nginx(mint.folder, files(expired, ec));
    const { value } = await surveyed(port, { authority });
    expect(value.certificate?.trust.state).toBe('trusted');
    expect(value.otherCertificates).toMatchObject([
      { to: 'rsa', chain: [{ subject: 'CN=expired' }, {}], trust: { error: 'CERT_HAS_EXPIRED' } },
    ]);
  });

  test.each([
    ['RSA', rsa],
    ['ECDSA', ec],
  ])('%s alone: there is no other', async (_, issued) => {
    const port = await servers.nginx(mint.folder, files(issued));
    const { value } = await surveyed(port, { authority });
    expect([others(value), value.certificateGaps]).toEqual([[], undefined]);
  });
});

describe('nginx with two names', () => {
  const twoNames = (more: readonly string[] = []): Promise<number> =>
    servers.nginx(
      mint.folder,
      ['server_name other.example', ...files(other), ...more],
      ['server_name a.example', ...files(ec), ...more],
    );

  test.each([['TLSv1.2'], ['TLSv1.3']])('%s: by its name, and without one', async (protocols) => {
    const port = await twoNames([`ssl_protocols ${protocols}`]);
    const { value } = await surveyed(port, { authority, serverName: 'a.example' });
    expect([subjects(value), value.certificate?.name]).toEqual([
      ['CN=ec', 'CN=Issuing CA'],
      { asked: 'a.example', matches: true },
    ]);
    expect(value.otherCertificates).toMatchObject([
      { to: 'no-name', chain: [{ subject: 'CN=other' }], name: { asked: '127.0.0.1', matches: false } },
    ]);
  });

  test('without a declared name, the default is what counts', async () => {
    const { value } = await surveyed(await twoNames(), { authority });
    expect([subjects(value), others(value)]).toEqual([['CN=other'], []]);
  });

  test('no connection without a name is accepted: nothing is shown, and nothing is missing', async () => {
    const port = await servers.nginx(
      mint.folder,
      ['server_name ""', 'ssl_reject_handshake on'],
      ['server_name a.example', ...files(ec)],
    );
    const { value } = await surveyed(port, { authority, serverName: 'a.example' });
    expect([subjects(value), others(value), value.certificateGaps]).toEqual([
      ['CN=ec', 'CN=Issuing CA'],
      [],
      undefined,
    ]);
  });
});

test('another server answers an older version: its certificate is found, though not verified', async () => {
  const [newer, older] = await Promise.all([
    servers.nginx(mint.folder, [...files(ec), 'ssl_protocols TLSv1.3']),
    servers.nginx(mint.folder, [...files(other), 'ssl_protocols TLSv1.2']),
  ]);
  const port = await servers.raw((socket, hello) => {
    const onward = connect(hello.includes(Buffer.from('002b0003020304', 'hex')) ? newer : older, '127.0.0.1', () =>
      onward.write(hello),
    );
    onward.on('error', () => socket.destroy());
    return socket.pipe(onward).pipe(socket);
  });
  const { value } = await surveyed(port, { authority });
  expect(subjects(value)).toEqual(['CN=ec', 'CN=Issuing CA']);
  expect(value.otherCertificates).toContainEqual(
    expect.objectContaining({
      to: 'other-version',
      version: 'TLSv1.2',
      trust: { state: 'unobserved', detail: expect.anything() },
    }),
  );
});

test('an alert that may mean something else leaves a gap', async () => {
  const behind = await servers.nginx(mint.folder, [...files(ec), 'ssl_protocols TLSv1.2']);
  // Whoever offers no ECDSA is sent away as a stranger.
  const port = await servers.raw((socket, hello) => {
    if (hello[0] === 22 && !helloIn(hello).suites.includes(0xc02b)) return socket.end(alert(49));
    const onward = connect(behind, '127.0.0.1', () => onward.write(hello));
    onward.on('error', () => socket.destroy());
    return socket.pipe(onward).pipe(socket);
  });
  const { value } = await surveyed(port, { authority });
  expect([subjects(value), value.certificateGaps]).toEqual([
    ['CN=ec', 'CN=Issuing CA'],
    [{ to: 'rsa', reason: 'alert', detail: 'access_denied' }],
  ]);
});

describe('chains, as sent', () => {
  const loop = crossSigned();
  const by = loop.leaf.key;

  test.each<[string, string, string, string | undefined, readonly string[], object]>([
    [
      'out of order',
      ec.cert + root.cert + issuing.cert,
      ec.key,
      root.file,
      ['CN=ec', 'CN=Root', 'CN=Issuing CA'],
      { state: 'trusted', anchors: 'declared' },
    ],
    [
      'an intermediate is missing',
      ec.cert,
      ec.key,
      root.file,
      ['CN=ec'],
      { state: 'untrusted', error: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
    ],
    [
      'a private authority, not declared',
      ec.chain,
      ec.key,
      undefined,
      ['CN=ec', 'CN=Issuing CA'],
      { state: 'untrusted' },
    ],
    [
      'a stranger between',
      ec.cert + other.cert + issuing.cert,
      ec.key,
      root.file,
      ['CN=ec', 'CN=other', 'CN=Issuing CA'],
      { state: 'trusted' },
    ],
    [
      'two authorities that signed each other',
      loop.leaf.cert + loop.one + loop.two,
      by,
      undefined,
      ['CN=loop', 'CN=One', 'CN=Two'],
      { state: 'untrusted' },
    ],
  ])('%s', async (_, chain, key, declared, expected, trust) => {
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      const port = await servers.nginx(mint.folder, [
        `ssl_certificate ${inFile('chain.pem', chain)}`,
        `ssl_certificate_key ${inFile('chain.key', key)}`,
        `ssl_protocols ${version}`,
      ]);
      const { value } = await surveyed(port, declared === undefined ? {} : { authority: declared });
      expect(subjects(value)).toEqual(expected);
      expect(value.certificate?.trust).toMatchObject(trust);
    }
  });
});

describe('TLCP (GB/T 38636-2020)', () => {
  const pair = sm2Pair();
  const answer = tlcpServer({
    suites: [0xe053, 0xe013],
    certificates: [pair.sign, pair.encrypt, pair.authority],
    longest: 200,
    pause: 20,
  });
  const named = ['C=CN, CN=SM2 sign', 'C=CN, CN=SM2 encrypt', expect.stringContaining('SM2 root')];
  const key = { type: 'sm2', bits: 256, curve: 'SM2' };
  const isTlcp = (hello: Buffer): boolean => hello[0] === 22 && hello.readUInt16BE(1) === 0x0101;

  test('alone: both certificates are named, and cannot be verified', async () => {
    const { value } = await surveyed(await servers.raw(answer), { authority });
    expect(subjects(value)).toEqual(named);
    expect(value.certificate).toMatchObject({
      version: 'TLCPv1.1',
      chain: [{ key, signature: { algorithm: 'SM2-with-SM3', hash: 'sm3' } }, { key }, { key }],
      trust: { state: 'unobserved', detail: expect.stringContaining('SM2') },
      name: { asked: '127.0.0.1', matches: true },
    });
  });

  test('beside TLS: what most clients see comes first', async () => {
    const behind = await servers.nginx(mint.folder, files(ec));
    const port = await servers.raw((socket, hello) => {
      if (isTlcp(hello)) return answer(socket, hello);
      const onward = connect(behind, '127.0.0.1', () => onward.write(hello));
      onward.on('error', () => socket.destroy());
      return socket.pipe(onward).pipe(socket);
    });
    const { value } = await surveyed(port, { authority });
    expect(value.certificate).toMatchObject({ chain: [{ subject: 'CN=ec' }, {}], trust: { state: 'trusted' } });
    expect(value.otherCertificates).toMatchObject([
      { to: 'tlcp', version: 'TLCPv1.1', chain: [{ key }, { key }, { key }], trust: { state: 'unobserved' } },
    ]);
  });
});

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}

// Two authorities, each of which has certified the other; no root anywhere.
function crossSigned(): { leaf: Issued; one: string; two: string } {
  const one = mint.issue('One', undefined, { isAuthority: true });
  const two = mint.issue('Two', one, { isAuthority: true });
  const leaf = mint.issue('loop', one, { names });
  const [request, extensions, at] = ['csr', 'ext', 'cross'].map((each) => one.file.replace(/pem$/, each));
  const by = ['-CA', two.file, '-CAkey', two.keyFile, '-days', '30', '-extfile', extensions ?? ''];
  openssl('x509', '-req', '-in', request ?? '', ...by, '-out', at ?? '');
  return { leaf, one: readFileSync(at ?? '', 'utf8'), two: two.cert };
}
