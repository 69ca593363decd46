import type { LogLimit } from '../../../evidence/host/log-policies.ts';
import { bytesIn } from '../config-files.ts';
import type { Appender, Settings } from './logback.ts';
import { countIn, filled, globOf, periodOf } from './patterns.ts';
import { below, type Element } from './xml.ts';

/**
 * The file appenders of log4j2.xml. `max` (7) counts the files of one period where the pattern has a date, and of all where it has
 * none; older periods go only by a Delete action, whose conditions must all hold. logging.apache.org/log4j/2.x: Rolling file appenders.
 */
export function readLog4j2(root: Element): Settings {
  const all = below(root).map(({ element }) => element);
  const properties = new Map<string, string>();
  for (const { name, attributes, text } of all) {
    const key = attributes.get('name');
    if (name === 'property' && key !== undefined)
      properties.set(key, filled(attributes.get('value') ?? text.trim(), properties));
  }
  const fill = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : filled(text, properties);
  return { appenders: all.flatMap((element) => appendersOf(element, fill)), unclear: [] };
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
  const strategy = inside.find(({ name }) => /^(default|directwrite)rolloverstrategy$/.test(name));
  const files = [file ?? [], pattern === '' ? [] : pattern].flat();
  const counted = counterOf(pattern, strategy, inside, fill);
  const deletions = inside.filter(({ name }) => name === 'delete').map((each) => deletionOf(each, fill));
  return [{ files, ...counted }, ...deletions.flat()];
}

function counterOf(
  pattern: string,
  strategy: Element | undefined,
  inside: readonly Element[],
  fill: Fill,
): Pick<Appender, 'limits' | 'text'> {
  const max = fill(strategy?.attributes.get('max') ?? strategy?.attributes.get('maxfiles')) ?? '7';
  const trigger = inside.find(({ name }) => name === 'sizebasedtriggeringpolicy');
  const size = trigger ? (fill(trigger.attributes.get('size')) ?? '10 MB') : undefined;
  // Of several dates the last is the one it rolls over by; log4j2's PatternProcessor.
  const dated = periodOf(pattern.slice(Math.max(0, pattern.lastIndexOf('%d'))));
  const endless = strategy?.attributes.get('fileindex')?.toLowerCase() === 'nomax';
  if (endless || !/%\d*i/.test(pattern) || (dated && size === undefined))
    return { text: pattern.slice(-100), limits: [] };
  const text = `max=${max}${size === undefined ? '' : `, size=${size}`}`;
  const [files, bytes] = [countIn(max), size === undefined ? undefined : bytesIn(size)];
  if (files === undefined || bytes === undefined) return { text, limits: [{ unknown: text }] };
  if (!dated) return { text, limits: [{ bytes, files }] };
  const days = 'months' in dated ? dated.months * 31 : dated.days;
  return { text, limits: [{ bytesADay: (files * bytes) / days }] };
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
  const each = conditions.flatMap((condition) => {
    const limits = limitsOf(condition, fill);
    return limits ? [limits] : [];
  });
  const aged = each.find((limits) => limits.every((limit) => 'days' in limit));
  return aged ?? each.find((limits) => limits.every((limit) => 'bytes' in limit)) ?? each[0];
}

function limitsOf(condition: Element, fill: Fill): LogLimit[] | undefined {
  const { name, attributes, children } = condition;
  const nested = children.filter((child) => child.name.startsWith('if'));
  const value = fill(attributes.get(name === 'iflastmodified' ? 'age' : 'exceeds')) ?? '';
  const unknown = { unknown: `${name} ${value}`.trim() };
  if (name === 'iffilename' || name === 'ifall') return allOf(nested, fill);
  if (name === 'ifany') return nested.flatMap((each) => limitsOf(each, fill) ?? [unknown]);
  if (name === 'iflastmodified') {
    const days = daysOfDuration(value);
    return [days === undefined ? unknown : { days }];
  }
  if (name !== 'ifaccumulatedfilesize') return [unknown];
  const bytes = bytesIn(value);
  return [bytes === undefined ? unknown : { bytes }];
}

/** Days of `P180D`, `180d`, `PT12H`, `1d12h`: log4j2's Duration knows days, hours, minutes and seconds. */
function daysOfDuration(text: string): number | undefined {
  const [whole, days = 0, hours = 0, minutes = 0, seconds = 0] =
    text.trim().match(/^P?(?:(\d{1,6})D)?T?(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?$/i) ?? [];
  if (!whole || !/\d/.test(whole)) return undefined;
  return Number(days) + Number(hours) / 24 + Number(minutes) / 1440 + Number(seconds) / 86_400;
}
