import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { encoded } from '../../src/signing/ber.ts';
import { childrenOf, readDer, tags } from '../../src/signing/der.ts';
import { readSigner } from '../../src/signing/key-file.ts';
import { checkEnclosing, checkSignature } from '../../src/signing/signature.ts';
import { signDetached } from '../../src/signing/signer.ts';
import { checkTimeStamp } from '../../src/signing/timestamp.ts';
import { type TimeStampServer, timeStampFor } from '../../src/signing/timestamp-request.ts';
import { createMint, type Issued } from '../support/certificates.ts';
import { type Authority, createAuthority, opensslAccepts } from '../support/time-stamp-server.ts';

const mint = createMint();
const data = Buffer.from('签名的字节');
const at = (name: string): string => join(mint.folder, name);

let authority: Authority;

beforeAll(() => {
  authority = createAuthority(mint);
});

afterAll(() => mint.remove());

const serverOf = (one: Authority, more: Partial<TimeStampServer> = {}): TimeStampServer => ({
  name: 'https://tsa.test/tsr',
  ask: one.reply,
  trust: { authorities: [new X509Certificate(one.root.cert)] },
  now: () => new Date(),
  ...more,
});

describe.each([
  ['RSA, its certificate named by SHA-1', { key: ['rsa:2048'], bound: 'sha1' }],
  ['RSA, by SHA-512', { key: ['rsa:2048'], digest: 'sha512' }],
  ['P-256', { bound: 'sha256' }],
  ['P-384', { key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], digest: 'sha384' }],
] as const)('a time stamp by %s', (_, wanted) => {
  test('holds here and for openssl, and says when', async () => {
    const one = createAuthority(mint, wanted);
    const before = Date.now();
    const token = await timeStampFor(data, serverOf(one));
    const seen = checkTimeStamp(token, data);
    if ('fault' in seen) expect.unreachable(seen.fault);
    else {
      expect(Math.abs(seen.at.getTime() - before)).toBeLessThan(60_000);
      expect([seen.accuracy, seen.policy]).toEqual([1500.1, '1.2.3.4.1']);
      expect(seen.certificate.toString()).toBe(one.own.cert);
    }
    writeFileSync(at('token'), token);
    writeFileSync(at('data'), data);
    expect(opensslAccepts(at('token'), at('data'), one.root.file)).toContain('Verification: OK');
    expect(checkTimeStamp(token, Buffer.from('其他'))).toEqual({ fault: 'otherSignature' });
  });
});

test('a signature carries it, and openssl accepts both', async () => {
  const { keyFile, file } = mint.issue('示例单位', undefined, { key: ['rsa:2048'] });
  const signer = await readSigner(keyFile, file, async () => undefined, new Date());
  const signature = await signDetached(data, { ...signer, stamping: serverOf(authority) }, 'file');
  const seen = checkSignature(signature, data);
  if ('fault' in seen) return expect.unreachable(seen.fault);
  const [token = new Uint8Array(), second] = seen.stamps;
  expect(second).toBeUndefined();
  writeFileSync(at('token'), token);
  writeFileSync(at('value'), seen.value);
  expect(opensslAccepts(at('token'), at('value'), authority.root.file)).toContain('Verification: OK');
  writeFileSync(at('x.p7s'), signature);
  writeFileSync(at('data'), data);
  const args = ['cms', '-verify', '-binary', '-cades', '-inform', 'DER', '-in', at('x.p7s'), '-content', at('data')];
  const said = execFileSync('openssl', [...args, '-CAfile', file, '-purpose', 'any'], { stdio: 'pipe' });
  expect(said.toString()).toBe(data.toString());
});

test('it is asked for by policy, under a pinned certificate', async () => {
  const own = new X509Certificate(authority.own.cert);
  const fingerprint = own.fingerprint256.replaceAll(':', '').toLowerCase();
  const pinned = serverOf(authority, { trust: { authorities: [], fingerprint }, policy: '1.2.3.4.1' });
  expect(checkTimeStamp(await timeStampFor(data, pinned), data)).toMatchObject({ policy: '1.2.3.4.1' });
});

test('no two requests are alike', async () => {
  const requests: string[] = [];
  const ask = (request: Uint8Array): Promise<Buffer> => {
    requests.push(Buffer.from(request).toString('hex'));
    return authority.reply(request);
  };
  for (let count = 0; count < 2; count += 1) await timeStampFor(data, serverOf(authority, { ask }));
  expect(new Set(requests).size).toBe(2);
});

