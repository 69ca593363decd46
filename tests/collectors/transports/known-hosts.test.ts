import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fingerprint, judgeKey, knownKeys, typeOf } from '../../../src/collectors/transports/known-hosts.ts';
import { inFolder } from '../../support/folder.ts';

// Made by ssh-keygen of OpenSSH 9.2 for this test; their private halves are gone.
const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF1wXbfH3cpSLDHPr3x2N7F4eV5M0YgQ4kQeJBp3Ahdj';
const key = Buffer.from(line.split(' ')[1] ?? '', 'base64');
const other = Buffer.concat([key.subarray(0, -1), Buffer.from([(key.at(-1) ?? 0) ^ 1])]);
const otherLine = `ssh-ed25519 ${other.toString('base64')}`;

const verdict = (
  text: string,
  { host = '192.0.2.7', port = 22, shown = key, declared = undefined as string | undefined } = {},
) => judgeKey(shown, knownKeys([text], host, port), declared);

describe('a line', () => {
  test.each([
    ['of its address', `192.0.2.7 ${line}`, 'trusted'],
    ['with a comment and tabs', ` 192.0.2.7\t${line} root@app-1`, 'trusted'],
    ['of several names', `app-1,192.0.2.7,db-1 ${line}`, 'trusted'],
    ['with a wildcard', `192.0.2.* ${line}`, 'trusted'],
    ['that excludes it', `192.0.2.*,!192.0.2.7 ${line}`, 'unknown'],
    ['of another host', `192.0.2.77 ${line}`, 'unknown'],
    ['of another port', `[192.0.2.7]:2222 ${line}`, 'unknown'],
    ['that is a comment', `# 192.0.2.7 ${line}`, 'unknown'],
    ['with another key', `192.0.2.7 ${otherLine}`, 'changed'],
    ['beside one with another key', `192.0.2.7 ${otherLine}\n192.0.2.7 ${line}`, 'trusted'],
    ['that is revoked', `192.0.2.7 ${line}\n@revoked * ${line}`, 'revoked'],
    ['with another key revoked', `192.0.2.7 ${line}\n@revoked * ${otherLine}`, 'trusted'],
    ['of an authority', `@cert-authority *.2.7 ${line}`, 'only-authority'],
    ['with a marker that is not known', `@future 192.0.2.7 ${line}`, 'unknown'],
    ['whose key is not of its type', `192.0.2.7 ${line.replace('ssh-ed25519', 'ssh-rsa')}`, 'unknown'],
    ['that is cut', `192.0.2.7 ssh-ed25519`, 'unknown'],
    ['that is empty', '', 'unknown'],
    ['with a pattern made to be slow', `${'*'.repeat(5000)}x ${line}`, 'unknown'],
    ['with a pattern of characters that an expression would take otherwise', `192+0.2.7,(.*) ${line}`, 'unknown'],
  ])('%s', (_, text, expected) => {
    expect(verdict(text)).toBe(expected);
  });

  test('of a port counts for that port, and an address without one does not', () => {
    expect(verdict(`[192.0.2.7]:2222 ${line}`, { port: 2222 })).toBe('trusted');
    expect(verdict(`192.0.2.7 ${line}`, { port: 2222 })).toBe('unknown');
  });

  test('of a name counts in any letter case', () => {
    expect(verdict(`App-1.Example ${line}`, { host: 'app-1.EXAMPLE' })).toBe('trusted');
  });
});

test('a declared fingerprint decides, but not over a revocation', () => {
  expect(verdict('', { declared: fingerprint(key) })).toBe('trusted');
  expect(verdict(`192.0.2.7 ${line}`, { declared: fingerprint(other) })).toBe('other-than-declared');
  expect(verdict(`192.0.2.7 ${otherLine}`, { declared: fingerprint(key) })).toBe('trusted');
  expect(verdict(`@revoked * ${line}`, { declared: fingerprint(key) })).toBe('revoked');
});

test('names hashed by ssh-keygen are found, and the fingerprint is its own', () =>
  inFolder({ known: `app-1,192.0.2.7 ${line}\n[192.0.2.8]:2222 ${line}\n` }, async (at) => {
    const hashed = spawnSync('ssh-keygen', ['-H', '-f', at('known')]);
    expect(hashed.status).toBe(0);
    const text = readFileSync(at('known'), 'utf8');
    expect(text).not.toContain('192.0.2');
    expect(verdict(text)).toBe('trusted');
    expect(verdict(text, { host: 'app-1' })).toBe('trusted');
    expect(verdict(text, { host: '192.0.2.8', port: 2222 })).toBe('trusted');
    expect(verdict(text, { host: '192.0.2.8' })).toBe('unknown');
    expect(verdict(text, { shown: other })).toBe('changed');
    const listed = spawnSync('ssh-keygen', ['-l', '-f', at('known')]).stdout.toString();
    expect(listed).toContain(fingerprint(key));
  }));

test('the type of a key is what it names itself', () => {
  expect(typeOf(key)).toBe('ssh-ed25519');
  expect(typeOf(Buffer.from([255, 255, 255, 255]))).toBe('');
  expect(typeOf(Buffer.alloc(0))).toBe('');
});
