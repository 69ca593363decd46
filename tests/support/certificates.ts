import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate with its key, as PEM and as files; `chain` is what a server sends: without the root. */
export type Issued = {
  readonly file: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
  readonly chain: string;
};

export type Wanted = {
  /** `subjectAltName` as openssl writes it; none if empty. */
  readonly names?: string;
  readonly days?: number;
  /** `openssl req -newkey`; default: a P-256 key, which is made at once. */
  readonly key?: readonly string[];
  readonly digest?: string;
  readonly isAuthority?: boolean;
  /** More lines of extensions, as openssl writes them. */
  readonly extensions?: readonly string[];
};

/** What makes certificates. */
export type Mint = ReturnType<typeof createMint>;

/** Makes certificates with openssl(1) in a folder of their own. */
export function createMint() {
  const folder = mkdtempSync(join(tmpdir(), 'leqi-audit-certificates-'));
  let count = 0;

  const issue = (subject: string, issuer: Issued | undefined, wanted: Wanted = {}): Issued => {
    const { names = 'IP:127.0.0.1,IP:::1,DNS:localhost', days = 30, key = prime256, digest = 'sha256' } = wanted;
    count += 1;
    const at = (extension: string): string => join(folder, `${count}.${extension}`);
    const [file, keyFile, request] = [at('pem'), at('key'), at('csr')];
    openssl([
      'req',
      '-new',
      '-utf8',
      '-newkey',
      ...key,
      '-nodes',
      '-keyout',
      keyFile,
      '-out',
      request,
      '-subj',
      `/CN=${subject}`,
    ]);
    writeFileSync(
      at('ext'),
      [
        ...(wanted.extensions?.some((line) => line.startsWith('basicConstraints'))
          ? []
          : [`basicConstraints=critical,CA:${wanted.isAuthority ? 'TRUE' : 'FALSE'}`]),
        ...(names && !wanted.isAuthority ? [`subjectAltName=${names}`] : []),
        ...(wanted.extensions ?? []),
      ].join('\n'),
    );
    const by = issuer ? ['-CA', issuer.file, '-CAkey', issuer.keyFile] : ['-signkey', keyFile];
    openssl([
      'x509',
      '-req',
      '-in',
      request,
      ...by,
      '-days',
      `${days}`,
      `-${digest}`,
      '-extfile',
      at('ext'),
      '-out',
      file,
    ]);
    const cert = readFileSync(file, 'utf8');
    const above = issuer && issuer.chain !== '' ? issuer.chain : '';
    return {
      file,
      keyFile,
      cert,
      key: readFileSync(keyFile, 'utf8'),
      chain: issuer || !wanted.isAuthority ? cert + above : '',
    };
  };
  /** A certificate for another's key and name, by an authority that did not issue it first. */
  const across = (owner: Issued, issuer: Issued): Issued => {
    count += 1;
    const [file, request] = [join(folder, `${count}.pem`), join(folder, `${count}.csr`)];
    openssl([
      'x509',
      '-x509toreq',
      '-copy_extensions',
      'copyall',
      '-in',
      owner.file,
      '-signkey',
      owner.keyFile,
      '-out',
      request,
    ]);
    const by = ['-CA', issuer.file, '-CAkey', issuer.keyFile, '-copy_extensions', 'copyall', '-days', '30'];
    openssl(['x509', '-req', '-in', request, ...by, '-out', file]);
    return { ...owner, file, cert: readFileSync(file, 'utf8') };
  };
  return { folder, issue, across, remove: () => rmSync(folder, { recursive: true }) };
}

const prime256 = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
