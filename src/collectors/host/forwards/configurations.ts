import type { Forward, Forwards } from '../../../evidence/host/forwards.ts';
import { clean } from '../output.ts';

export type Unread = Forwards['unread'][number];

/** Where a forward takes traffic and leads to. */
export type Found = Pick<Forward, 'kind' | 'listens' | 'to' | 'unresolved'>;

/** What one source tells: forwards, and what of it could not be read. */
export type Part = { readonly forwards: readonly Forward[]; readonly unread: readonly Unread[] };

/** One line of a reduced configuration. */
export type Statement = { readonly where: string; readonly words: readonly string[] };

/** The configuration of one running program, or of one that is only installed. */
export type Configuration = {
  readonly running: boolean;
  /** The network namespace of a container. */
  readonly network?: NonNullable<Forward['network']>;
  /** Its statements in the order in which they hold, includes in their place. */
  readonly statements: readonly Statement[];
};

type Draft = {
  readonly running: boolean;
  readonly path: string;
  readonly place: string;
  readonly network: string;
  readonly files: Map<string, string[][]>;
  readonly includes: Map<string, string[]>;
};

const most = 50_000;

/** Reads what a configuration command printed. */
export function readConfigurations(output: string): { configurations: Configuration[]; unread: Unread[] } {
  const drafts: Draft[] = [];
  const unread: Unread[] = [];
  let lines: string[][] | undefined;
  for (const line of output.split('\n')) {
    const draft = drafts.at(-1);
    if (line.startsWith('=@ ')) {
      const [pid = '', path = '', place = '', network = ''] = line.slice(3).split('\t');
      drafts.push({ running: pid !== '-', path, place, network, files: new Map(), includes: new Map() });
    } else if (line.startsWith('== ')) {
      lines = [];
      draft?.files.set(line.slice(3), lines);
    } else if (line.startsWith('++ ')) {
      const [pattern = '', path = ''] = line.slice(3).split('\t');
      draft?.includes.set(pattern, [...new Set([...(draft.includes.get(pattern) ?? []), path])]);
    } else if (line.startsWith('!! ')) unread.push(unreadLine(line));
    else if (line.startsWith(' ')) lines?.push(line.slice(1).split('\t'));
  }
  const configurations = drafts.map((draft) => {
    const statements: Statement[] = [];
    if (!expand(draft, draft.path, [], { statements, unread }))
      unread.push({ part: clean(draft.path), why: 'too-many' });
    return { running: draft.running, statements, ...networkOf(draft.network) };
  });
  return { configurations, unread };
}

/** The network namespace and its addresses, as `network_of` prints them; nothing for the host's own. */
export function networkOf(text: string): { network?: NonNullable<Forward['network']> } {
  const [id = '', ...addresses] = clean(text).split(' ');
  return id === '' ? {} : { network: { id, addresses } };
}

/** `!! WHY PART`. */
export function unreadLine(line: string): Unread {
  const [, why = '', part = ''] = line.match(/^!! (\S+) ?(.*)$/) ?? [];
  const known = why === 'denied' || why === 'missing' || why === 'no-tool' || why === 'too-many' ? why : 'unclear';
  return { part: clean(part), why: known };
}

type Reading = { readonly statements: Statement[]; readonly unread: Unread[] };

// A file that includes itself would never be loaded; a reader must not follow it either. Returns whether all of it was taken.
function expand(draft: Draft, path: string, above: readonly string[], into: Reading): boolean {
  // A pattern, where the program reads every file of a folder.
  const files = draft.files.has(path) ? [path] : (draft.includes.get(path) ?? []);
  const suffix = draft.place === '' ? '' : ` (${draft.place})`;
  return files.every((file) => {
    if (above.includes(file)) {
      into.unread.push({ part: clean(file), why: 'unclear' });
      return true;
    }
    return (draft.files.get(file) ?? []).every(([line = '', ...words]) => {
      if (into.statements.length >= most) return false;
      into.statements.push({ where: clean(`${file}:${line}${suffix}`), words: words.map(clean) });
      const isInclude = /^include(optional|dir)?$/i.test(words[0] ?? '');
      const included = isInclude ? (draft.includes.get(words[1] ?? '') ?? []) : [];
      return included.every((each) => expand(draft, each, [...above, file], into));
    });
  });
}
