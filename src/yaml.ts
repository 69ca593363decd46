import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import { en, zhCN } from 'zod/locales';
import { codeOf, InputError, messageOf } from './errors.ts';
import { joined, printable, type Text } from './text.ts';
import { syntaxProblem } from './yaml-syntax.ts';

/** Largest YAML file read, bytes: a platform of a thousand hosts takes some 300 KB. */
const largestFile = 4 * 1024 * 1024;

/** The way from the top of a file to a value: keys and list positions. */
type Path = readonly PropertyKey[];

/** Something wrong in a file. */
export type Mistake = {
  /** `file:line:column`. */
  readonly at: string;
  /** The key, and what would be right. */
  readonly text: Text;
};

/** A YAML file as far as it could be read. */
export type YamlFile<T> = {
  /** What the schema made of it; absent when there are mistakes. */
  readonly value: T | undefined;
  /** The content before any schema, for what can be said in spite of mistakes. */
  readonly plain: unknown;
  readonly mistakes: readonly Mistake[];
  /** A mistake at a key that no schema sees. */
  mistake(path: Path, text: Text): Mistake;
};

/** The same, read from a file: with the SHA-256 of its bytes. */
export type ReadYamlFile<T> = YamlFile<T> & { readonly sha256: string };

/**
 * Reads a YAML file and checks it against a schema.
 * Throws {@link InputError} with every mistake at once: file, line, column, key, what would be right.
 */
export async function readYaml<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  const { value, mistakes } = await readYamlFile(path, schema);
  refuse(mistakes);
  // Without mistakes the schema has accepted the file, so that the value is there; it may be undefined by the schema's leave.
  return value as z.output<S>;
}

/** The same, handing back the mistakes; throws only where the file itself cannot be read. */
export async function readYamlFile<S extends z.ZodType>(path: string, schema: S): Promise<ReadYamlFile<z.output<S>>> {
  const bytes = await readLimited(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { ...parseYaml(utf8(bytes, path), path, schema), sha256 };
}

/** The same on text already read; `path` is only named in mistakes. */
export function parseYaml<S extends z.ZodType>(source: string, path: string, schema: S): YamlFile<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const mistake = (keys: Path, text: Text): Mistake => {
    const range = nodeAt(document.contents, keys)?.range;
    const key = keys.length > 0 ? `${z.core.toDotPath([...keys])}: ` : '';
    return { at: range ? place(range[0]) : path, text: { zh: key + text.zh, en: key + text.en } };
  };
  const unread = (mistakes: Mistake[]): YamlFile<never> => ({ value: undefined, plain: undefined, mistakes, mistake });

  const syntax = document.errors.map((error) => ({ at: place(error.pos[0]), text: syntaxProblem(error) }));
  if (syntax.length > 0) return unread(syntax);
  const plain = toPlain(document);
  if ('problem' in plain) return unread([mistake([], notYaml(plain.problem))]);
  const result = schema.safeParse(plain.value, { error: chinese });
  if (result.success) return { value: result.data, plain: plain.value, mistakes: [], mistake };
  // The same issues in the same order, worded in the other language.
  const inEnglish = schema.safeParse(plain.value, { error: english }).error?.issues.flatMap(issuesOf) ?? [];
  const mistakes = result.error.issues
    .flatMap(issuesOf)
    .map((issue, index) => mistake(issue.path, wording(issue.message, inEnglish[index]?.message)));
  return { value: undefined, plain: plain.value, mistakes, mistake };
}

/** Throws {@link InputError} with all mistakes, if there are any. */
export function refuse(mistakes: readonly Mistake[]): void {
  if (mistakes.length === 0) return;
  throw new InputError(
    joined(
      mistakes.map(({ at, text }) => ({ zh: printable(`${at}  ${text.zh}`), en: printable(`${at}  ${text.en}`) })),
      '\n',
      '\n',
    ),
  );
}

function notYaml(problem: string): Text {
  return { zh: `YAML 语法错误：${problem}`, en: `YAML syntax: ${problem}` };
}

// Aliases are what a "billion laughs" bomb is made of: the library stops at 100 expansions.
function toPlain(document: Document.Parsed): { value: unknown } | { problem: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

async function readLimited(path: string): Promise<Buffer> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > largestFile) throw tooLarge(path, size);
    const chunks: Buffer[] = [];
    // A device and a growing file have no size that could be believed.
    for await (const chunk of file.createReadStream({ end: largestFile, autoClose: false }))
      chunks.push(Buffer.from(chunk));
    const bytes = Buffer.concat(chunks);
    if (bytes.length > largestFile) throw tooLarge(path, bytes.length);
    return bytes;
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why =
      codeOf(error) === 'ENOENT'
        ? { zh: '文件不存在', en: 'no such file' }
        : { zh: messageOf(error), en: messageOf(error) };
    throw new InputError({ zh: `无法读取 ${path}：${why.zh}`, en: `cannot read ${path}: ${why.en}` }, { cause: error });
  }
}

function tooLarge(path: string, bytes: number): InputError {
  return new InputError({
    zh: `${path} 有 ${bytes} 字节，超过上限 ${largestFile}`,
    en: `${path} has ${bytes} bytes; the limit is ${largestFile}`,
  });
}

// Read with replacement, a name in GB18030 would become nonsense and enter the report.
function utf8(bytes: Buffer, path: string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8').replace(/^\uFEFF/, '');
  let line = 0;
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start) + 1 || bytes.length;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end;
  }
  throw new InputError({
    zh: `${path}:${line + 1}  不是 UTF-8 编码（可能是 GB18030 或 Unicode），请用编辑器另存为 UTF-8`,
    en: `${path}:${line + 1}  not UTF-8 (GB18030 or UTF-16, perhaps); save it as UTF-8`,
  });
}

const separator = ' | ';

// Our own schema messages carry both languages as `中文 | English`; the others come from zod in one at a time.
function wording(message: string, inEnglish = message): Text {
  const [zh, english] = message.split(separator);
  return zh !== undefined && english !== undefined ? { zh, en: english } : { zh: message, en: inEnglish };
}

const chinese: z.core.$ZodErrorMap = (issue) => unknownKeys(issue) ?? zhCN().localeError(issue);
const english: z.core.$ZodErrorMap = (issue) => unknownKeys(issue) ?? en().localeError(issue);

function unknownKeys(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined;
  const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
  return `没有这个键；可用：${known.join('、')}${separator}there is no such key; there are: ${known.join(', ')}`;
}

type Issue = { readonly path: Path; readonly message: string };

// A union's own message says nothing; the branch that came nearest does.
function issuesOf(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const order = (a: readonly z.core.$ZodIssue[], b: readonly z.core.$ZodIssue[]): number =>
      strangers(a) - strangers(b) || deepest(b) - deepest(a) || a.length - b.length;
    const nearest = issue.errors.toSorted(order)[0] ?? [];
    return nearest.flatMap((inner) => issuesOf({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: issue.message }));
  return [{ path: issue.path, message: issue.message }];
}

// Keys that a shape has not speak against it more than values it does not take.
function strangers(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);
}

function deepest(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function nodeAt(root: unknown, path: Path): Node | undefined {
  let found: Node | undefined = isNode(root) ? root : undefined;
  let node: unknown = root;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) break;
      if (isNode(pair.key)) found = pair.key;
      node = pair.value;
    } else if (typeof node === 'object' && node !== null && 'get' in node && typeof node.get === 'function') {
      node = node.get(key, true);
      if (isNode(node)) found = node;
    } else break;
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value;
}
