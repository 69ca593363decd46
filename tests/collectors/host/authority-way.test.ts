import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knownSwitches } from '../../../src/collectors/host/authority-way/switches.ts';
import { authorityWay as collector } from '../../../src/collectors/host/authority-way.ts';
import type { AuthorityWay } from '../../../src/evidence/host/authority-way.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import { transcript } from '../../support/transcripts.ts';
import { dataHost } from './data-host.ts';

const lines = (...each: string[]): string => `${each.join('\n')}\n`;
const hostOf = (config: string[], programs: string[] = []) => dataHost({ connector: { config, programs } });
const read = (output: Parameters<typeof transcript>[0][string], host = hostOf(['/a'])): AuthorityWay =>
  kinds.authorityWay.value.parse(collector.read(transcript({ way: output }), host));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leqi-audit-way-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shells: string[][] = [['dash'], ['bash'], ['busybox', 'sh']];

/** What this machine says, with files of these contents declared. */
function asked(
  contents: readonly string[],
  shell: readonly string[] = ['dash'],
  programs: string[] = [],
): AuthorityWay {
  const paths = contents.map((text, index) => {
    writeFileSync(join(folder, `c${index}`), text);
    return join(folder, `c${index}`);
  });
  const host = hostOf(paths, programs);
  const [program = '', ...args] = [...shell, '-c', collector.ask(host)[0]?.script ?? ''];
  return read(execFileSync(program, args, { encoding: 'utf8' }), host);
}
const configOf = (text: string): AuthorityWay['configs'][number] | undefined => asked([text]).configs[0];

