import type { LogLimit, LogPolicies, LogRule } from '../../evidence/host/log-policies.ts';
import { bytesIn, type ConfigFile, daysIn } from './config-files.ts';

type Deletions = { rules: LogRule[]; unread: LogPolicies['unread'] };

const noRule: Deletions = { rules: [], unread: [] };

/** What the lines of a cron table, a unit or a script delete: `find … -delete`, `rm`, emptying by `>`, journalctl(1) --vacuum-…. */
export function deletionsIn(file: ConfigFile): Deletions {
  const variables = new Map<string, string>();
  let folder = '';
  const found: Deletions = { rules: [], unread: [] };
  for (const [index, raw] of file.lines.entries()) {
    const [, number, text = ''] = raw.match(/^(\d{1,6}): ?(.*)$/) ?? [undefined, String(index + 1), raw];
    const where = `${file.path}:${number}`;
    if (text.trimStart().startsWith('#')) continue;
    const [, name, value = ''] =
      text.match(/^\s*(?:export\s+|local\s+)?([A-Za-z_]\w*)=(["']?\/[^\s;"'`$]*["']?)/) ?? [];
    if (name !== undefined) variables.set(name, value.replace(/["']/g, ''));
    const commands = commandsIn(filled(text, variables));
    for (const [at, words] of commands.entries()) {
      if (words.at(0) === 'cd' || words.at(-2) === 'cd') folder = words.at(-1) ?? '';
      const { rules, unread } = deletion(words, commands[at + 1] ?? [], folder, where);
      found.rules.push(...rules);
      found.unread.push(...unread);
    }
  }
  return found;
}

function deletion(words: readonly string[], next: readonly string[], folder: string, where: string): Deletions {
  const at = words.findIndex((word) =>
    /(^|\/)(find|rm|unlink|shred|truncate|journalctl|tmpwatch|tmpreaper)$/.test(word),
  );
  const command = words[at]?.split('/').at(-1);
  const rest = words.slice(at + 1);
  const text = words.slice(Math.max(at, 0)).join(' ').slice(0, 160);
  if (command === 'journalctl') return vacuum(rest, text, where);
  if (command === 'find') return findDeletion(rest, next, folder, text, where);
  const emptied = command === undefined ? emptiedBy(words) : undefined;
  const paths =
    emptied ?? (command === undefined ? [] : rest.filter((word) => !word.startsWith('-') && /[/$*]/.test(word)));
  if (command === undefined && emptied === undefined) return noRule;
  return ruleFor(paths, [], { unknown: text }, folder, text, where);
}

// find(1): -mtime +N holds from N + 1 whole days on.
function findDeletion(
  rest: readonly string[],
  next: readonly string[],
  folder: string,
  text: string,
  where: string,
): Deletions {
  const exec = rest.findIndex((word) => /^-(exec|execdir|ok)$/.test(word));
  const deletes =
    rest.includes('-delete') ||
    (exec >= 0 && rest.slice(exec).some((word) => /(^|[\s/])(rm|unlink|shred|truncate)(\s|$)/.test(word))) ||
    (/(^|\/)xargs$/.test(next[0] ?? '') && next.some((word) => /(^|\/)(rm|unlink|shred)$/.test(word)));
  if (!deletes || rest.includes('-empty') || (rest.includes('d') && rest.includes('-type'))) return noRule;
  const options = rest.findIndex((word) => !/^-([HLP]|O\d)$/.test(word));
  const end = rest.findIndex((word, index) => index >= options && /^[-(!\\]/.test(word));
  const paths = rest.slice(Math.max(options, 0), end < 0 ? rest.length : end);
  const names = rest.flatMap((word, index) =>
    /^-i?name$/.test(word) && !isNot(rest[index - 1]) ? [rest[index + 1] ?? ''] : [],
  );
  return ruleFor(paths.length === 0 ? ['.'] : paths, names, ageOf(rest) ?? { unknown: text }, folder, text, where);
}

function ageOf(rest: readonly string[]): LogLimit | undefined {
  for (const [index, word] of rest.entries()) {
    const [, sign, number] = rest[index + 1]?.match(/^([+-])(\d{1,7})$/) ?? [];
    if (number === undefined || !/^-[acm](time|min)$/.test(word)) continue;
    const negated = isNot(rest[index - 1]);
    const minutes = word.endsWith('min');
    if (sign === '+' && !negated) return { days: minutes ? Number(number) / 1440 : Number(number) + 1 };
    if (sign === '-' && negated) return { days: minutes ? Number(number) / 1440 : Number(number) };
  }
  return undefined;
}

function isNot(word: string | undefined): boolean {
  return word === '!' || word === '\\!' || word === '-not';
}

function vacuum(rest: readonly string[], text: string, where: string): Deletions {
  const value = (option: string): string | undefined => {
    const at = rest.findIndex((word) => word === option || word.startsWith(`${option}=`));
    return at < 0 ? undefined : rest[at]?.includes('=') ? rest[at].slice(option.length + 1) : rest[at + 1];
  };
  const [time, size, files] = [value('--vacuum-time'), value('--vacuum-size'), value('--vacuum-files')];
  const days = time === undefined ? undefined : daysIn(time);
  const bytes = size === undefined ? undefined : bytesIn(size);
  const limits: LogLimit[] = [
    ...(time === undefined ? [] : [days === undefined ? { unknown: text } : { days }]),
    ...(size === undefined ? [] : [bytes === undefined ? { unknown: text } : { bytes }]),
    ...(files === undefined ? [] : [{ unknown: text }]),
  ];
  if (limits.length === 0) return noRule;
  return { rules: [{ by: 'schedule', where, text, covers: ['journal'], names: [], limits }], unread: [] };
}

// `: > file`, `> file`, `cat /dev/null > file`: the log is emptied; `program > file` is no deletion of a log kept elsewhere.
function emptiedBy(words: readonly string[]): string[] | undefined {
  const at = words.indexOf('>');
  if (at < 0) return undefined;
  const before = words.slice(0, at);
  const last = before.at(-1) ?? ':';
  const empties = [':', 'true', 'echo', 'root', '/dev/null'].includes(last) || /^[\d*,/-]+$/.test(last);
  return empties ? words.slice(at + 1, at + 2) : undefined;
}

function ruleFor(
  paths: readonly string[],
  names: string[],
  limit: LogLimit,
  folder: string,
  text: string,
  where: string,
): Deletions {
  const whole = paths.map((path) => (path.startsWith('/') || path.includes('$') ? path : `${folder}/${path}`));
  const plain = whole.filter((path) => path.startsWith('/') && path !== '/' && !/[$`]/.test(path));
  const covers = plain.map((path) => path.replace(/(\/\.)?\/*$/, '')).flatMap((path) => [path, `${path}/`]);
  // A path that is made up while the script runs: whether it names logs cannot be told, so its words decide.
  const unclear = plain.length < whole.length && /log|日志/i.test(text) ? [{ path: where, why: text }] : [];
  const rule: LogRule = {
    by: 'schedule',
    where,
    text,
    covers: covers.slice(0, 50),
    names: names.slice(0, 20),
    limits: [limit],
  };
  return { rules: covers.length === 0 ? [] : [rule], unread: unclear };
}

function filled(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced?: string, bare?: string) => variables.get(braced ?? bare ?? '') ?? whole,
  );
}

/** The simple commands of a line of sh, each as its words without quotes. */
function commandsIn(text: string): string[][] {
  const commands: string[][] = [[]];
  const tokens =
    text.slice(0, 4096).match(/"(?:[^"\\]|\\.)*"|'[^']*'|\\.|&&|\|\||\d?>>?(?:&\d)?|[;|&\n]|[^\s;|&>"'\\]+|\s+/g) ?? [];
  let word: string | undefined;
  const close = (): void => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (const token of tokens) {
    if (/^\s+$/.test(token)) close();
    else if (/^(&&|\|\||[;|&\n])$/.test(token)) {
      close();
      commands.push([]);
    } else if (/^\d?>>?(&\d)?$/.test(token)) {
      close();
      commands.at(-1)?.push(token);
    } else word = (word ?? '') + (/^["']/.test(token) ? token.slice(1, -1) : token === '\\;' ? ';' : token);
  }
  close();
  return commands.filter((words) => words.length > 0);
}
