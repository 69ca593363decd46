import type { LogLimit } from '../../../evidence/host/log-policies.ts';
import { bytesIn } from '../config-files.ts';
import { countIn, filled, periodsOf, unresolved } from './patterns.ts';
import { below, type Element, valueIn } from './xml.ts';

/** What writes files, or deletes them: patterns of paths, what is kept of them, in its own words. */
export type Appender = {
  readonly files: readonly string[];
  /** Instead of paths: what lies below a folder, with names like these. */
  readonly folder?: { readonly path: string; readonly names: readonly string[] };
  readonly limits: readonly LogLimit[];
  readonly text: string;
};

/** What a configuration file says of the files that it has written. */
export type Settings = { readonly appenders: readonly Appender[]; readonly unclear: readonly string[] };

// Of Spring Boot's own files these write to no file.
const harmless = /(?:^|\/)(?:defaults|console-appender|structured-console-appender)\.xml$/;

/**
 * The file appenders of logback.xml and logback-spring.xml. `maxHistory` counts periods of the date in `fileNamePattern`, 0 keeps
 * all; `totalSizeCap` is in force beside it only; a fixed window holds at most 20 files. logback.qos.ch: Appenders.
 */
export function readLogback(root: Element): Settings {
  const all = below(root);
  const properties = new Map<string, string>();
  for (const { element, within } of all) {
    const [name, value] = [element.attributes.get('name'), element.attributes.get('value')];
    if (/^(property|variable)$/.test(element.name) && name !== undefined && value !== undefined)
      properties.set(name, conditionIn(within) ? unresolved : filled(value, properties));
  }
  const appenders = all
    .filter(({ element }) => element.name === 'appender')
    .flatMap(({ element, within }) => {
      const found = appenderOf(element, properties);
      const condition = conditionIn(within);
      // Which branch is taken is decided when the program starts.
      if (!found || condition === undefined || found.limits.length === 0) return found ?? [];
      return { ...found, limits: [{ unknown: `<${condition}> ${found.text}` }] };
    });
  const unclear = all.flatMap(({ element: { name, attributes } }) => {
    const from = attributes.get('resource') ?? attributes.get('file') ?? attributes.get('url') ?? '';
    return name === 'include' && !harmless.test(from) ? [`include ${from}`.slice(0, 200)] : [];
  });
  return { appenders, unclear };
}

function conditionIn(within: readonly string[]): string | undefined {
  return within.find((name) => /^(springprofile|if|then|else|switch|case)$/.test(name));
}

function appenderOf(appender: Element, properties: ReadonlyMap<string, string>): Appender | undefined {
  const kind = appender.attributes.get('class')?.split('.').at(-1) ?? '';
  const value = (element: Element | undefined, name: string): string | undefined => {
    const text = element && valueIn(element, name);
    return text === undefined ? undefined : filled(text, properties);
  };
  const file = value(appender, 'file');
  if (kind === 'FileAppender' && file !== undefined) {
    const emptied = value(appender, 'append')?.toLowerCase() === 'false';
    return {
      files: [file],
      text: `FileAppender${emptied ? ', append=false' : ''}`,
      limits: emptied ? [{ unknown: 'append=false' }] : [],
    };
  }
  if (kind !== 'RollingFileAppender') return undefined;
  const policy = appender.children.find(({ name }) => name === 'rollingpolicy');
  const pattern = value(policy, 'filenamepattern') ?? '';
  const files = [file ?? [], pattern === '' ? [] : pattern].flat();
  const type = policy?.attributes.get('class')?.split('.').at(-1) ?? '';
  if (type === 'FixedWindowRollingPolicy') {
    const trigger = appender.children.find(({ name }) => name === 'triggeringpolicy');
    return { files, ...windowOf(value(policy, 'minindex'), value(policy, 'maxindex'), value(trigger, 'maxfilesize')) };
  }
  if (!/^(SizeAnd)?TimeBasedRollingPolicy$/.test(type))
    return { files, text: type, limits: [{ unknown: type || 'rollingPolicy' }] };
  return { files, ...historyOf(pattern, value(policy, 'maxhistory'), value(policy, 'totalsizecap')) };
}

function windowOf(from = '1', to = '7', size = '10MB'): Pick<Appender, 'limits' | 'text'> {
  const [first, last, bytes] = [countIn(from), countIn(to), bytesIn(size)];
  const text = `minIndex=${from}, maxIndex=${to}, maxFileSize=${size}`;
  if (first === undefined || last === undefined || bytes === undefined) return { text, limits: [{ unknown: text }] };
  return { text, limits: [{ bytes, files: Math.min(last - first + 1, 21) }] };
}

function historyOf(pattern: string, history = '0', cap?: string): Pick<Appender, 'limits' | 'text'> {
  const text = [`maxHistory=${history}`, cap === undefined ? '' : `totalSizeCap=${cap}`]
    .filter((each) => each !== '')
    .join(', ');
  const count = countIn(history);
  const kept = count === undefined ? undefined : periodsOf(pattern, count);
  if (count === undefined || (count > 0 && kept === undefined)) return { text, limits: [{ unknown: text }] };
  const bytes = cap === undefined ? undefined : bytesIn(cap);
  const capped: LogLimit[] =
    cap === undefined || /^0\D*$/.test(cap) ? [] : [count === 0 || bytes === undefined ? { unknown: text } : { bytes }];
  return { text, limits: [...(count > 0 && kept ? [kept] : []), ...capped] };
}
