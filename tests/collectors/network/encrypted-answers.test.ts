import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createMint, type Issued } from '../../support/certificates.ts';
import { freePort } from '../../support/servers.ts';
import { createServers, offeredIn, type Speaking, surveyed } from '../../support/tls-servers.ts';

const mint = createMint();
const root = mint.issue('Root', undefined, { isAuthority: true });
const issuing = mint.issue('Issuing CA', root, { isAuthority: true });
const ec = mint.issue('ec', issuing);
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
const files = [`ssl_certificate ${inFile('chain.pem', ec.chain)}`, `ssl_certificate_key ${ec.keyFile}`];
const subjects = ({ certificate }: Speaking): unknown => certificate?.chain.map(({ subject }) => subject);
const authority = root.file;

describe('client certificates are asked for, and the server’s is read all the same', () => {
  const proxies = {
    nginx: (version: string) =>
      servers.nginx(mint.folder, [
        ...files,
        `ssl_protocols ${version}`,
        'ssl_verify_client on',
        `ssl_client_certificate ${root.file}`,
      ]),
    haproxy: async (version: string) => {
      const port = await freePort();
      const pem = inFile('haproxy.pem', ec.chain + ec.key);
      const bind = `bind 127.0.0.1:${port} ssl crt ${pem} ssl-min-ver ${version} ssl-max-ver ${version}`;
      const lines = [
        'defaults',
        ' mode http',
        ' timeout client 5s',
        ' timeout connect 5s',
        ' timeout server 5s',
        'frontend all',
        ` ${bind} verify required ca-file ${root.file}`,
        ' http-request return status 200',
      ];
      await servers.program(['haproxy', '-db', '-f', inFile('haproxy.cfg', `${lines.join('\n')}\n`)], port);
      return port;
    },
    stunnel: async (version: string) => {
      const port = await freePort();
      const lines = [
        'foreground = yes',
        'pid =',
        '[all]',
        `accept = 127.0.0.1:${port}`,
        `connect = 127.0.0.1:${await freePort()}`,
        `cert = ${inFile('stunnel.pem', ec.chain)}`,
        `key = ${ec.keyFile}`,
        `CAfile = ${root.file}`,
        'verifyChain = yes',
        `sslVersion = ${version}`,
      ];
      await servers.program(['stunnel4', inFile('stunnel.conf', `${lines.join('\n')}\n`)], port);
      return port;
    },
  };

  test.each([
    // nginx completes the handshake and refuses the request: trust can be told.
    ['nginx', 'TLSv1.2', 'trusted'],
    ['nginx', 'TLSv1.3', 'trusted'],
    // TLS 1.2 ends before the chain is verified; TLS 1.3 after.
    ['haproxy', 'TLSv1.2', 'unobserved'],
    ['haproxy', 'TLSv1.3', 'trusted'],
    ['stunnel', 'TLSv1.2', 'unobserved'],
    ['stunnel', 'TLSv1.3', 'trusted'],
  ] as const)('%s, %s alone', async (program, version, trust) => {
    const port = await proxies[program](version);
    const { value } = await surveyed(port, { authority });
    expect(offeredIn(value, version).clientCertificate).toBe('asked');
    expect(subjects(value)).toEqual(['CN=ec', 'CN=Issuing CA']);
    expect(value.certificate?.trust.state).toBe(trust);
  });

  test('they are not asked for, in TLS 1.3', async () => {
    const port = await servers.nginx(mint.folder, [...files, 'ssl_protocols TLSv1.3']);
    expect(offeredIn((await surveyed(port)).value, 'TLSv1.3').clientCertificate).toBe('not-asked');
  });
});

describe('TLS 1.3 alone', () => {
  test('tickets and stapled OCSP, from the handshake', async () => {
    const port = await servers.nginx(mint.folder, [
      ...files,
      'ssl_protocols TLSv1.3',
      'ssl_session_tickets on',
      'ssl_stapling on',
      `ssl_stapling_file ${ocspAnswer(ec, issuing)}`,
    ]);
    const { value } = await surveyed(port, { authority });
    expect(value.extensions).toEqual({ version: 'TLSv1.3', sessionTickets: true, ocspStapling: true });
  });

  test('neither', async () => {
    const port = await servers.openssl(ec, ['-tls1_3', '-num_tickets', '0']);
    expect((await surveyed(port)).value.extensions).toEqual({ version: 'TLSv1.3', ocspStapling: false });
  });

  test('with suites that OpenSSL leaves out unless asked', async () => {
    const port = await servers.openssl(ec, ['-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_8_SHA256']);
    const { value } = await surveyed(port);
    expect([offeredIn(value, 'TLSv1.3').clientCertificate, subjects(value)]).toEqual(['not-asked', ['CN=ec']]);
  });
});

// A signed answer that the certificate is good.
function ocspAnswer(issued: Issued, by: Issued): string {
  const serial = new X509Certificate(issued.cert).serialNumber;
  const index = inFile('index.txt', `V\t491231235959Z\t\t${serial}\tunknown\t/CN=x\n`);
  const at = join(mint.folder, 'ocsp.der');
  const signer = ['-index', index, '-rsigner', by.file, '-rkey', by.keyFile, '-CA', by.file];
  const args = ['ocsp', ...signer, '-issuer', by.file, '-cert', issued.file, '-ndays', '2', '-respout', at];
  execFileSync('openssl', args, { stdio: 'pipe' });
  return at;
}
