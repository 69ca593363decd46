import { isAssembled, textFromElsewhere } from './assembled-text.ts';
import { keepsOf } from './purge-age.ts';
import { type Dialect, type Token, tokensOf } from './sql-tokens.ts';

/** The table whose rows might be deleted. */
export type Target = {
  readonly dialect: Dialect;
  readonly schema: string;
  readonly name: string;
  /** Its time column, and whether it holds a date or time (so that an age can be read from a comparison with now). */
  readonly time: string;
  readonly isDated: boolean;
  /** Partitions that are tables of their own. */
  readonly partitions: readonly string[];
  /** What else its rows can be reached by: views of it, tables that it is a part of. Their columns may bear other names. */
  readonly aliases?: readonly { readonly schema: string; readonly name: string }[];
  /** Where the text looks for names without a schema; absent: that shows only when it runs. */
  readonly home?: string;
};

/** A statement by which rows of a table disappear. */
export type Deletion = { readonly definition: string; readonly keeps?: { months: number; days: number } };

const worthALook =
  /\b(?:delete|truncate|drop|detach|merge|rename|update|exchange|replace|alter|inherit|schema|execute|prepare)\b/i;
const most = 8;
/** Statements of one text that are looked at: more are made to take long, and may hold anything. */
const mostLooks = 500;

/**
 * The first statement in SQL text that deletes rows of the table, drops or detaches parts of it, or rewrites its time; also in statements that the text
 * puts together from strings. One that deletes from a table that only shows when it runs counts, too.
 */
export function deletionIn(sql: string, target: Target, depth = 0): Deletion | undefined {
  if (!worthALook.test(sql) || depth > most) return undefined;
  const tokens = tokensOf(sql, target.dialect);
  let looks = 0;
  for (const [index, token] of tokens.entries()) {
    const word = token.text.toLowerCase();
    if (token.kind !== 'word' || !Object.hasOwn(readers, word)) continue;
    looks += 1;
    if (looks > mostLooks) return { definition: shown(tokens, index) };
    if (!readers[word]?.(tokens, index, target)) continue;
    const isOwn = readers[word]?.(tokens, index, { ...target, aliases: [] });
    const keeps = isOwn && isSurely(tokens, target) ? keepsOf(tokens, target) : undefined;
    return { definition: shown(tokens, index), ...(keeps ? { keeps } : {}) };
  }
  return inStrings(tokens, target, depth);
}

/** Whether SQL text calls a routine of that name. */
export function calls(sql: string, routine: string, dialect: Dialect): boolean {
  if (!sql.toLowerCase().includes(routine.toLowerCase())) return false;
  const tokens = tokensOf(sql, dialect);
  return tokens.some(
    ({ kind, text }, index) =>
      (kind === 'word' || kind === 'quoted') &&
      text.toLowerCase() === routine.toLowerCase() &&
      (tokens[index + 1]?.text === '(' || /^(?:call|function|procedure)$/i.test(before(tokens, index)?.text ?? '')),
  );
}

// A qualified name is preceded by its schema and a dot.
function before(tokens: readonly Token[], index: number): Token | undefined {
  return tokens[index - 1]?.text === '.' ? tokens[index - 3] : tokens[index - 1];
}

type Reader = (tokens: readonly Token[], at: number, target: Target) => boolean;

