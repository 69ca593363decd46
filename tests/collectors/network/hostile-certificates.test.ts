import { execFile, execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { packageRoot } from '../../../src/package-root.ts';
import { printable } from '../../../src/text.ts';
import { createMint, type Issued } from '../../support/certificates.ts';
import { runCli } from '../../support/cli.ts';
import { certificateBody, message, records } from '../../support/flights.ts';
import { type Behaviour, certificateOf, endless, flood, warning } from '../../support/hostile-servers.ts';
import { alert, helloIn } from '../../support/tls-servers.ts';
import { answered, chainOf, createVictims, hurry, probe, stateOf, verdicts } from '../../support/victims.ts';

const mint = createMint();
const servers = createVictims(mint.issue('server', undefined));

beforeEach(hurry);
afterEach(() => {
  vi.unstubAllGlobals();
  servers.close();
});
afterAll(() => mint.remove());

const run = (program: string, args: readonly string[]): void => void execFileSync(program, args, { stdio: 'pipe' });

describe('certificates', () => {
  const showing =
    (...ders: readonly Buffer[]): Behaviour =>
    (socket, hello) => {
      if (helloIn(hello).version !== 0x0303) return socket.end(alert(70));
      socket.write(
        answered(hello, records(0x0303, Buffer.concat([message(11, certificateBody(ders)), message(14, '')]))),
      );
    };
  const der = (from: Issued): Buffer => new X509Certificate(from.cert).raw;

  test('one of 5 MB, announced and sent', async () => {
    const large = records(0x0303, certificateOf(5_000_000));
    const found = await servers.against((socket, hello) =>
      helloIn(hello).version === 0x0303 ? socket.write(answered(hello, large)) : socket.end(alert(70)),
    );
    expect(stateOf(found, 'TLSv1.2')).toBe('offered');
    expect(chainOf(found)).toBeUndefined();
    expect(verdicts(found).certificate).toBe('unproven');
    expect(found.seconds).toBeLessThan(20);
  });

  test('a thousand: the first ten are told', async () => {
    const small = mint.issue('c', undefined, { names: '' });
    const found = await servers.against(showing(...Array.from({ length: 140 }, () => der(small))));
    expect(chainOf(found)).toHaveLength(10);
    const tooMany = await servers.against(showing(...Array.from({ length: 1000 }, () => der(small))));
    expect(chainOf(tooMany)).toBeUndefined();
    expect(verdicts(tooMany).certificate).toBe('unproven');
  });

  test('two that have issued each other', async () => {
    const two = mint.issue('two', undefined, { isAuthority: true });
    const one = mint.issue('one', two, { isAuthority: true });
    const again = join(mint.folder, 'two-by-one');
    run('openssl', ['req', '-new', '-key', two.keyFile, '-subj', '/CN=two', '-out', `${again}.csr`]);
    run('openssl', ['x509', '-req', '-in', `${again}.csr`, '-CA', one.file, '-CAkey', one.keyFile, '-out', again]);
    const circle = [one.cert, readFileSync(again, 'utf8')];
    const leaf = mint.issue('in a circle', one);
    const chain = [leaf.cert, ...circle, ...circle, ...circle].join('');
    const found = await probe(await servers.good({ cert: chain }, leaf));
    const rounds = [1, 2, 3].map(() => ['CN=two', 'CN=one']);
    expect(chainOf(found)?.map(({ issuer }) => issuer)).toEqual(['CN=one', ...rounds.flat()]);
    expect(found.value).toMatchObject({ certificate: { trust: { state: 'untrusted' } } });
    expect(verdicts(found).certificate).toBe('unmet');
  });

  // The library puts no control character into a name, but a byte of a certificate may be anything.
  const replaced = (from: Issued, placeholder: string, text: string): Issued => {
    const bytes = Buffer.from(der(from));
    for (let at = bytes.indexOf(placeholder); at >= 0; at = bytes.indexOf(placeholder, at))
      bytes.write(text, at, 'latin1');
    const cert = new X509Certificate(bytes).toString();
    return { ...from, cert, chain: cert };
  };
  const dangerous = '\u001b[31m\u0000\u0007\n\r';
  const placeholder = 'X'.repeat(dangerous.length);

  test('control characters in names stay out of evidence and terminal', async () => {
    const marked = replaced(
      mint.issue(placeholder, undefined, { names: `DNS:${placeholder}.example,email:${placeholder}@a.example` }),
      placeholder,
      dangerous,
    );
    const port = await servers.good({}, marked);
    const found = await probe(port);
    const [leaf] = chainOf(found) ?? [];
    expect(leaf?.subject).toMatch(/^CN=/);
    expect(JSON.stringify(leaf)).not.toContain('XXXX');
    for (const language of ['zh', 'en']) {
      const { status, stdout } = await runCli(['probe', 'tls', `127.0.0.1:${port}`, '--lang', language]);
      expect(status).toBe(0);
      expect(printable(stdout)).toBe(stdout);
    }
  });

  test('a name with a NUL in it matches nothing that stands before the NUL', async () => {
    const from = mint.issue('nul', undefined, { names: 'DNS:localhost?.evil.example' });
    const marked = replaced(from, 'localhost?', 'localhost\u0000');
    const { value } = await probe(await servers.good({}, marked), { serverName: 'localhost' });
    expect(value).toMatchObject({ certificate: { name: { asked: 'localhost', matches: false } } });
  });

  test('two thousand alternative names: bounded, and the right one is found all the same', async () => {
    const names = Array.from({ length: 2000 }, (_, at) => `DNS:name-${at}.example`);
    const crowded = mint.issue('crowded', undefined, { names: [...names, 'IP:127.0.0.1'].join(',') });
    const found = await probe(await servers.good({}, crowded));
    expect(chainOf(found)?.[0]?.names.length).toBeLessThanOrEqual(200);
    expect(found.value).toMatchObject({ certificate: { name: { matches: true } } });
  });

  test('a name of five thousand characters', async () => {
    const long = mint.issue('long', undefined, { names: `DNS:${'a'.repeat(5000)}.example` });
    const [leaf] = chainOf(await probe(await servers.good({}, long))) ?? [];
    expect(leaf?.names[0]?.length).toBeLessThanOrEqual(300);
  });
});

describe('memory', () => {
  const start = promisify(execFile);
  const measured = async (port: number): Promise<{ peak: number; seconds: number; raw?: number }> => {
    const program = join(packageRoot, 'tests/support/probe-memory.ts');
    const { stdout } = await start(process.execPath, ['--disable-warning=ExperimentalWarning', program, `${port}`]);
    return JSON.parse(stdout);
  };

  test('100 MB at once, endless records, 5 MB of certificate: no more than a good server takes', async () => {
    const usual = await measured(await servers.good());
    const bytes = Buffer.alloc(100 * 1024 * 1024, 'x');
    const messages = records(0x0303, Buffer.alloc(100 * 1024 * 1024));
    const behaviours: Behaviour[] = [
      flood(bytes),
      flood(messages),
      endless(warning),
      (socket, hello) => socket.write(answered(hello, records(0x0303, certificateOf(5_000_000)))),
    ];
    for (const behaviour of behaviours) {
      const { peak, raw = 0 } = await measured(await servers.raw(behaviour));
      expect(peak - usual.peak).toBeLessThan(40 * 1024);
      expect(raw).toBeLessThan(200_000);
      servers.close();
    }
  });

  test('from the command line', async () => {
    const port = await servers.raw(flood(Buffer.alloc(100 * 1024 * 1024, '\u001b')));
    const { status, stdout } = await runCli(['probe', 'tls', `127.0.0.1:${port}`, '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ observed: { speaksTls: false, saw: '·'.repeat(200) } });
  });
});