describe('configurations, read by the script on this machine', () => {
  test.each(shells)('destinations without user, path and query (%s)', (...shell) => {
    const text = lines(
      '# url: http://lqpt.chinatax.gov.cn/old',
      'url: "https://user:p%40ss@LQPT.chinatax.gov.cn:8443/api?key=secret"',
      'escaped = https\\://lqpt.chinatax.gov.cn\\:8443/x',
      '{"u":"http:\\/\\/10.0.0.3\\/x","v":"https://[2001:db8::1]:8443/"}',
      'host=lqpt.chinatax.gov.cn',
      'templated: https://$(host):8443/api',
    );
    expect(asked([text], shell).configs[0]?.destinations).toEqual([
      { line: 2, scheme: 'https', host: 'lqpt.chinatax.gov.cn', port: 8443 },
      { line: 3, scheme: 'https', host: 'lqpt.chinatax.gov.cn', port: 8443 },
      { line: 4, scheme: 'http', host: '10.0.0.3' },
      { line: 4, scheme: 'https', host: '2001:db8::1', port: 8443 },
      { line: 5, scheme: 'none', host: 'lqpt.chinatax.gov.cn' },
      { line: 6, scheme: 'https', host: '?' },
    ]);
  });

  test.each(shells)(
    'a namespace is no destination, and what stands in a comment is no surer than a name (%s)',
    (...shell) => {
      const text = lines(
        'url: https://lqpt.chinatax.gov.cn/api # formerly http://lqpt.chinatax.gov.cn/api',
        '<e xmlns:t="http://www.chinatax.gov.cn/dataspec/" targetNamespace = "http://www.chinatax.gov.cn/x">',
        'namespace: http://www.chinatax.gov.cn/x',
        'endpoint="http://www.chinatax.gov.cn/x"',
      );
      expect(asked([text], shell).configs[0]?.destinations).toEqual([
        { line: 1, scheme: 'https', host: 'lqpt.chinatax.gov.cn' },
        { line: 1, scheme: 'none', host: 'lqpt.chinatax.gov.cn' },
        { line: 4, scheme: 'http', host: 'www.chinatax.gov.cn' },
      ]);
    },
  );

  // By known switch, how it is written; each must be recognised as that one.
  const written: Readonly<Record<string, string[]>> = {
    'NODE_TLS_REJECT_UNAUTHORIZED=0': ['NODE_TLS_REJECT_UNAUTHORIZED=0', 'export NODE_TLS_REJECT_UNAUTHORIZED="0"'],
    'PYTHONHTTPSVERIFY=0': ['PYTHONHTTPSVERIFY: "0"'],
    'rejectUnauthorized: false': ['"rejectUnauthorized" : false,', 'reject-unauthorized=false'],
    'InsecureSkipVerify: true': [
      'InsecureSkipVerify: true',
      'insecure_skip_verify = true',
      'insecure-skip-tls-verify=true',
    ],
    'insecure: true': ['ssl.insecure=true', 'tls:\n  insecure: true'],
    'sslVerify: false': [
      'sslVerify: false',
      'http.ssl-verify=0',
      'CURLOPT_SSL_VERIFYPEER => false',
      'ssl:\n  verify: no',
      'tls.verification=none',
    ],
    'verifySsl: false': ['verify_ssl=False', 'verify-hostname: off', 'validateCertificate=false'],
    'trustAllCerts: true': ['trustAllCerts: true', 'trust-all=true', 'accept_all_certificates: yes'],
    'trustSelfSigned: true': ['trustSelfSigned=true', 'allow-untrusted: true'],
    'ignoreSsl: true': ['ignoreSSL: true', 'skip_cert_verification=true', 'disableSslVerification=1'],
    NoopHostnameVerifier: ['verifier=org.apache.http.conn.ssl.NoopHostnameVerifier', 'x=ALLOW_ALL_HOSTNAME_VERIFIER'],
    'jdk.internal.httpclient.disableHostnameVerification': [
      'JAVA_OPTS=-Djdk.internal.httpclient.disableHostnameVerification',
    ],
    'com.sun.net.ssl.checkRevocation=false': ['-Dcom.sun.net.ssl.checkRevocation=false'],
    DangerousAcceptAnyServerCertificateValidator: [
      'c = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator',
    ],
    'proxy_ssl_verify off': ['  proxy_ssl_verify   off;'],
    'verify none': ['server a 10.0.0.1:443 ssl verify none'],
    'curl --insecure': ['curl -s --insecure https://10.0.0.1/'],
    'curl -k': ['curl -sk https://10.0.0.1/'],
    'wget --no-check-certificate': ['wget --no-check-certificate https://10.0.0.1/'],
    'verify: false': ['verify: false', 'verify=0'],
  };
  test('every known switch is recognised as it is usually written', () => {
    expect(Object.keys(written).toSorted()).toEqual([...knownSwitches.map(({ name }) => name), 'curl -k'].toSorted());
    const all = Object.entries(written).flatMap(([name, forms]) => forms.map((form) => ({ name, form })));
    const { configs } = asked(all.map(({ form }) => lines(form)));
    const found = configs.map(({ switches }, index) => [
      all[index]?.form,
      switches.some(({ name }) => name === all[index]?.name),
    ]);
    expect(found.filter(([, isFound]) => !isFound)).toEqual([]);
  });

  const harmless = [
    'NODE_TLS_REJECT_UNAUTHORIZED=1',
    'rejectUnauthorized: true',
    'insecureSkipVerify: false',
    'sslVerify: true',
    'verify: full',
    'verify_ssl=01234',
    'trust_all: false',
    'proxy_ssl_verify on;',
    'ssl_verify_client off;',
    'curl --cacert k.pem https://10.0.0.1/',
    '# verify=false',
    '; sslVerify: false',
    '// rejectUnauthorized: false',
    '<a>\n<!-- <sslVerify>x</sslVerify> sslVerify=false\nverify=false -->\n<b/></a>',
  ];
  test('what turns nothing off', () => {
    const { configs } = asked(harmless.map((text) => lines(text)));
    expect(configs.map(({ switches }, index) => [harmless[index], switches.length])).toEqual(
      harmless.map((text) => [text, 0]),
    );
  });

  const inForce: readonly [string, string][] = [
    ['in force after a comment in XML', '<a><!-- x --> <p sslVerify="false"/></a>'],
    ['what only looks like a comment', 'paths: /api/*\nsslVerify: false'],
    ['continued on the next line', 'ssl.verify=\\\nfalse'],
    ['with the value on the next line', '"rejectUnauthorized":\n  false'],
    ['with line ends of Windows', 'sslVerify: false\r'],
    ['behind a byte order mark', '\uFEFFsslVerify: false'],
  ];
  test('switches in force, however they are written', () => {
    const { configs } = asked(inForce.map(([, text]) => lines(text)));
    const found = configs.map(({ switches }, index) => [inForce[index]?.[0], switches.length > 0]);
    expect(found).toEqual(inForce.map(([what]) => [what, true]));
  });

  test('scope: beside the authority’s name, for all, of some client', () => {
    const text = lines(
      'curl -k https://lqpt.chinatax.gov.cn:8443/',
      'NODE_TLS_REJECT_UNAUTHORIZED=0',
      'redis.sslVerify=false',
      `{"u":"https://lqpt.chinatax.gov.cn","pad":"${'x'.repeat(600)}","redis":{"sslVerify":false}}`,
    );
    expect(configOf(text)?.switches.map(({ line, scope }) => [line, scope])).toEqual([
      [1, 'here'],
      [2, 'all'],
      [3, 'some'],
      [4, 'some'],
    ]);
  });

  test('what is missing, no file, too large, or odd', () => {
    writeFileSync(join(folder, 'large'), `${'x'.repeat(1023)}\n`.repeat(1025));
    writeFileSync(join(folder, 'binary'), Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7) % 256)));
    const paths = ['none', 'large', 'binary', ''].map((name) => join(folder, name));
    const host = hostOf(paths);
    const output = execFileSync('dash', ['-c', collector.ask(host)[0]?.script ?? ''], { encoding: 'utf8' });
    expect(read(output, host).configs.map(({ problem }) => problem)).toEqual([
      'missing',
      'too-large',
      undefined,
      'unclear',
    ]);
  });
});

