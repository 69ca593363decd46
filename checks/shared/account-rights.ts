import { addDays, type PlainDate } from '../../src/evidence/dates.ts';
import type { AccountPart, AccountState, Accounts } from '../../src/evidence/host/accounts.ts';
import { type Account, type Administration, isUsable, type Key } from '../../src/evidence/host/administration.ts';
import type { Parties, Party } from '../../src/evidence/host/parties.ts';
import { rootMeans } from '../../src/evidence/host/root-means.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';

/** What accounts and sudo rules may be asked not to show. */
export const accountDemands = {
  'root-twins': { zh: 'root 以外用户标识为 0 的账号', en: 'accounts besides root with user id 0' },
  'empty-passwords': { zh: '口令为空且可登录的账号', en: 'accounts with a login shell and an empty password' },
  'everybody-root': {
    zh: '允许所有账号以 root 执行任意命令的规则',
    en: 'rules that let everybody run any command as root',
  },
  'passwordless-root': {
    zh: '无需口令即可以 root 执行任意命令的账号',
    en: 'accounts that run any command as root without a password',
  },
  'system-logins': { zh: '可登录的系统账号', en: 'accounts of programs that somebody can log in to' },
  'shared-accounts': { zh: '多个公钥均可登录的账号', en: 'accounts that several keys open' },
} as const satisfies Record<string, Text>;

export type AccountDemand = keyof typeof accountDemands;

/** One host, as the check sees it. */
export type Host = {
  readonly seen: Administration;
  readonly uses: readonly Accounts[];
  readonly on: PlainDate;
  readonly cites: readonly [Seen<unknown>, ...Seen<unknown>[]];
};

type Outsider = { readonly account: Account; readonly party: Party };

/** Who on a host has root means, by whose the unit declares them to be. */
export type Holders = {
  readonly own: readonly string[];
  readonly outside: readonly Outsider[];
  /** Bound to some commands, or not surely open: by the key’s options, by a rule that may lead to more, a password that was not seen. */
  readonly outsideUnclear: readonly Outsider[];
  readonly undeclared: readonly string[];
  /** Rules with root means for somebody whom this host does not list. */
  readonly unresolved: readonly string[];
  /** Accounts that can log in and have no root means. */
  readonly others: number;
};

/** Sorts the accounts that somebody can use; `allow` are the parties that may have root means. */
export function rootHolders({ seen }: Host, parties: Parties, allow: readonly Party[]): Holders {
  const usable = seen.accounts.filter((each) => isUsable(each, seen.logins));
  const holding = usable.filter((each) => rootMeans(each, seen.grants) !== 'no');
  const isOutside = (party: Party | undefined): party is Party => party !== undefined && !allow.includes(party);
  const outsiders = holding.flatMap((account) => {
    const own = parties.account(account.name);
    const keys = account.keys.filter((key) => isOutside(parties.key(key.fingerprint)));
    const party = [own, ...keys.map((key) => parties.key(key.fingerprint))].find(isOutside);
    if (party === undefined) return [];
    const isBound = !isOutside(own) && keys.every(isForcedCommand);
    const clear = isWhole(seen) && isOpen(account) && rootMeans(account, seen.grants) === 'yes' && !isBound;
    return [{ account, party, clear }];
  });
  const held = new Set(outsiders.map(({ account }) => account));
  const rest = holding.filter((each) => !held.has(each));
  const isDeclared = (each: Account): boolean =>
    parties.account(each.name) !== undefined && each.keys.every((key) => parties.key(key.fingerprint) !== undefined);
  return {
    own: rest.filter(isDeclared).map((each) => each.name),
    outside: outsiders.filter(({ clear }) => clear),
    outsideUnclear: outsiders.filter(({ clear }) => !clear),
    undeclared: rest.filter((each) => !isDeclared(each)).map((each) => each.name),
    unresolved: seen.grants
      .filter((grant) => grant.accounts === undefined && ((grant.anyCommand && !grant.notRoot) || grant.openCommand))
      .map((grant) => grant.who),
    others: usable.length - holding.length,
  };
}

// Of a list or a rule that was cut the rest might say something else.
function isWhole({ unread }: Administration): boolean {
  return !unread.includes('accounts') && !unread.includes('sudoers');
}

