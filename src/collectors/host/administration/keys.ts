import type { Key } from '../../../evidence/host/administration.ts';
import { clean, linesOf } from '../output.ts';

/** What the key files of a host hold, by account. */
export type KeyFiles = {
  readonly keys: ReadonlyMap<string, readonly Key[]>;
  /** A file or a line could not be read. */
  readonly denied: boolean;
  /** Part of the configuration could not be read, or the service runs with another. */
  readonly settingsUnread: boolean;
  readonly sources: readonly string[];
};

// What `base64 -d` hands on when it refuses its input.
const hashOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Reads the fingerprints; a line without a whole one counts as denied. */
export function readKeys(output: string): KeyFiles {
  const keys = new Map<string, Key[]>();
  let denied = linesOf(output, 'denied:').length > 0;
  for (const line of new Set(linesOf(output, 'key:'))) {
    const [name = '', mark = '', type = '', hash = '', comment = ''] = line.split(':');
    if (!/^[0-9a-f]{64}$/.test(hash) || hash === hashOfNothing) {
      denied = true;
      continue;
    }
    const [role, ...options] = mark.split('+');
    const bounds = (['command', 'from'] as const).filter((each) => options.includes(each));
    const owner = clean(name);
    const known = keys.get(owner) ?? [];
    keys.set(owner, known);
    known.push({
      fingerprint: `SHA256:${Buffer.from(hash, 'hex').toString('base64').replace(/=+$/, '')}`,
      type: clean(type),
      authority: role === 'authority',
      // The host masks it already; a transcript that was edited by hand may not.
      ...(comment === '' ? {} : { comment: comment.endsWith('***') ? clean(comment).slice(-4) : '***' }),
      ...(bounds.length > 0 ? { bounds } : {}),
    });
  }
  // Whom an authority signs for stands nowhere on the host.
  const authorities = [...keys].flatMap(([name, each]) => (each.some((key) => key.authority) ? [name] : []));
  const sources = [...linesOf(output, 'source:').map(clean), ...authorities.map((name) => `cert-authority ${name}`)];
  return {
    keys,
    denied,
    settingsUnread: linesOf(output, 'unread:').length > 0,
    sources: [...new Set(sources)].toSorted(),
  };
}
