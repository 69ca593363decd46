import type { Account, Administration, UnreadPart } from '../../evidence/host/administration.ts';
import { unreadParts } from '../../evidence/host/administration.ts';
import { type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';
import {
  type Group,
  type ListedAccount,
  readAccounts,
  readDirectories,
  readGroups,
} from './administration/accounts.ts';
import { commands } from './administration/commands.ts';
import { type KeyFiles, readKeys } from './administration/keys.ts';
import { readLogins } from './administration/logins.ts';
import { membersOf, readSudoers, type Sudoers } from './administration/sudoers.ts';
import { recognise } from './agents.ts';
import { isComplete, linesOf, ranAsRoot } from './output.ts';

/** Accounts, keys, sudo rules, logins and agents of a host: the signs of who administers it. */
export const administration = defineHostCollector({
  id: 'host/administration',
  kind: 'administration',
  ask: () => commands,
  read: (results) => {
    const listing = results('accounts');
    const accounts = readAccounts(listing.stdout, results('shadow').stdout);
    if (accounts.length === 0) {
      const reason = listing.timedOut ? 'timed-out' : listing.truncated ? 'too-large' : 'denied';
      throw new Unavailable(reason, listing.stderr || '/etc/passwd');
    }
    return readAdministration(results, accounts);
  },
});

function readAdministration(results: CommandResults, listed: readonly ListedAccount[]): Administration {
  const groups = readGroups(results('accounts').stdout);
  const sudoers = readSudoers(results('sudo').stdout, listed, groups);
  const keyFiles = readKeys(results('keys').stdout);
  const logins = readLogins(results('logins').stdout);
  const unread = unreadOf(results, listed, sudoers, keyFiles);
  const processes = namesOf(results, 'processes', 'process:');
  const services = namesOf(results, 'services', 'service:').map((name) => name.replace(/\.service$/, ''));
  const accounts = withPrivileges(listed, groups, sudoers, keyFiles);
  const active = new Set(logins.map((login) => login.account));
  const kept = accounts.filter(
    (each) => each.shell || each.keys.length > 0 || each.privileges.length > 0 || active.has(each.name),
  );
  return {
    accounts: kept,
    otherAccounts: accounts.length - kept.length,
    grants: [...sudoers.grants],
    agents: recognise({
      processes: new Set(processes),
      services: new Set(services),
      paths: new Set(namesOf(results, 'paths', 'path:')),
    }),
    logins,
    directories: readDirectories(
      results('accounts').stdout,
      unread.includes('processes') ? undefined : new Set(processes),
    ),
    keySources: [...keyFiles.sources],
    unread,
  };
}

function namesOf(results: CommandResults, command: string, prefix: string): string[] {
  return linesOf(results(command).stdout, prefix);
}

// Whoever is in one of these can become root without sudo: Docker's and LXD's own documentation; disk reads and writes raw devices.
const rootGroups = new Set(['docker', 'lxd', 'incus-admin', 'libvirt', 'disk']);

function withPrivileges(
  listed: readonly ListedAccount[],
  groups: readonly Group[],
  sudoers: Sudoers,
  keyFiles: KeyFiles,
): Account[] {
  const bySudo = new Set(sudoers.grants.flatMap((grant) => grant.accounts ?? []));
  const byGroup = new Set(membersOf((group) => rootGroups.has(group.name), listed, groups));
  return listed.map(({ gid: _, ...each }) => {
    const privileges: Account['privileges'] = [];
    if (each.uid === 0) privileges.push('root');
    else if (bySudo.has(each.name)) privileges.push('sudo');
    if (each.uid !== 0 && byGroup.has(each.name)) privileges.push('group');
    return { ...each, privileges, keys: [...(keyFiles.keys.get(each.name) ?? [])] };
  });
}

function unreadOf(
  results: CommandResults,
  accounts: readonly ListedAccount[],
  sudoers: Sudoers,
  keyFiles: KeyFiles,
): UnreadPart[] {
  const services = results('services');
  const logins = results('logins');
  const processes = results('processes');
  const missing: Record<UnreadPart, boolean> = {
    accounts: !isComplete(results('accounts')),
    shadow: !ranAsRoot(results('shadow')) || accounts.some((each) => each.shell && each.password === 'unknown'),
    // Read without root too where the file allows it, or where neither sudo nor doas has any rules.
    sudoers: !isComplete(results('sudo')) || sudoers.unread,
    'ssh-settings': !isComplete(results('keys')) || keyFiles.settingsUnread,
    'authorized-keys': !ranAsRoot(results('keys')) || keyFiles.denied,
    logins: !isComplete(logins) || !/^read:/m.test(logins.stdout) || /^unread:/m.test(logins.stdout),
    processes: !isComplete(processes) || !/^all-seen$/m.test(processes.stdout),
    services: !isComplete(services) || /^service:denied$/m.test(services.stdout),
    paths: !ranAsRoot(results('paths')),
  };
  return (Object.keys(unreadParts) as UnreadPart[]).filter((part) => missing[part]);
}
