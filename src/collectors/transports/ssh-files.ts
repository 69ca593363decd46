import { readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { codeOf } from '../../errors.ts';

/** What the person who runs this has set up for ssh on this machine. */
export type SshHome = {
  readonly folder: string;
  readonly user: string;
  /** `~/.ssh/config`. */
  readonly configuration: string;
  /** `known_hosts` files of the person and of the machine. */
  readonly knownHosts: readonly string[];
  /** The socket of ssh-agent. */
  readonly agent?: string;
};

/** Largest configuration or known_hosts file that is read, bytes: some hundred thousand keys. */
const largestFile = 64 * 1024 * 1024;

/** Reads what is there; files that are not are empty. */
export async function readSshHome(
  folder = homedir(),
  environment: Readonly<Record<string, string | undefined>> = process.env,
  machine = '/etc/ssh',
): Promise<SshHome> {
  const texts = (...paths: string[]): Promise<string[]> => Promise.all(paths.map(textOf));
  const own = join(folder, '.ssh');
  const [configuration = ''] = await texts(join(own, 'config'));
  return {
    folder,
    user: ownName(environment),
    configuration,
    knownHosts: await texts(
      join(own, 'known_hosts'),
      join(own, 'known_hosts2'),
      join(machine, 'ssh_known_hosts'),
      join(machine, 'ssh_known_hosts2'),
    ),
    ...(environment.SSH_AUTH_SOCK ? { agent: environment.SSH_AUTH_SOCK } : {}),
  };
}

// A container may run as a user who has no account.
function ownName({ LOGNAME, USER }: Readonly<Record<string, string | undefined>>): string {
  try {
    return userInfo().username;
  } catch {
    return LOGNAME ?? USER ?? `${process.getuid?.() ?? ''}`;
  }
}

/** The path of a key file: `~` and `%d` are the home folder, a relative one starts from `base`. */
export function keyPath(path: string, home: SshHome, base: string): string {
  return resolve(base, path.replace(/^(~|%d)(?=\/)/, home.folder));
}

async function textOf(path: string): Promise<string> {
  try {
    const content = await readFile(path);
    return content.length > largestFile ? '' : content.toString('utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EACCES' || codeOf(error) === 'ENOTDIR') return '';
    throw error;
  }
}
