import type { Deleter } from '../../../evidence/database/records.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import { intervalOf } from './purge-age.ts';
import { type Token, tokensOf } from './sql-tokens.ts';

/** What the making of a table says of rows that go by themselves: cascades, time to live, and that the server empties it after a failure. */
export function deletersInDefinition({ definition, time }: Pick<CatalogueTable, 'definition' | 'time'>): Deleter[] {
  if (definition === '') return [];
  const tokens = tokensOf(definition, 'mysql');
  // An unlogged table is emptied by recovery (PostgreSQL, CREATE TABLE).
  if (areWords(tokens, 0, 'unlogged')) return [{ kind: 'ttl', name: 'UNLOGGED', definition: 'UNLOGGED' }];
  const keys = tokens.flatMap((_, index) => (areWords(tokens, index, 'foreign', 'key') ? cascade(tokens, index) : []));
  return [...keys, ...timeToLive(tokens, time.name)];
}

// CONSTRAINT `name` FOREIGN KEY (`a`, `b`) REFERENCES `parent` (`a`, `b`) ON DELETE CASCADE ON UPDATE CASCADE,
function cascade(tokens: readonly Token[], at: number): Deleter[] {
  const name = areWords(tokens, at - 2, 'constraint') ? (tokens[at - 1]?.text ?? '') : '';
  const references = tokens.findIndex((_, index) => index > at && areWords(tokens, index, 'references'));
  const list = tokens.findIndex(({ kind, text }, index) => index > references && kind === 'sign' && text === '(');
  const closed = tokens.findIndex(({ kind, text }, index) => index > list && kind === 'sign' && text === ')');
  if (references < 0 || list < 0 || closed < 0) return [];
  const parent = tokens.slice(references + 1, list).map(({ text }) => text);
  const end = tokens.findIndex(({ kind, text }, index) => index > closed && kind === 'sign' && /^[,)]$/.test(text));
  const actions = tokens.slice(closed + 1, end < 0 ? undefined : end);
  if (!actions.some((_, index) => areWords(actions, index, 'on', 'delete', 'cascade'))) return [];
  return [{ kind: 'foreign-key', name: `${name} → ${parent.join('')}`, definition: 'ON DELETE CASCADE' }];
}

// TiDB: TTL = `created_at` + INTERVAL 3 YEAR TTL_ENABLE = 'ON' (docs.pingcap.com, time-to-live).
function timeToLive(tokens: readonly Token[], time: string): Deleter[] {
  const at = tokens.findIndex(
    (_, index) => areWords(tokens, index, 'ttl') && /^[=(]$/.test(tokens[index + 1]?.text ?? ''),
  );
  if (at < 0) return [];
  const enabled = tokens.findIndex((_, index) => areWords(tokens, index, 'ttl_enable'));
  if (enabled >= 0 && /^off$/i.test(tokens[enabled + 2]?.text ?? '')) return [];
  const [column, plus, interval, count, unit] = tokens.slice(at + 2).map(({ text }) => text);
  if (column === undefined || plus !== '+' || !/^interval$/i.test(interval ?? ''))
    return [{ kind: 'ttl', name: 'TTL', definition: 'TTL' }];
  const age = column.toLowerCase() === time.toLowerCase() ? intervalOf(`${count} ${unit}`) : undefined;
  const definition = `TTL = ${column} + INTERVAL ${count} ${unit}`;
  return [{ kind: 'ttl', name: 'TTL', definition, ...(age ? { keeps: age } : {}) }];
}

// Names are quoted and comments are strings: neither is a word.
function areWords(tokens: readonly Token[], at: number, ...words: string[]): boolean {
  return words.every((word, index) => {
    const token = tokens[at + index];
    return token?.kind === 'word' && token.text.toLowerCase() === word;
  });
}
