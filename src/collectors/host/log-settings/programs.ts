import { z } from 'zod';
import type { LogLimit } from '../../../evidence/host/log-policies.ts';
import { bytesIn, type ConfigFile } from '../config-files.ts';
import type { Settings } from './logback.ts';
import { countIn } from './patterns.ts';

const pm2Schema = z.looseObject({
  'pm2-logrotate': z.looseObject({
    max_size: z.string().max(20).default('10M'),
    retain: z.union([z.string().max(20), z.number()]).default('30'),
    rotateInterval: z.string().max(40).default('0 0 * * *'),
  }),
});

/** pm2-logrotate in pm2's module_conf.json: `retain` files of `max_size` (30 of 10 MB), and one a `rotateInterval`, a cron table's fields. */
export function readPm2(text: string): Settings | undefined {
  const found = pm2Schema.safeParse(json(text));
  if (!found.success) return undefined;
  const { max_size: size, retain, rotateInterval } = found.data['pm2-logrotate'];
  const words = `max_size=${size}, retain=${retain}, rotateInterval=${rotateInterval}`;
  const [files, bytes] = [countIn(String(retain)), bytesIn(size)];
  const appender = (limits: LogLimit[]): Settings => ({ appenders: [{ files: [], text: words, limits }], unclear: [] });
  if (String(retain) === 'all') return appender([]);
  const daily = /^\S+ \S+ \* \* \*$/.test(rotateInterval) && /^\d+ \d+ /.test(rotateInterval);
  if (files === undefined || bytes === undefined || !daily) return appender([{ unknown: words }]);
  return appender([{ bytes, files }, { days: files }]);
}

const unitDays: Readonly<Record<string, number>> = { S: 1 / 86_400, M: 1 / 1440, H: 1 / 24, D: 1, MIDNIGHT: 1, W: 7 };

/**
 * The one handler of Python's logging.handlers that a file names, its arguments by name: `backupCount` of 0 keeps all; a
 * TimedRotatingFileHandler rotates hourly unless `when` is set, a RotatingFileHandler never without both of its limits.
 */
export function readPython({ lines }: ConfigFile): Settings | undefined {
  const text = lines.filter((line) => !/^\s*(#|import |from )/.test(line)).join('\n');
  const handlers = text.match(/\b(?:Timed)?RotatingFileHandler\b/g) ?? [];
  if (handlers.length !== 1) return undefined;
  const value = (name: string): string | undefined =>
    text.match(new RegExp(`\\b${name}["']?\\s{0,9}[:=]\\s{0,9}["']?([\\w.]{1,30})`))?.[1];
  const timed = handlers[0]?.startsWith('Timed') === true;
  const count = countIn(value('backupCount') ?? '0');
  const words = [
    ...text.matchAll(/\b(when|interval|backupCount|maxBytes)["']?\s{0,9}[:=]\s{0,9}["']?[\w.*]{1,30}/g),
  ].map(([word]) => word);
  const limits =
    count === undefined || /args\s*=/.test(text)
      ? undefined
      : timed
        ? timedLimits(count, value)
        : sizedLimits(count, value);
  const said = `${handlers[0]} ${words.join(' ')}`.slice(0, 160);
  return { appenders: [{ files: [], text: said, limits: limits ?? [{ unknown: said }] }], unclear: [] };
}

type Value = (name: string) => string | undefined;

function timedLimits(count: number, value: Value): LogLimit[] | undefined {
  if (count === 0) return [];
  const days = unitDays[(value('when') ?? 'H').toUpperCase().replace(/^W\d$/, 'W')];
  const interval = countIn(value('interval') ?? '1');
  return days === undefined || interval === undefined ? undefined : [{ days: count * interval * days }];
}

function sizedLimits(count: number, value: Value): LogLimit[] | undefined {
  const bytes = countIn(value('maxBytes') ?? '0');
  if (count === 0 || bytes === 0) return [];
  return bytes === undefined ? undefined : [{ bytes, files: count }];
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
