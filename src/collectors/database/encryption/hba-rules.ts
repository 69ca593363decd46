import ipaddr from 'ipaddr.js';

/** One line of pg_hba.conf, as pg_hba_file_rules shows it. */
export type HbaRule = {
  readonly line: string;
  /** `local`, `host`, `hostssl`, `hostnossl`, `hostgssenc`, `hostnogssenc`. */
  readonly type: string;
  readonly databases: readonly string[];
  readonly users: readonly string[];
  /** An address, a host name, `all`, `samehost`, `samenet`; null of `local`. */
  readonly address: string | null;
  readonly netmask: string | null;
  readonly method: string;
};

/** Types of lines that a connection in clear text matches (postgresql.org/docs: pg_hba.conf). */
const plainTypes = new Set(['host', 'hostnossl', 'hostnogssenc']);

/** Lines that let clients from other hosts into the database without TLS. The first line that matches decides, so what is rejected before counts. */
export function admittingPlain(rules: readonly HbaRule[], database: string): string[] {
  return fromElsewhere(rules, database)
    .filter(({ type }) => plainTypes.has(type))
    .filter((rule) => !isRejected(rule, rules.slice(0, rules.indexOf(rule))))
    .map(shown);
}

/** Lines that let other hosts in without a password, or have the password said in clear text without TLS. */
export function trusting(rules: readonly HbaRule[], database: string): string[] {
  return fromElsewhere(rules, database)
    .filter(({ method, type }) => method === 'trust' || (method === 'password' && plainTypes.has(type)))
    .map(shown);
}

function fromElsewhere(rules: readonly HbaRule[], database: string): HbaRule[] {
  return rules.filter(
    (rule) => rule.type !== 'local' && rule.method !== 'reject' && !isHere(rule) && concerns(rule, database),
  );
}

// A standby is sent all there is. Since 16 a name that starts with a slash is a pattern.
function concerns({ databases }: HbaRule, database: string): boolean {
  const wide = ['all', 'sameuser', 'samerole', 'samegroup', 'replication', database];
  return databases.some((each) => wide.includes(each) || each.startsWith('/'));
}

function isHere({ address, netmask }: HbaRule): boolean {
  if (address === 'samehost' || address === 'localhost') return true;
  const range = rangeOf(address, netmask);
  return range !== undefined && range[0].range() === 'loopback' && range[1] >= (range[0].kind() === 'ipv4' ? 8 : 128);
}

function isRejected(rule: HbaRule, before: readonly HbaRule[]): boolean {
  const rejecting = before.filter((each) => rejectsPlain(each, rule));
  const isAny = (family: string): boolean =>
    rejecting.some(({ address, netmask }) => isWhole(address, netmask, family));
  return rejecting.some((each) => covers(each, rule)) || (isAny('ipv4') && isAny('ipv6'));
}

// “all” is every database, and not replication (postgresql.org/docs: pg_hba.conf).
function rejectsPlain(before: HbaRule, { databases }: HbaRule): boolean {
  return (
    before.method === 'reject' &&
    (before.type === 'hostnossl' || before.type === 'host') &&
    before.databases.includes('all') &&
    before.users.includes('all') &&
    (!databases.includes('replication') || before.databases.includes('replication'))
  );
}

function isWhole(address: string | null, netmask: string | null, family: string): boolean {
  const range = rangeOf(address, netmask);
  return range !== undefined && range[0].kind() === family && range[1] === 0;
}

function covers(wide: HbaRule, narrow: HbaRule): boolean {
  if (wide.address === 'all') return true;
  const [outer, inner] = [rangeOf(wide.address, wide.netmask), rangeOf(narrow.address, narrow.netmask)];
  if (!outer || !inner || outer[0].kind() !== inner[0].kind()) return false;
  return outer[1] <= inner[1] && inner[0].match(outer[0], outer[1]);
}

function rangeOf(address: string | null, netmask: string | null): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  if (address === null || netmask === null || !ipaddr.isValid(address) || !ipaddr.isValid(netmask)) return undefined;
  const bits = ipaddr.parse(netmask).prefixLengthFromSubnetMask();
  return bits === null ? undefined : [ipaddr.parse(address), bits];
}

function shown({ line, type, databases, users, address, netmask, method }: HbaRule): string {
  const range = rangeOf(address, netmask);
  const from = range ? `${range[0].toString()}/${range[1]}` : (address ?? '');
  return `${line}: ${type} ${databases.join(',')} ${users.join(',')} ${from} ${method}`.slice(0, 200);
}
