/** How an engine writes SQL text. */
export type Dialect = 'postgresql' | 'mysql';

/** A piece of SQL text; `text` of a name is unquoted, of a string its content. */
export type Token = {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'sign';
  readonly text: string;
  /** In double quotes, which MySQL takes for a string unless it is told otherwise. */
  readonly isDoubtful?: true;
  /** Where it stands in the text. */
  readonly from: number;
  readonly to: number;
};

const rest =
  /(?<double>"(?:[^"]|"")*(?:"|$))|(?<back>`(?:[^`]|``)*(?:`|$))|(?<number>0x[\da-fA-F]+|\d+(?:\.\d+)?)|(?<word>[\p{L}_@][\p{L}\p{N}_$@]*)|(?<sign><=|>=|<>|!=|::|:=|\|\||[\s\S])/u
    .source;

// PostgreSQL: quotes by dollars, a backslash means something in E'' only. MySQL: # and `-- ` are comments, a backslash escapes.
const spellings: Record<Dialect, RegExp> = {
  postgresql: new RegExp(
    String.raw`(?<space>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<dollar>\$(?<tag>(?:[\p{L}_][\p{L}\p{N}_]*)?)\$[\s\S]*?(?:\$\k<tag>\$|$))|(?<string>[eE]'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|[nNxXbB]?'(?:[^']|'')*(?:'|$))|${rest}`,
    'uy',
  ),
  mysql: new RegExp(
    String.raw`(?<space>\s+|--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>[nNxXbB]?'(?:[^'\\]|''|\\[\s\S])*(?:'|$))|${rest}`,
    'uy',
  ),
};

// What MySQL and its kin run inside a comment: /*!50000 … */, /*M! … */, /*T![ttl] … */.
const conditional = /\/\*(?:M?!\d*|T!(?:\[[\w,]*\])?)([\s\S]*?)\*\//g;

/** Reads SQL text into tokens, comments left out; never throws. */
export function tokensOf(sql: string, dialect: Dialect): Token[] {
  const text = dialect === 'mysql' ? sql.replace(conditional, ' $1 ') : sql;
  const tokens: Token[] = [];
  // One for all texts, for to make it anew costs a millisecond.
  const spelled = spellings[dialect];
  spelled.lastIndex = 0;
  for (let match = spelled.exec(text); match !== null; match = spelled.exec(text)) {
    const read = tokenOf(match[0], match.groups ?? {}, dialect);
    if (read) tokens.push({ ...read, from: match.index, to: match.index + match[0].length });
  }
  return tokens;
}

function tokenOf(
  raw: string,
  groups: Record<string, string | undefined>,
  dialect: Dialect,
): Pick<Token, 'kind' | 'text' | 'isDoubtful'> | undefined {
  const { space, dollar, tag = '', string, double, back, number, word } = groups;
  if (space !== undefined) return undefined;
  if (dollar !== undefined) return { kind: 'string', text: raw.slice(tag.length + 2, -(tag.length + 2)) };
  if (string !== undefined)
    return { kind: 'string', text: raw.slice(raw.indexOf("'") + 1, -1).replace(/''|\\'/g, "'") };
  if (double !== undefined) {
    const text = raw.slice(1, -1).replaceAll('""', '"');
    return { kind: 'quoted', text, ...(dialect === 'mysql' ? { isDoubtful: true } : {}) };
  }
  if (back !== undefined) return { kind: 'quoted', text: raw.slice(1, -1).replaceAll('``', '`') };
  if (number !== undefined) return { kind: 'number', text: raw };
  return { kind: word === undefined ? 'sign' : 'word', text: raw };
}

/** The tokens as words in lower case with single blanks between, strings in quotes: for patterns. */
export function spelledOut(tokens: readonly Token[]): string {
  return tokens.map(({ kind, text }) => (kind === 'string' ? `'${text}'` : text.toLowerCase())).join(' ');
}
