import type { LogLimit, LogRule } from '../../evidence/host/log-policies.ts';
import { bytesIn, type ConfigFile } from './config-files.ts';
import { deletionsIn } from './log-deletions.ts';

type Interval = 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly' | 'size';
type Settings = { interval: Interval; size: number; maxsize?: number; rotate: number; maxage?: number };

/** How often logrotate is started. */
export type Schedule = 'hourly' | 'daily' | 'weekly' | 'monthly' | 'none';

// logrotate(8), 3.21: without any directive a log is rotated above 1 MiB and not kept.
const builtIn: Settings = { interval: 'size', size: 1024 * 1024, rotate: 0 };

// logrotate(8), tabooext: what is not read from an included folder.
const taboo = [
  ...['.bak', '.cfsaved', '.disabled', '.dpkg-bak', '.dpkg-del', '.dpkg-dist', '.dpkg-new', '.dpkg-old', '.dpkg-tmp'],
  ...['.rpmnew', '.rpmorig', '.rpmsave', '.swp', '.ucf-dist', '.ucf-new', '.ucf-old', ',v', '~'],
];

/** The stanzas that a main configuration file puts in force, its includes read where they stand. */
export function readLogrotate(main: ConfigFile, files: readonly ConfigFile[], schedule: Schedule): LogRule[] {
  const reader: Reader = { files, schedule, rules: [], globals: { ...builtIn }, taboo: [...taboo] };
  readFile(main, reader, 0);
  return reader.rules;
}

type Reader = {
  readonly files: readonly ConfigFile[];
  readonly schedule: Schedule;
  readonly rules: LogRule[];
  /** Directives outside a stanza hold for what follows, in this file and in those read after it. */
  globals: Settings;
  taboo: string[];
};

type Stanza = { header: string; line: number; settings: Settings; script: string[] };

function readFile(file: ConfigFile, reader: Reader, depth: number): void {
  let header = '';
  let start = 0;
  let stanza: Stanza | undefined;
  let inScript = false;
  for (const [index, raw] of file.lines.entries()) {
    const line = raw.trim();
    if (inScript) {
      if (line === 'endscript') inScript = false;
      else stanza?.script.push(line);
    } else if (line === '' || line.startsWith('#')) continue;
    else if (stanza) {
      const [inside = '', ...after] = line.split('}');
      if (/^(prerotate|postrotate|firstaction|lastaction|preremove)\b/.test(inside)) inScript = true;
      else applyTo(stanza.settings, inside);
      if (after.length > 0 && !inScript) {
        reader.rules.push(...rulesOf(stanza, file, reader.schedule));
        stanza = undefined;
      }
    } else if (header !== '' || /^["'/~]/.test(line)) {
      if (header === '') start = index + 1;
      const [names = '', ...inside] = line.split('{');
      header = `${header} ${names}`.slice(0, 8192);
      if (inside.length === 0) continue;
      stanza = { header, line: start, settings: { ...reader.globals }, script: [] };
      applyTo(stanza.settings, inside.join('{').replace(/\}.*$/, ''));
      header = '';
      if (inside.join('').includes('}')) {
        reader.rules.push(...rulesOf(stanza, file, reader.schedule));
        stanza = undefined;
      }
    } else if (line.startsWith('include')) include(line.slice(7).trim(), reader, depth);
    else if (line.startsWith('tabooext')) addTaboo(line.slice(8).trim(), reader);
    else applyTo(reader.globals, line);
  }
}

function include(target: string, reader: Reader, depth: number): void {
  if (depth >= 3) return;
  const path = target.replace(/^["']|["']$/g, '').replace(/\/+$/, '');
  const inside = reader.files
    .filter((file) => file.path === path || file.path.slice(0, file.path.lastIndexOf('/')) === path)
    .filter((file) => file.path === path || !reader.taboo.some((end) => file.path.endsWith(end)));
  for (const file of inside) readFile(file, reader, depth + 1);
}

function addTaboo(list: string, reader: Reader): void {
  const ends = list
    .replace(/^\+/, '')
    .split(/[\s,]+/)
    .filter((end) => end !== '');
  reader.taboo = list.startsWith('+') ? [...reader.taboo, ...ends] : ends;
}

function applyTo(settings: Settings, line: string): void {
  const [, word = '', argument = ''] = line.trim().match(/^([a-z]+)[\s=]*(.*)$/) ?? [];
  const number = Number.parseInt(argument, 10);
  if (word === 'hourly' || word === 'daily' || word === 'weekly' || word === 'monthly' || word === 'yearly') {
    settings.interval = word;
  } else if (word === 'size') {
    settings.interval = 'size';
    settings.size = bytesIn(argument) ?? 0;
  } else if (word === 'maxsize') settings.maxsize = bytesIn(argument) ?? 0;
  else if (word === 'rotate' && !Number.isNaN(number)) settings.rotate = number;
  else if (word === 'maxage' && number > 0) settings.maxage = number;
}

function rulesOf(stanza: Stanza, file: ConfigFile, schedule: Schedule): LogRule[] {
  const { settings } = stanza;
  const where = `${file.path}:${stanza.line}`;
  const covers = [...stanza.header.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)]
    .map(([, double, single, bare]) => double ?? single ?? bare ?? '')
    .filter((pattern) => pattern !== '' && pattern.length <= 1024);
  const rule: LogRule = {
    by: 'logrotate',
    where,
    text: wordsOf(settings),
    covers,
    names: [],
    limits: limitsOf(settings, schedule),
  };
  return [rule, ...deletionsIn({ path: file.path, lines: stanza.script }).rules];
}

function wordsOf({ interval, size, maxsize, rotate, maxage }: Settings): string {
  const when = interval === 'size' ? `size ${size}` : interval;
  const bounds = [maxsize === undefined ? '' : ` maxsize ${maxsize}`, maxage === undefined ? '' : ` maxage ${maxage}`];
  return `${when}${bounds[0]} rotate ${rotate}${bounds[1]}`;
}

// Right after a rotation only the rotated parts are left: `rotate` of them, each a whole interval long.
function limitsOf({ interval, size, maxsize, rotate, maxage }: Settings, schedule: Schedule): LogLimit[] {
  const limits: LogLimit[] = maxage === undefined ? [] : [{ days: maxage }];
  if (rotate < 0) return limits;
  // However fast a log grows, it is rotated once a run at most.
  const days = rotate * (schedule === 'hourly' ? 1 / 24 : 1);
  if (rotate === 0) return [...limits, { days: 0 }];
  if (interval === 'size') return [...limits, { bytes: size, files: rotate, days }];
  if (maxsize !== undefined) limits.push({ bytes: maxsize, files: rotate, days });
  if (interval === 'monthly') return [...limits, { months: rotate }];
  if (interval === 'yearly') return [...limits, { months: rotate * 12 }];
  return [...limits, { days: interval === 'weekly' ? rotate * 7 : interval === 'daily' ? rotate : days }];
}
