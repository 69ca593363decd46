import { type Account, type Administration, type Agent, isUsable } from './administration.ts';
import type { Parties, Party } from './parties.ts';

type Of<Thing> = Thing & { readonly party: Party };

/** The signs of administration on one host, sorted by whose the unit declares them to be. */
export type Signs = {
  /** Accounts that somebody can log in to. */
  readonly usable: readonly Account[];
  /** Those of them that are declared for a permitted party. */
  readonly own: readonly Account[];
  /** Usable accounts with rights that another party holds, by name or by key. */
  readonly outsideAdministrators: readonly Of<{ account: Account }>[];
  /** Accounts and rules of another party that were not seen both to be usable and to have rights. */
  readonly outsideOthers: readonly string[];
  /** Agents through which another party can act. */
  readonly outsideAgents: readonly Of<{ agent: Agent }>[];
  /** Agents through which another party only watches. */
  readonly outsideWatchers: readonly string[];
  /** Undeclared accounts with rights, opened by an undeclared key or logged in to by other means than keys. */
  readonly activeStrangers: readonly Account[];
  readonly otherStrangers: readonly string[];
  readonly undeclaredKeys: readonly string[];
  readonly undeclaredGrants: readonly string[];
  readonly undeclaredLogins: readonly string[];
  readonly undeclaredAgents: readonly string[];
};

/** Compares what a host shows with what is declared; `allow` are the parties that may administer. */
export function sortSigns(seen: Administration, parties: Parties, allow: readonly Party[]): Signs {
  const usable = seen.accounts.filter((each) => isUsable(each, seen.logins));
  const isOutside = (party: Party | undefined): boolean => party !== undefined && !allow.includes(party);
  // The account's own party, or that of a key which opens it.
  const outsideParty = (each: Account): Party | undefined =>
    [parties.account(each.name), ...each.keys.map((key) => parties.key(key.fingerprint))].find(isOutside);

  const outside = usable.flatMap((account) => withParty({ account }, outsideParty(account)));
  const held = new Set(outside.map(({ account }) => account));
  const unknown = usable.filter((each) => parties.account(each.name) === undefined && !held.has(each));
  const active = parties.anyDeclared ? unknown.filter((each) => isActive(each, seen, parties)) : [];
  const { granted, departed } = withoutUse(seen, usable);
  const nameless = (name: string): boolean => parties.anyDeclared && parties.account(name) === undefined;
  return {
    usable,
    own: usable.filter((each) => parties.account(each.name) !== undefined && !held.has(each)),
    outsideAdministrators: outside.filter(({ account }) => account.privileges.length > 0),
    outsideOthers: [
      ...outside.filter(({ account }) => account.privileges.length === 0).map(({ account }) => account.name),
      ...[...granted, ...departed].filter((name) => isOutside(parties.account(name))),
    ],
    activeStrangers: active,
    otherStrangers: unknown.filter((each) => !active.includes(each)).map((each) => each.name),
    undeclaredKeys: parties.anyDeclared ? undeclaredKeys(seen.accounts, parties) : [],
    undeclaredGrants: granted.filter(nameless),
    undeclaredLogins: departed.filter(nameless),
    ...sortAgents(seen.agents, parties, isOutside),
  };
}

function sortAgents(agents: readonly Agent[], parties: Parties, isOutside: (party: Party | undefined) => boolean) {
  const outside = agents.flatMap((agent) => {
    const party = parties.agent(agent);
    return isOutside(party) ? withParty({ agent }, party) : [];
  });
  const watches = ({ agent }: { agent: Agent }): boolean => agent.abilities.every((ability) => ability === 'monitors');
  return {
    outsideAgents: outside.filter((each) => !watches(each)),
    outsideWatchers: outside.filter(watches).map(({ agent }) => agent.name),
    undeclaredAgents: agents.filter((agent) => parties.agent(agent) === undefined).map((agent) => agent.name),
  };
}

function isActive(account: Account, seen: Administration, parties: Parties): boolean {
  if (account.privileges.length === 0) return false;
  if (account.keys.length > 0) return account.keys.some((key) => parties.key(key.fingerprint) === undefined);
  return seen.logins.some((login) => login.account === account.name);
}

// Of a declared account only: an undeclared one is itself what has to be declared.
function undeclaredKeys(accounts: readonly Account[], parties: Parties): string[] {
  return accounts
    .filter((each) => parties.account(each.name) !== undefined)
    .flatMap(({ name, keys }) =>
      keys.filter((key) => parties.key(key.fingerprint) === undefined).map((key) => `${name} ${key.fingerprint}`),
    );
}

// Rules for accounts that nobody can use here or that this host does not list; logins of accounts that are gone.
function withoutUse(seen: Administration, usable: readonly Account[]) {
  const using = new Set(usable);
  const dormant = seen.accounts.filter((each) => !using.has(each) && each.uid !== 0 && each.privileges.length > 0);
  const absent = seen.grants.filter((grant) => grant.accounts === undefined).map((grant) => grant.who);
  const here = new Set(seen.accounts.map((each) => each.name));
  return {
    granted: [...dormant.map((each) => each.name), ...absent],
    departed: seen.logins.map((login) => login.account).filter((account) => !here.has(account)),
  };
}

function withParty<Thing extends object>(thing: Thing, party: Party | undefined): Of<Thing>[] {
  return party === undefined ? [] : [{ ...thing, party }];
}
