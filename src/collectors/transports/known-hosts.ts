import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { quotedGlob } from './ssh-patterns.ts';

/** The keys that known_hosts files hold for one host. */
export type KnownKeys = {
  readonly trusted: readonly Buffer[];
  readonly revoked: readonly Buffer[];
  /** Whether a certificate authority is trusted for it: its certificates cannot be verified here. */
  readonly authority: boolean;
};

/** What a host's key is, held against what is known. */
export type KeyVerdict = 'trusted' | 'unknown' | 'changed' | 'revoked' | 'only-authority' | 'other-than-declared';

/**
 * The keys for a host in known_hosts files: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. Plain names with wildcards and negation, hashed names,
 * `[name]:port` for other ports than 22, the markers `@revoked` and `@cert-authority`. A line that cannot be read trusts nothing.
 */
export function knownKeys(files: readonly string[], host: string, port: number): KnownKeys {
  const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
  const { plain, others } = entriesOf(files);
  const found = [...(plain.get(name) ?? []), ...others.filter(({ names }) => isFor(names, name))];
  const marked = (marker: string): Buffer[] => found.flatMap((each) => (each.marker === marker ? [each.key] : []));
  return {
    trusted: marked(''),
    revoked: marked('@revoked'),
    authority: found.some(({ marker }) => marker === '@cert-authority'),
  };
}

type Entry = { readonly marker: string; readonly names: string; readonly key: Buffer };
/** Entries by name, and those whose names are hashed or patterns. */
type Entries = { readonly plain: Map<string, Entry[]>; readonly others: Entry[] };

const read = new WeakMap<readonly string[], Entries>();

// Once for all hosts of a run: a fleet's known_hosts has as many lines as there are hosts.
function entriesOf(files: readonly string[]): Entries {
  const known = read.get(files);
  if (known) return known;
  const entries: Entries = { plain: new Map(), others: [] };
  for (const line of files.flatMap((text) => text.split('\n'))) {
    const entry = entryIn(line);
    if (!entry) continue;
    if (/[*?!|]/.test(entry.names)) {
      entries.others.push(entry);
      continue;
    }
    for (const name of new Set(entry.names.toLowerCase().split(','))) {
      const list = entries.plain.get(name) ?? [];
      list.push(entry);
      entries.plain.set(name, list);
    }
  }
  read.set(files, entries);
  return entries;
}

/** Whether the host that showed this key is the one that is meant; a fingerprint that the platform file declares decides before known_hosts. */
export function judgeKey(key: Buffer, { trusted, revoked, authority }: KnownKeys, declared?: string): KeyVerdict {
  if (revoked.some((each) => each.equals(key))) return 'revoked';
  if (declared !== undefined) return declared === fingerprint(key) ? 'trusted' : 'other-than-declared';
  if (trusted.some((each) => each.equals(key))) return 'trusted';
  if (trusted.length > 0) return 'changed';
  return authority ? 'only-authority' : 'unknown';
}

/** `SHA256:…` as ssh-keygen -l prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type that a key names itself: RFC 4253, 6.6. */
export function typeOf(key: Buffer): string {
  const length = key.length < 4 ? 0 : key.readUInt32BE(0);
  return key.toString('latin1', 4, 4 + Math.min(length, 64));
}

function entryIn(line: string): Entry | undefined {
  const words = line.trim().split(/[ \t]+/);
  const marker = words[0]?.startsWith('@') ? (words.shift() ?? '') : '';
  const [names = '', type = '', text = ''] = words;
  if (names === '' || names.startsWith('#')) return undefined;
  const key = Buffer.from(text, 'base64');
  return typeOf(key) === type ? { marker, names, key } : undefined;
}

function isFor(names: string, name: string): boolean {
  if (names.startsWith('|')) return isHashOf(names, name);
  let found = false;
  for (const pattern of names.toLowerCase().split(',')) {
    const matches = quotedGlob(pattern.replace(/^!/, '')).test(name);
    if (matches && pattern.startsWith('!')) return false;
    found ||= matches;
  }
  return found;
}

function isHashOf(entry: string, name: string): boolean {
  const [, salt, hash] = entry.match(/^\|1\|([A-Za-z0-9+/=]+)\|([A-Za-z0-9+/=]+)$/) ?? [];
  if (salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
