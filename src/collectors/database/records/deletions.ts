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
  /** Where the text looks for names without a schema; absent: that shows only when it runs. */
  readonly home?: string;
};

/** A statement by which rows of a table disappear. */
export type Deletion = { readonly definition: string; readonly keeps?: { months: number; days: number } };

/** Statements that are put together when they run, and what they delete then. */
const assembled =
  /\b(?:delete\s+from(?:\s+only)?|truncate(?:\s+table)?(?:\s+only)?|drop\s+table(?:\s+if\s+exists)?|(?:detach|drop|truncate)\s+partition(?:\s+if\s+exists)?)\s*["`']?\s*(?:$|[^\s;]*[%?${}])/i;
const worthALook = /\b(?:delete|truncate|drop|detach|merge|rename|update|exchange)\b/i;
const most = 8;

/**
 * The first statement in SQL text that deletes rows of the table, drops or detaches parts of it, or rewrites its time; also in statements that the text
 * puts together from strings. One that deletes from a table that only shows when it runs counts, too.
 */
export function deletionIn(sql: string, target: Target, depth = 0): Deletion | undefined {
  if (!worthALook.test(sql) || depth > most) return undefined;
  const tokens = tokensOf(sql, target.dialect);
  for (const [index, token] of tokens.entries()) {
    const word = token.text.toLowerCase();
    if (token.kind !== 'word' || !Object.hasOwn(readers, word)) continue;
    if (!readers[word]?.(tokens, index, target)) continue;
    const keeps = isSurely(tokens, target) ? keepsOf(tokens, target) : undefined;
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
      // ON DELETE CASCADE, AFTER DELETE ON; MERGE … THEN DELETE is read from its beginning; DELETE a, b FROM … JOIN … names tables by other names.
      if (isWord(tokens[at - 1], /^(?:on|after|before|of|or|for|then)$/)) return false;
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
    if (!isWord(tokens[at + 1], /^table$/)) return false;
    return lists(tokens, skip(tokens, at + 2, /^(?:if|exists)$/), target);
  },
  rename(tokens, at, target) {
    return isWord(tokens[at + 1], /^tables?$/) && mentions(statement(tokens, at), target);
  },
  alter(tokens, at, target) {
    if (!isWord(tokens[at + 1], /^table$/)) return false;
    if (!matches(tokens, skip(tokens, at + 2, /^(?:if|exists|only)$/), target)) return false;
    const words = statement(tokens, at).map(({ text }) => text.toLowerCase());
    return words.some(
      (word, index) =>
        word === 'rename' ||
        (/^(?:drop|truncate|detach|exchange|discard)$/.test(word) && words[index + 1] === 'partition') ||
        (word === 'no' && words[index + 1] === 'inherit'),
    );
  },
  update(tokens, at, target) {
    if (!matches(tokens, skip(tokens, at + 1, /^(?:only|low_priority|ignore)$/), target)) return false;
    const own = statement(tokens, at);
    const set = own.findIndex((token) => isWord(token, /^set$/));
    const where = own.findIndex((token) => isWord(token, /^where$/));
    return own.some(
      ({ text }, index) =>
        set >= 0 &&
        index > set &&
        (where < 0 || index < where) &&
        same(text, target.time) &&
        own[index + 1]?.text === '=',
    );
  },
  merge(tokens, at, target) {
    const own = statement(tokens, at);
    return (
      matches(tokens, skip(tokens, at + 1, /^(?:into|only)$/), target) && own.some((each) => isWord(each, /^delete$/))
    );
  },
};

// Text that is run as SQL: DO $$ … $$, EXECUTE '…', PREPARE s FROM @text; a body in another language has its SQL in strings, too.
function inStrings(tokens: readonly Token[], target: Target, depth: number): Deletion | undefined {
  for (const [index, { kind, text }] of tokens.entries()) {
    if ((kind !== 'string' && kind !== 'quoted') || !worthALook.test(text)) continue;
    const found = deletionIn(text, target, depth + 1);
    if (found) return found;
    if (!tokens.some((token) => isWord(token, /^(?:execute|prepare|immediate|exec|plan|query)$/))) continue;
    // Blanks in one: a hundred thousand of them would take the pattern minutes.
    if (assembled.test(text.replace(/\s+/g, ' ')) || isBegun(text, tokens[index + 1], target))
      return { definition: shown(tokens, index) };
  }
  return undefined;
}

// 'DROP TABLE invoices_' || to_char(…)
function isBegun(text: string, next: Token | undefined, { name, partitions }: Target): boolean {
  const [, begun = ''] = text.match(/(?:from|table|only|exists|partition)\s+["`]?(?:\w+\.)?["`]?([^\s"`.;]+)$/i) ?? [];
  if (begun === '' || !(next?.text === '||' || next?.text === ',')) return false;
  return [name, ...partitions].some((each) => each.toLowerCase().startsWith(begun.toLowerCase()));
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
function matches(tokens: readonly Token[], at: number, { schema, name, partitions, home }: Target): boolean {
  const isName = (token: Token | undefined): token is Token => token?.kind === 'word' || token?.kind === 'quoted';
  const first = tokens[at];
  if (!isName(first)) return false;
  const is = (text: string): boolean => same(text, name) || partitions.some((each) => same(text, each));
  const second = tokens[at + 1]?.text === '.' ? tokens[at + 2] : undefined;
  if (!isName(second)) return is(first.text) && (home === undefined || same(home, schema));
  return is(second.text) && (same(first.text, schema) || !same(second.text, name));
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

const lengthShown = 300;

// Literals may be values of the data; of those only ages are shown.
function shown(tokens: readonly Token[], from: number): string {
  const words = statement(tokens, from).map(({ kind, text }) => {
    if (kind === 'string') return /^\d{1,5} ?[a-z]*$/i.test(text) ? `'${text}'` : "'…'";
    if (kind === 'number' && text.length > 5) return '…';
    return text;
  });
  const line = words
    .join(' ')
    .replace(/ ?([().,]) ?/g, '$1')
    .replaceAll(',', ', ');
  return line.length > lengthShown ? `${line.slice(0, lengthShown)}…` : line;
}