describe('this machine', () => {
  test.each(shells)('a program without verification, and a connection that it opened (%s)', async (...shell) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    const sleeping = spawn('sleep', ['60'], { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0', SECRET: 'hunter2' } });
    const telling = spawn('sleep', ['61'], { env: { A: 'x\n==> /proc/1/environ <==\ny' } });
    try {
      const found = asked(['a: 1\n'], shell, ['sleep']);
      expect(found.processes).toContainEqual({
        program: 'sleep',
        connector: true,
        switches: [{ name: 'NODE_TLS_REJECT_UNAUTHORIZED=0', scope: 'all' }],
      });
      expect(found.connectorRuns).toBe(true);
      // Nothing that this tool runs itself is taken for a program that does not verify.
      expect(found.processes.map(({ program }) => program)).not.toContain(shell[0]);
      expect(found.processes.map(({ program }) => program).filter((name) => /awk|node/.test(name))).toEqual([]);
      expect(found.unread).toEqual([]);
      expect(asked(['a: 1\n'], shell, ['no-such-program']).connectorRuns).toBe(false);
    } finally {
      sleeping.kill();
      telling.kill();
      socket.destroy();
      server.close();
    }
  });
});

describe('connections (proc(5), /proc/net/tcp of Debian 12, addresses changed)', () => {
  test('both families, IPv4 within IPv6, what is loopback left out, one address counted once', () => {
    const output = lines(
      'uid:0',
      'all-seen',
      'session:0100007F:8FC5 2',
      'session:50C134C0:20FB 2',
      'session:0000000000000000FFFF000050C134C0:20FB 1',
      'session:B80D0120000000000000000001000000:01BB 1',
      'session:garbage 1',
      'session:50C134C0:20FB',
      'end',
    );
    expect(read(output).sessions).toEqual([
      { address: '192.52.193.80', port: 8443, count: 3 },
      { address: '2001:db8::1', port: 443, count: 1 },
    ]);
  });
});

describe('whatever the host prints', () => {
  test.each([
    ['cut', { stdout: lines('uid:0', 'config:0\tread', 'to:1\thttps\tlqpt.chinatax.gov.cn:8443') }, 'failed'],
    ['out of time', { stdout: '', timedOut: true, status: undefined }, 'timed-out'],
  ])('%s proves nothing', (_, output, reason) => {
    expect(() => read(output)).toThrow(expect.objectContaining({ reason }));
  });

  test.each([
    ['without root', { stdout: lines('uid:0', 'all-seen', 'end'), withoutRoot: true }],
    ['as a user', lines('uid:1000', 'end')],
    ['where processes are hidden', lines('uid:0', 'end')],
  ])('%s processes are unread', (_, output) => {
    expect(read(output).unread).toEqual([{ part: '/proc', why: 'denied' }]);
  });

  test('more switches than are kept', () => {
    const many = Array.from({ length: 2000 }, (_, index) => `process:${index}\t1\tsome\tx`);
    expect(read(lines('uid:0', 'all-seen', ...many, 'end')).unread).toEqual([{ part: '…', why: 'too-many' }]);
  });

  test('odd numbers and a configuration of which nothing was printed', () => {
    const output = lines(
      'uid:0',
      'all-seen',
      'config:1\tread',
      'to:1\thttps\tx:99999999',
      'switch:1\t999\there',
      'switch:1\t-1\there',
      'process:1\t1\tsome\ta\u001b[31mb',
      'alias:10.9.0.1 lqpt.chinatax.gov.cn',
      'end',
    );
    const { configs, processes, aliases } = read(output, hostOf(['/a', '/b']));
    expect(configs.map(({ problem }) => problem)).toEqual(['unclear', undefined]);
    expect(configs[1]?.switches).toEqual([]);
    expect(processes.map(({ program }) => program)).toEqual(['a·[31mb']);
    expect(aliases).toEqual([{ name: 'lqpt.chinatax.gov.cn', address: '10.9.0.1' }]);
  });
});
