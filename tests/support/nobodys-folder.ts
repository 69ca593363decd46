import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Issued } from './certificates.ts';

const nobody = 65_534;

/** Whether this is root, whom many servers refuse to run as. */
export const isRoot = process.getuid?.() === 0;
/** Who such servers run as, and in which group. */
export const user = isRoot ? 'nobody' : userInfo().username;
export const group = isRoot ? 'nogroup' : userInfo().gid;
/** What stands before a command so that this user runs it. */
export const asUser: readonly string[] = isRoot
  ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups']
  : [];

/** A folder for temporary files of servers that do not run as root: what is made in it is theirs. */
export function createNobodysFolder(prefix: string) {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  let count = 0;
  chmodSync(folder, 0o755);
  const own = (path: string, mode: number): string => {
    chmodSync(path, mode);
    if (isRoot) chownSync(path, nobody, nobody);
    return path;
  };
  const newFolder = (): string => {
    count += 1;
    const path = join(folder, `${count}`);
    mkdirSync(path);
    return own(path, 0o700);
  };
  return {
    own,
    newFolder,
    /** Copies of a certificate and its key: PostgreSQL wants a key that is its own. */
    filesOf({ file, keyFile }: Issued): { cert: string; key: string } {
      const at = newFolder();
      copyFileSync(file, join(at, 'cert.pem'));
      copyFileSync(keyFile, join(at, 'key.pem'));
      return { cert: own(join(at, 'cert.pem'), 0o600), key: own(join(at, 'key.pem'), 0o600) };
    },
    remove: (): void => rmSync(folder, { recursive: true, force: true }),
  };
}
