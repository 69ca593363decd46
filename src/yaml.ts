import { open } from 'node:fs/promises';
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import { en, zhCN } from 'zod/locales';
import { codeOf, InputError, messageOf } from './errors.ts';
import { printable, type Text } from './text.ts';

/** Largest YAML file read, bytes: a platform of a thousand hosts takes some 300 KB. */
const largestFile = 4 * 1024 * 1024;

/** Our own schema messages carry both languages as `中文 | English`. */
type Mistake = { path: readonly PropertyKey[]; message: string };

/**
 * Reads a YAML file and checks it against a schema.
 * Throws {@link InputError} with every mistake at once: file, line, column, key, what would be right.
 */
export async function readYaml<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  return parseYaml(await readLimited(path), path, schema);
}

/** The same on text already read; `path` is only named in errors. */
export function parseYaml<S extends z.ZodType>(source: string, path: string, schema: S): z.output<S> {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw inputError(
      document.errors.map((error) => ({
        at: place(error.pos[0]),
        text: { zh: `YAML 语法错误：${error.message}`, en: `YAML syntax: ${error.message}` },
      })),
    );
  }
  const plain = toPlain(document, path);
  const result = schema.safeParse(plain, { error: chinese });
  if (result.success) return result.data;
  // The same issues in the same order, worded in the other language.
  const inEnglish = schema.safeParse(plain, { error: english }).error?.issues.flatMap(mistakesOf) ?? [];
  throw inputError(
    result.error.issues.flatMap(mistakesOf).map(({ path: keys, message }, index) => {
      const node = nodeAt(document.contents, keys);
      const key = keys.length > 0 ? `${z.core.toDotPath([...keys])}: ` : '';
      const [zh = '', en_ = inEnglish[index]?.message ?? message] = message.split(' | ');
      return { at: node?.range ? place(node.range[0]) : path, text: { zh: key + zh, en: key + en_ } };
    }),
  );
}

// Aliases are what a "billion laughs" bomb is made of: the library stops at 100 expansions.
function toPlain(document: ReturnType<typeof parseDocument>, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new InputError({ zh: `${path}：${messageOf(error)}`, en: `${path}: ${messageOf(error)}` }, { cause: error });
  }
}

async function readLimited(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > largestFile) {
      throw new InputError({
        zh: `${path} 有 ${size} 字节，超过上限 ${largestFile}`,
        en: `${path} has ${size} bytes; the limit is ${largestFile}`,
      });
    }
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why =
      codeOf(error) === 'ENOENT'
        ? { zh: '文件不存在', en: 'no such file' }
        : { zh: messageOf(error), en: messageOf(error) };
    throw new InputError({ zh: `无法读取 ${path}：${why.zh}`, en: `cannot read ${path}: ${why.en}` }, { cause: error });
  }
}

function inputError(mistakes: readonly { at: string; text: Text }[]): InputError {
  const list = (language: 'zh' | 'en'): string =>
    mistakes.map(({ at, text }) => printable(`${at}  ${text[language]}`)).join('\n');
  return new InputError({ zh: list('zh'), en: list('en') });
}

const chinese = zhCN().localeError;
const english = en().localeError;

// A union's own message says nothing; the branch that came nearest does.
function mistakesOf(issue: z.core.$ZodIssue): Mistake[] {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const nearest = issue.errors.toSorted((a, b) => deepest(b) - deepest(a) || a.length - b.length)[0] ?? [];
    return nearest.flatMap((inner) => mistakesOf({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: '没有这个键，请检查拼写 | there is no such key; check its spelling',
    }));
  }
  return [{ path: issue.path, message: issue.message }];
}

function deepest(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function nodeAt(root: unknown, path: readonly PropertyKey[]): Node | undefined {
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
