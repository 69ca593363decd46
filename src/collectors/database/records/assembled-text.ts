import type { Token } from './sql-tokens.ts';

// Where a name is filled in when the statement runs, or the piece of text ends; before it may stand a schema.
const open = String.raw`\s*(?:["\`']?[\w$]{1,64}["\`']?\.)?["\`']?\s*(?:$|[^\s;]{0,64}[%?{}$])`;
const ofPart = String.raw`(?:detach|drop|truncate|exchange|convert)\s+partition`;
const moves = String.raw`no\s+inherit|rename\s+to|set\s+schema`;

/** Statements that are put together when they run, and what they delete then. */
const patterns = [
  String.raw`\b(?:delete\s+from|truncate(?:\s+table)?)(?:\s+only)?${open}`,
  String.raw`\b(?:drop\s+table|${ofPart})(?:\s+if\s+exists)?${open}`,
  String.raw`\b(?:replace\s+into|${moves})${open}`,
  String.raw`\bdelete\s*$`,
  String.raw`\balter\s+table\s+[^\s;]{0,64}[%?{}$]\S{0,64}\s+(?:detach\s|${moves}|${ofPart})`,
].map((pattern) => new RegExp(pattern, 'i'));

const runsText = /exec|prepare|immediate|^plan$|query/i;

/** Whether the string at a place of SQL text is a piece of a statement that deletes, from a table that shows when it is run. */
export function isAssembled(
  tokens: readonly Token[],
  at: number,
  { name, partitions }: { readonly name: string; readonly partitions: readonly string[] },
): boolean {
  if (!tokens.some(({ kind, text }) => kind === 'word' && runsText.test(text))) return false;
  // Blanks in one: a hundred thousand of them would take a pattern minutes.
  const text = (tokens[at]?.text ?? '').replace(/\s+/g, ' ');
  return patterns.some((pattern) => pattern.test(text)) || isBegun(text, tokens[at + 1], [name, ...partitions]);
}

// 'DROP TABLE invoices_' || to_char(…)
function isBegun(text: string, next: Token | undefined, names: readonly string[]): boolean {
  if (!['||', ',', '+', '.', '%'].includes(next?.text ?? '')) return false;
  const [, begun = ''] =
    text.match(/(?:from|table|only|exists|partition) ["`]?(?:\w{1,64}["`]?\.)?["`]?([^\s"`.;]{1,64})$/i) ?? [];
  return begun !== '' && names.some((each) => each.toLowerCase().startsWith(begun.toLowerCase()));
}

const verb =
  /^\s*(?:select|with|insert|update|delete|merge|replace|create|alter|drop|truncate|refresh|vacuum|analyze|reindex|grant|revoke|set|call|do|copy|lock|notify|comment)\b/i;

/** Where SQL text runs a text that it has from elsewhere, an argument or a table of statements: no string of its own begins as a statement does. */
export function textFromElsewhere(tokens: readonly Token[]): number | undefined {
  const at = tokens.findIndex(({ kind, text }, index) => kind === 'word' && isRun(text.toLowerCase(), tokens, index));
  if (at < 0 || tokens.some(({ kind, text, isDoubtful }) => (kind === 'string' || isDoubtful) && verb.test(text)))
    return undefined;
  return at;
}

// EXECUTE text, EXECUTE IMMEDIATE text, PREPARE s FROM @text. Not EXECUTE FUNCTION f(), GRANT EXECUTE ON, EXECUTE s of what was prepared, EXECUTE format(…).
function isRun(word: string, tokens: readonly Token[], at: number): boolean {
  const after = tokens.slice(at + 1, at + 4);
  if (word === 'prepare') return /^from$/i.test(after[1]?.text ?? '') && after[2]?.text.startsWith('@') === true;
  if (word !== 'execute') return false;
  const isImmediate = /^immediate$/i.test(after[0]?.text ?? '');
  const [text, next] = isImmediate ? after.slice(1) : after;
  if (text?.kind !== 'word' || next?.text === '(' || /^(?:function|procedure|on)$/i.test(text.text)) return false;
  return isImmediate || !tokens.some((token) => /^prepare$/i.test(token.text));
}
