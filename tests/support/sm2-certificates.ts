import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The certificates of a TLCP server (DER): one to sign with, one to encrypt for, both from one authority. */
export type Sm2Pair = { readonly sign: Buffer; readonly encrypt: Buffer; readonly authority: Buffer };

/** Makes SM2 certificates with openssl(1): GB/T 20518, signed with SM3 under the usual identity of GB/T 35276. */
export function sm2Pair(names = 'IP:127.0.0.1,DNS:localhost'): Sm2Pair {
  const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-sm2-'));
  const at = (name: string): string => join(folder, name);
  const issue = (name: string, subject: string, extensions: readonly string[], by: readonly string[]): Buffer => {
    execFileSync('openssl', ['ecparam', '-name', 'SM2', '-genkey', '-noout', '-out', at(`${name}.key`)], {
      stdio: 'pipe',
    });
    const identity = ['-sm3', '-sigopt', 'distid:1234567812345678'];
    const said = extensions.flatMap((each) => ['-addext', each]);
    const files = ['-key', at(`${name}.key`), '-out', at(`${name}.pem`)];
    const args = [
      'req',
      '-x509',
      '-new',
      '-utf8',
      '-days',
      '30',
      '-subj',
      subject,
      ...identity,
      ...by,
      ...said,
      ...files,
    ];
    execFileSync('openssl', args, { stdio: 'pipe' });
    return new X509Certificate(readFileSync(at(`${name}.pem`))).raw;
  };
  try {
    const authority = issue('root', '/C=CN/O=示例/CN=SM2 root', ['keyUsage=critical,keyCertSign'], []);
    const by = ['-CA', at('root.pem'), '-CAkey', at('root.key')];
    const named = `subjectAltName=${names}`;
    return {
      authority,
      sign: issue('sign', '/C=CN/CN=SM2 sign', ['keyUsage=critical,digitalSignature', named], by),
      encrypt: issue('encrypt', '/C=CN/CN=SM2 encrypt', ['keyUsage=critical,keyEncipherment,keyAgreement', named], by),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
