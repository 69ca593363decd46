import type { Administration } from '../../../evidence/host/administration.ts';
import { clean, linesOf } from '../output.ts';
import type { Group, ListedAccount } from './accounts.ts';

type Grant = Administration['grants'][number];
type Rule = Omit<Grant, 'who' | 'accounts'> & { readonly users: readonly string[] };

/** The sudo and doas rules of a host, and whether all of them could be read. */
export type Sudoers = { readonly grants: readonly Grant[]; readonly unread: boolean };

const longestRule = 4096;
const deepestAlias = 8;

/** Reads the reduced rules and says which accounts each means: sudoers(5), User Specification. */
export function readSudoers(output: string, accounts: readonly ListedAccount[], groups: readonly Group[]): Sudoers {
  const aliases = readAliases(linesOf(output, 'alias:'));
  const lines = linesOf(output, 'grant:');
  const noPassword = /^defaults:no-password$/m.test(output);
  const rules = lines.flatMap((line) => rule(line, noPassword));
  // Where sudo asks for root's own password, "everybody may" gives nobody more than that password does.
  const rootPassword = /^defaults:root-password$/m.test(output) && !/^defaults:own-password$/m.test(output);
  const grants = rules.flatMap(({ users, ...how }) =>
    expand(users, aliases, 0)
      .filter((who) => !(who === 'ALL' && rootPassword && !how.withoutPassword))
      .map((who) => ({ who: clean(who), ...meant(who, accounts, groups), ...how })),
  );
  return { grants: merged(grants), unread: rules.length < lines.length || /^(unread|odd):/m.test(output) };
}

function rule(line: string, noPassword: boolean): Rule[] {
  const [, grade, free, left = ''] = line.match(/^([0-3]):([01]):(.*)$/) ?? [];
  if (grade === undefined || left.length > longestRule) return [];
  const users = firstList(left);
  if (users.length === 0) return [];
  return [
    {
      users,
      anyCommand: grade === '1' || grade === '3',
      ...(grade === '3' ? { notRoot: true } : {}),
      ...(grade === '2' ? { openCommand: true } : {}),
      withoutPassword: free === '1' || noPassword,
    },
  ];
}

function readAliases(lines: readonly string[]): Map<string, string[]> {
  const aliases = new Map<string, string[]>();
  for (const line of lines) {
    for (const part of line.slice(0, longestRule).split(/:(?=\s*[A-Z][A-Z0-9_]*\s*=)/)) {
      const at = part.indexOf('=');
      if (at > 0) aliases.set(part.slice(0, at).trim(), firstList(part.slice(at + 1)));
    }
  }
  return aliases;
}

// The first comma-separated list: white space ends it, but not around a comma, in quotes or after a backslash.
function firstList(text: string): string[] {
  const items: string[] = [];
  let item = '';
  for (const [token] of text.trim().matchAll(/"[^"]*"|\\.|\s*,\s*|\s+|[^\s,"\\]+|["\\]/g)) {
    if (/^\s*,\s*$/.test(token)) {
      items.push(item);
      item = '';
    } else if (/^\s+$/.test(token)) {
      // `! name` is written with a space at times; anything else ends the list.
      if (item !== '!') break;
    } else item += token.startsWith('\\') ? token.slice(1) : token.replace(/"/g, '');
  }
  return [...items, item].filter((each) => each !== '');
}

// An exclusion (`!name`) is left out: what is granted to more than it means is asked about, never missed.
function expand(users: readonly string[], aliases: ReadonlyMap<string, readonly string[]>, depth: number): string[] {
  return users
    .filter((user) => !user.startsWith('!'))
    .flatMap((user) => {
      const alias = aliases.get(user);
      return alias && depth < deepestAlias ? expand(alias, aliases, depth + 1) : [user];
    });
}

function meant(who: string, accounts: readonly ListedAccount[], groups: readonly Group[]): Pick<Grant, 'accounts'> {
  if (who === 'ALL') return { accounts: accounts.filter((each) => each.shell).map((each) => each.name) };
  if (who.startsWith('%:') || who.startsWith('+')) return {};
  if (who.startsWith('%')) {
    const name = who.slice(1);
    return { accounts: membersOf((group) => group.name === name || `#${group.gid}` === name, accounts, groups) };
  }
  const names = accounts.filter((each) => each.name === who || `#${each.uid}` === who).map((each) => each.name);
  return names.length > 0 || who.startsWith('#') ? { accounts: names } : {};
}

/** Members of the groups that fit, with the accounts whose main group one of them is. */
export function membersOf(
  fits: (group: Group) => boolean,
  accounts: readonly ListedAccount[],
  groups: readonly Group[],
): string[] {
  const chosen = groups.filter(fits);
  const ids = new Set(chosen.map((group) => group.gid));
  const main = accounts.filter((each) => ids.has(each.gid)).map((each) => each.name);
  return [...new Set([...chosen.flatMap((group) => group.members), ...main])].toSorted();
}

function merged(grants: readonly Grant[]): Grant[] {
  const byText = new Map(grants.map((grant) => [JSON.stringify(grant), grant]));
  return [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant);
}