/** An answer with every value in the long, open form that BER allows (X.690, 8.1.3.6), and strings in pieces. */
function inOpenForm(bytes: Uint8Array): Buffer {
  const { tag, content } = readDer(bytes);
  const end = Buffer.from([0, 0]);
  if (tag === tags.octets && content.length > 40) {
    const pieces = [content.subarray(0, 20), content.subarray(20)].map((piece) => encoded(tags.octets, [piece]));
    return Buffer.concat([Buffer.from([0x24, 0x80]), ...pieces, end]);
  }
  if (![tags.sequence, tags.context0].some((each) => each === tag)) return encoded(tag, [content]);
  // Certificates and signed attributes are DER whatever surrounds them.
  const isSigned = childrenOf(readDer(bytes)).some((each) => each.tag === tags.bits);
  if (isSigned) return Buffer.from(bytes);
  const inner = childrenOf(readDer(bytes)).map((each) => inOpenForm(each.bytes));
  return Buffer.concat([Buffer.from([tag, 0x80]), ...inner, end]);
}

/** An answer whose token says the same, signed by somebody else. */
function answerBy(signer: Issued, answer: Buffer): Buffer {
  const token = childrenOf(readDer(answer))[1]?.bytes ?? data;
  const seen = checkEnclosing(token, '1.2.840.113549.1.9.16.1.4');
  if ('fault' in seen) return expect.unreachable(seen.fault);
  writeFileSync(at('info'), seen.content);
  const args = ['cms', '-sign', '-binary', '-nodetach', '-cades', '-outform', 'DER', '-in', at('info')];
  const by = ['-econtent_type', '1.2.840.113549.1.9.16.1.4', '-signer', signer.file, '-inkey', signer.keyFile];
  const made = execFileSync('openssl', [...args, ...by], { stdio: ['ignore', 'pipe', 'pipe'] });
  return encoded(tags.sequence, [Buffer.from('3003020100', 'hex'), made]);
}

test('an answer in the long forms of BER is taken, and kept in DER', async () => {
  const ask = async (request: Uint8Array): Promise<Buffer> => {
    const answer = await authority.reply(request);
    const [status, token] = childrenOf(readDer(answer)).map((each) => each.bytes);
    const [type, content] = childrenOf(readDer(token ?? data)).map((each) => each.bytes);
    const [signed] = childrenOf(readDer(content ?? data));
    const parts = signed
      ? childrenOf(signed).map(({ tag, bytes }) => (tag === tags.sequence ? inOpenForm(bytes) : bytes))
      : [];
    const open = (tag: number, inner: readonly (Uint8Array | undefined)[]): Buffer =>
      Buffer.concat([Buffer.from([tag, 0x80]), ...inner.flatMap((each) => each ?? []), Buffer.from([0, 0])]);
    return open(tags.sequence, [
      status,
      open(tags.sequence, [type, open(tags.context0, [open(tags.sequence, parts)])]),
    ]);
  };
  const token = await timeStampFor(data, serverOf(authority, { ask }));
  expect('fault' in checkTimeStamp(token, data)).toBe(false);
});

