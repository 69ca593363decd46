import { type SshKeyword, type SshServer, type SshSettings, sshKeywords } from '../../../evidence/host/remote-login.ts';
import { clean } from '../output.ts';

const known: ReadonlySet<string> = new Set(sshKeywords);

// sshd_config(5): the older names of one keyword.
const renamed: Readonly<Record<string, SshKeyword>> = {
  challengeresponseauthentication: 'kbdinteractiveauthentication',
  skeyauthentication: 'kbdinteractiveauthentication',
};

const lists: ReadonlySet<SshKeyword> = new Set(['allowgroups', 'allowusers', 'denygroups', 'denyusers', 'port']);

/** Match blocks that are kept of one service; a service with as many may have more. */
export const mostConditions = 50;

/** Reads what the settings script printed of each service. */
export function readServers(output: string): SshServer[] {
  return output
    .split(/^server:/m)
    .slice(1)
    .map(readServer);
}

function readServer(block: string): SshServer {
  const [state = '', ...lines] = block.split('\n');
  const answered = lines.includes('answered');
  const written = readFiles(lines);
  return {
    // A socket unit starts the service when somebody calls, with the files as they are then.
    running: state === 'running' || state === 'socket',
    source: answered ? 'effective' : 'files',
    settings: answered ? readAnswer(lines) : written.settings,
    conditions: written.conditions,
    mayBeOlder: state === 'running' && !isLoaded(lines),
  };
}

// As sshd prints them: one line a value, repeated for lists.
function readAnswer(lines: readonly string[]): SshSettings {
  const settings: SshSettings = {};
  for (const line of lines) {
    if (line.startsWith('set:')) add(settings, line.slice(4), true);
  }
  // One that was built without PAM does not print the keyword.
  return { usepam: ['no'], ...settings };
}

// The first value of a keyword counts, in the file's order; the values of a list are joined: sshd_config(5).
function readFiles(lines: readonly string[]): Pick<SshServer, 'settings' | 'conditions'> {
  const byCondition = new Map<string, SshSettings>();
  for (const line of lines) {
    const tab = line.indexOf('\t');
    if (!line.startsWith('file:') || tab < 0) continue;
    const when = clean(line.slice(5, tab));
    if (byCondition.size > mostConditions && !byCondition.has(when)) continue;
    const settings = byCondition.get(when) ?? {};
    byCondition.set(when, settings);
    add(settings, line.slice(tab + 1), false);
  }
  const { '': settings = {} } = Object.fromEntries(byCondition);
  const conditions = [...byCondition].flatMap(([when, each]) =>
    when === '' || Object.keys(each).length === 0 ? [] : [{ when, settings: each }],
  );
  return { settings, conditions: conditions.slice(0, mostConditions) };
}

function add(settings: SshSettings, line: string, answered: boolean): void {
  const [, word = '', value = ''] = line.match(/^(\S+)\s+(.*)$/) ?? [];
  const keyword = keywordOf(word);
  if (keyword === undefined) return;
  const values = valuesOf(keyword, value);
  const already = settings[keyword];
  if (already === undefined) settings[keyword] = values;
  else if (lists.has(keyword) || answered) settings[keyword] = [...already, ...values];
}

function keywordOf(word: string): SshKeyword | undefined {
  const lower = word.toLowerCase();
  const keyword = renamed[lower] ?? lower;
  return known.has(keyword) ? sshKeywords.find((each) => each === keyword) : undefined;
}

const words: ReadonlySet<SshKeyword> = new Set([...lists, 'authenticationmethods']);
const algorithms: ReadonlySet<SshKeyword> = new Set([
  'ciphers',
  'hostkeyalgorithms',
  'kexalgorithms',
  'macs',
  'protocol',
]);

function valuesOf(keyword: SshKeyword, value: string): string[] {
  if (algorithms.has(keyword)) return value.trim().split(',').slice(0, 200).map(clean);
  if (words.has(keyword)) return value.trim().split(/\s+/).slice(0, 200).map(clean);
  return [keyword === 'logingracetime' ? seconds(value.trim()) : clean(value).toLowerCase()];
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

// TIME FORMATS of sshd_config(5): `2m`, `1h30m`, `120`.
function seconds(text: string): string {
  const parts = [...text.toLowerCase().matchAll(/(\d{1,9})([smhdw]?)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.toLowerCase()) return clean(text);
  return String(parts.reduce((sum, [, number, unit]) => sum + Number(number) * (unitSeconds[unit || 's'] ?? 0), 0));
}

// Whole seconds on both sides: the start of a process is known to one or two.
function isLoaded(lines: readonly string[]): boolean {
  const times = (prefix: string): number[] =>
    lines.filter((line) => line.startsWith(prefix)).map((line) => Number(line.slice(prefix.length) || Number.NaN));
  const [loaded = Number.NaN] = times('loaded:');
  const changed = times('changed:');
  return changed.length > 0 && changed.every((time) => time <= loaded + 2);
}