// Surely, not only as far as is known.
function isOpen({ shell, password, keys }: Account): boolean {
  return shell && (password === 'set' || password === 'empty' || keys.length > 0);
}

function isForcedCommand(key: Key): boolean {
  return key.bounds?.includes('command') ?? false;
}

/** The faults of these sorts that a host shows, with the names that show them. */
export function faultsIn(
  host: Host,
  forbid: readonly AccountDemand[],
): { fault: AccountDemand; names: readonly string[] }[] {
  if (!isWhole(host.seen)) return [];
  return forbid.map((fault) => ({ fault, names: finders[fault](host) })).filter(({ names }) => names.length > 0);
}

const finders: Readonly<Record<AccountDemand, (host: Host) => string[]>> = {
  'root-twins': ({ seen }) =>
    namesOf(seen.accounts.filter((each) => each.uid === 0 && each.name !== 'root' && isOpen(each))),
  'empty-passwords': ({ seen }) => namesOf(seen.accounts.filter((each) => each.shell && each.password === 'empty')),
  'everybody-root': ({ seen }) => anyAsRoot(seen).flatMap(({ who }) => (who === 'ALL' ? [who] : [])),
  'passwordless-root': ({ seen }) => {
    const free = new Set(anyAsRoot(seen).flatMap((grant) => (grant.withoutPassword ? (grant.accounts ?? []) : [])));
    return namesOf(seen.accounts.filter((each) => each.uid !== 0 && free.has(each.name) && isOpen(each)));
  },
  'system-logins': ({ seen, uses }) => {
    const system = new Set(statesOf(uses).flatMap((each) => (each.system ? [each.name] : [])));
    return namesOf(seen.accounts.filter((each) => system.has(each.name) && isOpen(each)));
  },
  'shared-accounts': ({ seen }) => {
    const free = ({ keys }: Account): Set<string> =>
      new Set(keys.filter((key) => !isForcedCommand(key)).map((key) => key.fingerprint));
    return namesOf(seen.accounts.filter((each) => free(each).size > 1));
  },
};

function anyAsRoot(seen: Administration): Administration['grants'] {
  return seen.grants.filter((grant) => grant.anyCommand && !grant.notRoot);
}

function namesOf(accounts: readonly { name: string }[]): string[] {
  return accounts.map((each) => each.name);
}

function statesOf(uses: readonly Accounts[]): readonly AccountState[] {
  return uses.flatMap((each) => each.accounts);
}

/** Accounts that somebody can use and nobody logged in to for longer than this, counted from the day of observation. */
export function idleAccounts({ seen, uses, on }: Host, days: number): string[] {
  const due = addDays(on, -days);
  const usable = new Set(namesOf(seen.accounts.filter((each) => isUsable(each, []))));
  const isIdle = ({ lastLogin, neverLoggedIn, passwordChanged }: AccountState): boolean =>
    lastLogin ? lastLogin < due : neverLoggedIn === true && (passwordChanged ?? due) < due;
  return namesOf(statesOf(uses).filter((each) => usable.has(each.name) && isIdle(each)));
}

/** Accounts whose password is older than this, or may become so. */
export function stalePasswords({ uses, on }: Host, days: number): string[] {
  const due = addDays(on, -days);
  const isStale = ({ password, passwordChanged, maxDays }: AccountState): boolean =>
    password === 'set' && (maxDays === undefined || maxDays > days || (passwordChanged ?? on) < due);
  return namesOf(statesOf(uses.filter((each) => !each.unread.includes('shadow'))).filter(isStale));
}

/** Of the parts that were not read, those that what is asked rests on. */
export function staleParts(
  unread: readonly AccountPart[],
  {
    maxIdleDays,
    maxPasswordDays,
    forbid,
  }: { maxIdleDays?: number | undefined; maxPasswordDays?: number | undefined; forbid: readonly AccountDemand[] },
): AccountPart[] {
  const needs: Readonly<Record<AccountPart, boolean>> = {
    accounts: maxIdleDays !== undefined || maxPasswordDays !== undefined || forbid.includes('system-logins'),
    shadow: maxPasswordDays !== undefined,
    'last-logins': maxIdleDays !== undefined,
  };
  return unread.filter((part) => needs[part]);
}