describe('an answer is refused, with the reason:', () => {
  const refused = (server: TimeStampServer): Promise<string> =>
    timeStampFor(data, server).then(
      () => 'accepted',
      (error) => (error instanceof UserError ? `${error.exitCode} ${error.text.en}` : String(error)),
    );
  const answering = (answer: (request: Uint8Array) => Promise<Uint8Array>): Promise<string> =>
    refused(serverOf(authority, { ask: answer }));

  test('nothing, zeros, text, a page', async () => {
    for (const answer of [Buffer.alloc(0), Buffer.alloc(1000), Buffer.from('no'), Buffer.from('<html></html>')])
      expect(await answering(async () => answer)).toMatch(/^5 .*no time-stamp response/);
  });

  test('lengths beyond all measure, values without end, nesting without end', async () => {
    const hostile = [
      '3084ffffffff',
      '30888fffffffffffffff',
      '3080',
      '30'.repeat(5000),
      '3080'.repeat(5000),
      '24800401',
    ];
    for (const answer of hostile)
      expect(await answering(async () => Buffer.from(answer, 'hex'))).toMatch(/^5 .*no time-stamp response/);
  });

  test('cut short anywhere', async () => {
    let whole: Buffer | undefined;
    for (const share of [0.05, 0.3, 0.6, 0.9, 0.999]) {
      const said = await answering(async (request) => {
        whole ??= await authority.reply(request);
        return whole.subarray(0, Math.floor(whole.length * share));
      });
      expect(said).toMatch(/^5 .*no time-stamp response/);
    }
  });

  test('any byte changed', async () => {
    let nonce = '';
    let whole: Buffer = Buffer.alloc(0);
    await answering(async (request) => {
      nonce =
        Buffer.from(request)
          .toString('hex')
          .match(/0208(4.{15}|5.{15}|6.{15}|7.{15})0101ff$/)?.[1] ?? '';
      whole = await authority.reply(request);
      return whole;
    });
    expect(nonce).not.toBe('');
    const token = childrenOf(readDer(whole))[1]?.bytes ?? data;
    for (let index = 0; index < token.length; index += 11) {
      const changed = Buffer.from(token);
      changed[index] = (changed[index] ?? 0) ^ 0x01;
      const seen = checkTimeStamp(changed, data);
      // What is still accepted says the same: bytes that nothing depends on, such as those of the other certificates.
      if (!('fault' in seen))
        expect([seen.nonce, seen.certificate.raw]).toEqual([nonce, new X509Certificate(authority.own.cert).raw]);
    }
  });

  test('one to another request', async () => {
    let first: Buffer | undefined;
    const replay = async (request: Uint8Array): Promise<Uint8Array> => {
      first ??= await authority.reply(request);
      return first;
    };
    expect(await answering(replay)).toBe('accepted');
    expect(await answering(replay)).toMatch(/^5 .*nonce/);
  });

  test('for other bytes', async () => {
    const other = async (request: Uint8Array): Promise<Uint8Array> => {
      const changed = Buffer.from(request);
      const start = changed.indexOf(Buffer.from('0420', 'hex')) + 2;
      changed[start] = (changed[start] ?? 0) ^ 0xff;
      return authority.reply(changed);
    };
    expect(await answering(other)).toMatch(/^5 .*for something else/);
  });

  test('a rejection, in the server’s own words', async () => {
    const rejection = await authority.reply(Buffer.from('garbage')).catch(() => undefined);
    const built = encoded(0x30, [
      encoded(0x30, [
        Buffer.from('020102', 'hex'),
        encoded(0x30, [encoded(0x0c, [Buffer.from('\u001b[31m no')])]),
        Buffer.from('03020520', 'hex'),
      ]),
    ]);
    const said = await answering(async () => rejection ?? built);
    expect(said).toMatch(/^5 .*rejected the request: bad/);
    const own = await answering(async () => built);
    expect(own).toContain('badRequest, ·[31m no');
  });

  test('a status without a token', async () => {
    expect(await answering(async () => Buffer.from('30053003020100', 'hex'))).toMatch(/^5 .*rejected the request: -/);
    expect(await answering(async () => Buffer.from('30063004020201 00'.replace(' ', ''), 'hex'))).toMatch(
      /^5 .*no time-stamp response/,
    );
  });

  test('another policy than the one asked for', async () => {
    const server = serverOf(authority, { policy: '1.2.3.4.9', ask: async (request) => authority.reply(request) });
    expect(await refused(server)).toMatch(/^5 .*(rejected the request: unacceptedPolicy|policy is not)/);
    const deaf = serverOf(authority, {
      policy: '1.2.3.4.2',
      ask: (request) => {
        const text = Buffer.from(request).toString('hex').replace('06042a030402', '06042a030401');
        return authority.reply(Buffer.from(text, 'hex'));
      },
    });
    expect(await refused(deaf)).toMatch(/^5 .*policy is not/);
  });

  test('by a stranger, or by another than the pinned one', async () => {
    const other = createAuthority(mint);
    expect(await refused(serverOf(authority, { ask: other.reply }))).toMatch(/^5 .*no chain leads/);
    const pinned = serverOf(authority, { trust: { authorities: [], fingerprint: 'a'.repeat(64) } });
    expect(await refused(pinned)).toMatch(/^5 .*fingerprint/);
  });

  // openssl-ts(1) itself refuses to sign by such certificates; openssl-cms(1) signs anything.
  test.each([
    ['by a certificate for nothing in particular', []],
    ['by one that is for time stamps and more', ['extendedKeyUsage=critical,timeStamping,serverAuth']],
    ['by one that does not insist on it', ['extendedKeyUsage=timeStamping']],
    ['by one that must not sign', ['extendedKeyUsage=critical,timeStamping', 'keyUsage=critical,keyEncipherment']],
  ])('%s', async (_, extensions) => {
    const own = mint.issue('示例', authority.root, { names: '', extensions });
    const ask = async (request: Uint8Array): Promise<Buffer> => answerBy(own, await authority.reply(request));
    expect(await refused(serverOf(authority, { ask }))).toMatch(/^5 .*time stamps alone/);
    const proper = mint.issue('示例', authority.root, {
      names: '',
      extensions: ['extendedKeyUsage=critical,timeStamping'],
    });
    const right = async (request: Uint8Array): Promise<Buffer> => answerBy(proper, await authority.reply(request));
    expect(await refused(serverOf(authority, { ask: right }))).toBe('accepted');
  });

  test('by SHA-1', async () => {
    const one = createAuthority(mint, { digest: 'sha1' });
    expect(await refused(serverOf(one))).toMatch(/^5 .*algorithms are not supported/);
  });

  test('by a short key', async () => {
    const one = createAuthority(mint, { key: ['rsa:1024'] });
    expect(await refused(serverOf(one))).toMatch(/^5 .*too weak/);
  });

  test('by a certificate that has ended', async () => {
    const one = createAuthority(mint, { days: -1 });
    expect(await refused(serverOf(one))).toMatch(/^5 .*not valid at that time/);
  });

  test('where the clocks are far apart', async () => {
    const hour = 3_600_000;
    for (const by of [hour, -hour]) {
      const server = serverOf(authority, { now: () => new Date(Date.now() + by) });
      expect(await refused(server)).toMatch(/^5 .*more than 5 minutes apart/);
    }
  });
});