const readers: Readonly<Record<string, Reader | undefined>> = {
  delete(tokens, at, target) {
    const from = skip(tokens, at + 1, /^(?:low_priority|quick|ignore|history)$/);
    const own = statement(tokens, at);
    if (!isWord(tokens[from], /^from$/)) {
      // ON DELETE CASCADE, AFTER DELETE ON; DELETE a, b FROM … JOIN … names tables by other names.
      if (isWord(tokens[at - 1], /^(?:on|after|before|of|or|for)$/)) return false;
      return own.some(({ text }) => /^from$/i.test(text)) && mentions(own, target);
    }
    if (matches(tokens, skip(tokens, from + 1, /^only$/), target)) return true;
    return own.some((token) => isWord(token, /^(?:using|join)$/)) && mentions(own, target);
  },
  truncate(tokens, at, target) {
    if (tokens[at + 1]?.text === '(') return false;
    return lists(tokens, skip(tokens, at + 1, /^(?:table|only)$/), target);
  },
  drop(tokens, at, target) {
    if (isWord(tokens[at + 1], /^(?:schema|database)$/)) {
      const named = tokens[skip(tokens, at + 2, /^(?:if|exists)$/)];
      return named !== undefined && same(named.text, target.schema);
    }
    // All tables of an account.
    if (isWord(tokens[at + 1], /^owned$/)) return true;
    if (!isWord(tokens[at + 1], /^table$/)) return false;
    return lists(tokens, skip(tokens, at + 2, /^(?:if|exists)$/), target);
  },
  // REPLACE INTO, which deletes what has the same key; CREATE OR REPLACE TABLE.
  replace(tokens, at, target) {
    return matches(tokens, skip(tokens, at + 1, /^(?:into|low_priority|delayed|table|if|not|exists)$/), target);
  },
  rename(tokens, at, target) {
    return isWord(tokens[at + 1], /^tables?$/) && mentions(statement(tokens, at), target);
  },
  alter(tokens, at, target) {
    const words = statement(tokens, at).map(({ text }) => text.toLowerCase());
    if (words[1] === 'schema') return same(words[2] ?? '', target.schema) && words[3] === 'rename';
    const table = skip(tokens, at + 1, /^(?:online|ignore)$/);
    if (!isWord(tokens[table], /^table$/)) return false;
    // The rows of both change places.
    const swapped = words.findIndex((word, index) => word === 'with' && words[index + 1] === 'table');
    if (words.includes('exchange') && swapped > 0 && matches(tokens, at + swapped + 2, target)) return true;
    if (!matches(tokens, skip(tokens, table + 1, /^(?:if|exists|only)$/), target)) return false;
    return words.some(
      (word, index) =>
        word === 'rename' ||
        (/^(?:drop|truncate|detach|exchange|discard|convert)$/.test(word) && words[index + 1] === 'partition') ||
        (word === 'discard' && words[index + 1] === 'tablespace') ||
        (word === 'set' && words[index + 1] === 'schema') ||
        (word === 'no' && words[index + 1] === 'inherit'),
    );
  },
  update(tokens, at, target) {
    const own = statement(tokens, at);
    const set = own.findIndex((token) => isWord(token, /^set$/));
    return set > 0 && mentions(own.slice(0, set), target) && assigns(own.slice(set), target.time);
  },
  // ON CONFLICT … DO UPDATE SET, ON DUPLICATE KEY UPDATE.
  insert(tokens, at, target) {
    const own = statement(tokens, at);
    const update = own.findIndex((token, index) => isWord(token, /^update$/) && isWord(own[index - 1], /^(?:do|key)$/));
    const into = skip(tokens, at + 1, /^(?:into|low_priority|delayed|high_priority|ignore|only)$/);
    return update > 0 && matches(tokens, into, target) && assigns(own.slice(update), target.time);
  },
  merge(tokens, at, target) {
    const own = statement(tokens, at);
    return (
      matches(tokens, skip(tokens, at + 1, /^(?:into|only)$/), target) && own.some((each) => isWord(each, /^delete$/))
    );
  },
};

// a = 1, b.a = 1, (a, b) = (1, 2); up to the condition.
function assigns(tokens: readonly Token[], column: string): boolean {
  let isList = false;
  let isListed = false;
  for (const [index, { kind, text }] of tokens.entries()) {
    if (isWord(tokens[index], /^where$/)) return false;
    const isAssigned = tokens[index + 1]?.text === '=';
    if (kind !== 'string' && same(text, column)) {
      if (isAssigned) return true;
      isListed = true;
    }
    if (text === '(') {
      isList = isWord(tokens[index - 1], /^set$/) || tokens[index - 1]?.text === ',';
      isListed = false;
    }
    if (text === ')' && isList && isListed && isAssigned) return true;
  }
  return false;
}

