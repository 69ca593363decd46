import type { LogLimit } from '../../../evidence/host/log-policies.ts';
import { bytesIn } from '../config-files.ts';
import type { Appender, Settings } from './logback.ts';
import { countIn, filled, globOf, periodOf, unresolved } from './patterns.ts';
import { below, type Element } from './xml.ts';

/**
 * The file appenders of log4j2.xml. `max` (7) counts the files of one period where the pattern has a date, and of all where it has
 * none; older periods go only by a Delete action, whose conditions must all hold. logging.apache.org/log4j/2.x: Rolling file appenders.
 */
export function readLog4j2(root: Element): Settings {
  const all = below(root);
  const properties = new Map<string, string>();
  for (const { element, within } of all) {
    const { name, attributes, text } = element;
    const key = attributes.get('name');
    if (name === 'property' && key !== undefined)
      properties.set(
        key,
        conditionIn(within) ? unresolved : filled(attributes.get('value') ?? text.trim(), properties),
      );
  }
  const fill = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : filled(text, properties);
  const appenders = all.flatMap(({ element, within }) => {
    const condition = conditionIn(within);
    return appendersOf(element, fill).map((each) =>
      condition === undefined || each.limits.length === 0
        ? each
        : { ...each, limits: [{ unknown: `<${condition}> ${each.text}` }] },
    );
  });
  const unclear = all.flatMap(({ element: { name, attributes } }) =>
    name.endsWith(':include') ? [`include ${attributes.get('href') ?? ''}`.slice(0, 200)] : [],
  );
  return { appenders, unclear };
}

// Whether what stands in an arbiter is in force is decided when the program starts.
function conditionIn(within: readonly string[]): string | undefined {
  return within.find((name) => /^(springprofile|select|\w*arbiter)$/.test(name));
}

type Fill = (text: string | undefined) => string | undefined;

function appendersOf(element: Element, fill: Fill): Appender[] {
  const { attributes } = element;
  const kind = element.name === 'appender' ? (attributes.get('type')?.toLowerCase() ?? '') : element.name;
  const file = fill(attributes.get('filename'));
  if (/^(file|randomaccessfile|memorymappedfile)$/.test(kind) && file !== undefined) {
    const emptied = attributes.get('append')?.toLowerCase() === 'false';
    return [
      {
        files: [file],
        text: `File${emptied ? ', append=false' : ''}`,
        limits: emptied ? [{ unknown: 'append=false' }] : [],
      },
    ];
  }
  if (!/^rolling(randomaccess)?file$/.test(kind)) return [];
  const pattern = (fill(attributes.get('filepattern')) ?? '').replaceAll('$${', '${');
  const inside = below(element).map((each) => each.element);
  const files = [file ?? [], pattern === '' ? [] : pattern].flat();
  const counted = counterOf(pattern, inside, file === undefined, fill);
  const deletions = inside.filter(({ name }) => name === 'delete').map((each) => deletionOf(each, fill));
  return [{ files, ...counted }, ...deletions.flat()];
}

function counterOf(
  pattern: string,
  inside: readonly Element[],
  isDirect: boolean,
  fill: Fill,
): Pick<Appender, 'limits' | 'text'> {
  const trigger = inside.find(({ name }) => name === 'sizebasedtriggeringpolicy');
  const size = trigger ? (fill(trigger.attributes.get('size')) ?? '10 MB') : undefined;
  // Of several dates the last is the one it rolls over by; log4j2's PatternProcessor.
  const dated = periodOf(pattern.slice(Math.max(0, pattern.lastIndexOf('%d'))));
  const days = dated === undefined ? 0 : 'months' in dated ? dated.months * 31 : dated.days;
  const isCounted = /%\d*i/.test(pattern);
  const max = isCounted ? maxOf(inside, isDirect, fill) : '1';
  const isOften = inside.some((each) => rollsOften(each, days));
  if (max === undefined || (dated && size === undefined && !isOften)) return { text: pattern.slice(-100), limits: [] };
  const text = isCounted ? `max=${max}${size === undefined ? '' : `, size=${size}`}` : pattern.slice(-100);
  const [files, bytes] = [countIn(max), size === undefined ? undefined : bytesIn(size)];
  if (files === undefined || bytes === undefined || isOften) return { text, limits: [{ unknown: text }] };
  return { text, limits: [dated ? { bytesADay: (files * bytes) / days } : { bytes, files }] };
}

