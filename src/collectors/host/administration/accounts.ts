import type { Account } from '../../../evidence/host/administration.ts';
import { clean, linesOf } from '../output.ts';

/** An account and its main group, as the lists name them. */
export type ListedAccount = Pick<Account, 'name' | 'uid' | 'shell' | 'password'> & { readonly gid: number };

export type Group = { readonly name: string; readonly gid: number; readonly members: readonly string[] };

/** Shells that let nobody work: nologin(8), and the programs that the old system accounts run. */
const noShells = new Set(['nologin', 'false', 'true', 'sync', 'halt', 'shutdown']);

/** Reads the accounts; a directory's are those that the local file does not have, and their passwords are not known. */
export function readAccounts(output: string, shadow: string): ListedAccount[] {
  const states = new Map(linesOf(shadow, 'state:').map((line) => splitLast(clean(line))));
  const local = linesOf(output, 'account:').flatMap((line) => account(line, states));
  const names = new Set(local.map((each) => each.name));
  const elsewhere = linesOf(output, 'listed:')
    .flatMap((line) => account(line, new Map()))
    .filter((each) => !names.has(each.name))
    .map((each) => ({ ...each, password: 'unknown' as const }));
  return [...local, ...elsewhere];
}

/** Reads the groups; a group that is listed twice has the members of both. */
export function readGroups(output: string): Group[] {
  return linesOf(output, 'group:').flatMap((line) => {
    const [name = '', gid = '', members = ''] = line.split(':');
    if (!/^\d{1,10}$/.test(gid)) return [];
    return [{ name: clean(name), gid: Number(gid), members: members.split(',').filter(Boolean).map(clean) }];
  });
}

const localSources = new Set(['files', 'compat', 'systemd', 'mymachines', 'db', 'extrausers', 'altfiles']);

// nsswitch.conf names them on many systems that use none: without its service running such a source answers nothing.
const services: Readonly<Record<string, readonly string[]>> = {
  sss: ['sssd', 'sssd_be', 'sssd_nss'],
  winbind: ['winbindd'],
};

/**
 * The sources of accounts besides local files: nsswitch.conf(5), and `+` entries of passwd(5).
 * @param processes the running programs; undefined if they could not all be seen
 */
export function readDirectories(output: string, processes: ReadonlySet<string> | undefined): string[] {
  const named = linesOf(output, 'source:')
    .map(clean)
    .filter((source) => /^[a-z]/.test(source) && !localSources.has(source))
    .filter((source) => {
      const running = services[source];
      return !running || !processes || running.some((name) => processes.has(name));
    });
  const compat = linesOf(output, 'account:').some((line) => line.startsWith('+'));
  return [...new Set([...named, ...(compat ? ['nis'] : [])])].toSorted();
}

function account(line: string, states: ReadonlyMap<string, string>): ListedAccount[] {
  const [name = '', uid = '', gid = '', state = '', shell = ''] = line.split(':');
  if (name === '' || name.startsWith('+') || !/^\d{1,10}$/.test(uid)) return [];
  const known = clean(name);
  return [
    {
      name: known,
      uid: Number(uid),
      gid: /^\d{1,10}$/.test(gid) ? Number(gid) : -1,
      // An empty field means /bin/sh: passwd(5).
      shell: !noShells.has(shell.trim().replace(/.*\//, '')),
      password: passwordState(state === 'shadow' ? states.get(known) : state),
    },
  ];
}

function passwordState(state: string | undefined): Account['password'] {
  return state === 'set' || state === 'locked' || state === 'empty' ? state : 'unknown';
}

function splitLast(line: string): [string, string] {
  const at = line.lastIndexOf(':');
  return [line.slice(0, at), line.slice(at + 1)];
}