// Text that is run as SQL: DO $$ … $$, EXECUTE '…', PREPARE s FROM @text; a body in another language has its SQL in strings, too.
function inStrings(tokens: readonly Token[], target: Target, depth: number): Deletion | undefined {
  for (const [index, { kind, text }] of tokens.entries()) {
    if ((kind !== 'string' && kind !== 'quoted') || !worthALook.test(text)) continue;
    const found = deletionIn(text, target, depth + 1);
    if (found) return found;
    if (isAssembled(tokens, index, target)) return { definition: shown(tokens, index) };
  }
  const unknown = textFromElsewhere(tokens);
  return unknown === undefined ? undefined : { definition: shown(tokens, unknown) };
}

function statement(tokens: readonly Token[], from: number): readonly Token[] {
  const end = tokens.findIndex(({ kind, text }, index) => index >= from && kind === 'sign' && text === ';');
  return tokens.slice(from, end < 0 ? undefined : end);
}

function skip(tokens: readonly Token[], from: number, words: RegExp): number {
  let at = from;
  while (isWord(tokens[at], words)) at += 1;
  return at;
}

function isWord(token: Token | undefined, words: RegExp): boolean {
  return token?.kind === 'word' && words.test(token.text.toLowerCase());
}

function lists(tokens: readonly Token[], from: number, target: Target): boolean {
  for (let at = from; at < tokens.length; at += 1) {
    if (matches(tokens, at, target)) return true;
    const { kind, text = '' } = tokens[at] ?? {};
    if (kind === 'sign' && text !== ',' && text !== '.') return false;
  }
  return false;
}

function mentions(tokens: readonly Token[], target: Target): boolean {
  return tokens.some((_, index) => tokens[index - 1]?.text !== '.' && matches(tokens, index, target));
}

// A name without a schema is usually one of `public`; elsewhere it may be another table of the name.
function isSurely(tokens: readonly Token[], { home, schema, name }: Target): boolean {
  const isQualified = tokens.some(
    ({ text }, index) =>
      same(text, schema) && tokens[index + 1]?.text === '.' && same(tokens[index + 2]?.text ?? '', name),
  );
  return isQualified || home !== undefined || schema === 'public';
}

// Without a schema a name may be the table’s: which one it is shows only when it runs.
function matches(tokens: readonly Token[], at: number, target: Target): boolean {
  const named = nameAt(tokens, at);
  if (!named) return false;
  const { partitions, home, aliases = [] } = target;
  const is = (table: { readonly schema: string; readonly name: string }): boolean =>
    same(named.name, table.name) &&
    (named.schema === undefined ? home === undefined || same(home, table.schema) : same(named.schema, table.schema));
  if (is(target) || aliases.some(is)) return true;
  return !same(named.name, target.name) && partitions.some((each) => same(named.name, each));
}

// table, schema.table, database.schema.table
function nameAt(tokens: readonly Token[], at: number): { readonly schema?: string; readonly name: string } | undefined {
  const parts: string[] = [];
  for (let next = at; parts.length < 3; next += 2) {
    const token = tokens[next];
    if (token?.kind !== 'word' && token?.kind !== 'quoted') break;
    parts.push(token.text);
    if (tokens[next + 1]?.text !== '.') break;
  }
  const [name, schema] = parts.toReversed();
  if (name === undefined) return undefined;
  return schema === undefined ? { name } : { schema, name };
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

const lengthShown = 300;

// Literals may be values of the data; of those only ages are shown.
function shown(tokens: readonly Token[], from: number): string {
  const words = statement(tokens, from).map(({ kind, text, isDoubtful }) => {
    const isText = kind === 'string' || isDoubtful || (kind === 'quoted' && /['=<>;]|^.{64}/s.test(text));
    if (isText) return /^\d{1,5} ?[a-z]*$/i.test(text) ? `'${text}'` : "'…'";
    if (kind === 'number' && text.length > 5) return '…';
    return text;
  });
  const line = words
    .join(' ')
    .replace(/ ?([().,]) ?/g, '$1')
    .replaceAll(',', ', ');
  return line.length > lengthShown ? `${line.slice(0, lengthShown)}…` : line;
}