// Undefined: any number. Without a file of its own an appender writes to its parts directly.
function maxOf(inside: readonly Element[], isDirect: boolean, fill: Fill): string | undefined {
  const strategy = inside.find(({ name }) => /^(default|directwrite)rolloverstrategy$/.test(name));
  if (strategy?.name === 'directwriterolloverstrategy' || (!strategy && isDirect)) {
    const most = fill(strategy?.attributes.get('maxfiles'));
    return most?.startsWith('-') ? undefined : most;
  }
  if (strategy?.attributes.get('fileindex')?.toLowerCase() === 'nomax') return undefined;
  return fill(strategy?.attributes.get('max')) ?? '7';
}

// Whether one period may see several parts, by starts or by a schedule that is no daily one, each of which takes a number or the place of the one before.
function rollsOften({ name, attributes }: Element, days: number): boolean {
  if (name === 'onstartuptriggeringpolicy') return true;
  return name === 'crontriggeringpolicy' && !(days <= 1 && /^\d+ \d+ \d+ /.test(attributes.get('schedule') ?? ''));
}

function deletionOf(action: Element, fill: Fill): Appender[] {
  if (action.attributes.get('testmode')?.toLowerCase() === 'true') return [];
  const base = (fill(action.attributes.get('basepath')) ?? '').replace(/\/+$/, '');
  const conditions = action.children.filter(({ name }) => name.startsWith('if') || name.startsWith('script'));
  const names = below(action).flatMap(({ element }) =>
    element.name === 'iffilename' ? (fill(element.attributes.get('glob')) ?? []) : [],
  );
  const text = [
    'Delete',
    ...below(action).map(({ element: { name, attributes } }) => `${name} ${[...attributes.values()].join(' ')}`),
  ]
    .join(' ')
    .slice(0, 160);
  const folder = { path: base, names: names.map((name) => globOf(name.split('/').at(-1) ?? '*')) };
  return [{ files: [], folder, text, limits: allOf(conditions, fill) ?? [{ unknown: text }] }];
}

// All conditions must hold: the one that keeps longest decides. Undefined: they are always fulfilled.
function allOf(conditions: readonly Element[], fill: Fill): LogLimit[] | undefined {
  return conditions
    .flatMap((condition) => {
      const limits = limitsOf(condition, fill);
      return limits ? [limits] : [];
    })
    .reduce<LogLimit[] | undefined>(
      (before, limits) => before?.flatMap((one) => limits.map((other) => longer(one, other))) ?? limits,
      undefined,
    );
}

function longer(one: LogLimit, other: LogLimit): LogLimit {
  const both = [one, other];
  const days = Math.max(...both.map((limit) => ('days' in limit ? (limit.days ?? -1) : -1)));
  const bytes = Math.max(...both.map((limit) => ('bytes' in limit ? limit.bytes : -1)));
  const aged = days < 0 ? {} : { days };
  const unknown = both.flatMap((limit) => ('unknown' in limit ? limit.unknown : [])).join(', ');
  if (unknown !== '') return { unknown, ...aged };
  return bytes < 0 ? { days } : { bytes, ...aged };
}

function limitsOf(condition: Element, fill: Fill): LogLimit[] | undefined {
  const { name, attributes, children } = condition;
  const nested = children.filter((child) => child.name.startsWith('if'));
  const value = fill(attributes.get(name === 'iflastmodified' ? 'age' : 'exceeds')) ?? '';
  const unknown = { unknown: `${name} ${value}`.trim() };
  if (name === 'iffilename' || name === 'ifall') return allOf(nested, fill);
  if (name === 'ifany') return nested.flatMap((each): LogLimit[] => limitsOf(each, fill) ?? [unknown]);
  if (name === 'iflastmodified') {
    const days = daysOfDuration(value);
    const own = days === undefined ? unknown : { days };
    return allOf(nested, fill)?.map((each) => longer(own, each)) ?? [own];
  }
  if (name !== 'ifaccumulatedfilesize') return [unknown];
  const bytes = bytesIn(value);
  const own = bytes === undefined ? unknown : { bytes };
  return allOf(nested, fill)?.map((each) => longer(own, each)) ?? [own];
}

/** Days of `P180D`, `180d`, `PT12H`, `1d12h`: log4j2's Duration knows days, hours, minutes and seconds. */
function daysOfDuration(text: string): number | undefined {
  const [whole, days = 0, hours = 0, minutes = 0, seconds = 0] =
    text.trim().match(/^P?(?:(\d{1,6})D)?T?(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?$/i) ?? [];
  if (!whole || !/\d/.test(whole)) return undefined;
  return Number(days) + Number(hours) / 24 + Number(minutes) / 1440 + Number(seconds) / 86_400;
}
