import { z } from 'zod';
import { addDays, dateIn, instantOf, minutesAheadIn, type PlainDate } from '../../../evidence/dates.ts';
import type { UnseenWhy } from '../../../evidence/network/central-logs.ts';
import { Unavailable } from '../../collector.ts';
import { type Client, jsonOf, must } from './client.ts';
import { lokiRules } from './loki-rules.ts';
import type { Reading, Shown } from './reading.ts';
import { seriesOf } from './series.ts';

/** Days of one query: Loki takes 721 hours unless it is told otherwise (limits_config.max_query_length). */
const daysAtOnce = 28;

/** Loki 2.9 and 3: the hours that have entries, by counts alone, so that no entry is ever sent; and what it is configured to delete. */
export async function readLoki(reading: Reading): Promise<Shown> {
  const { window, hosts } = reading;
  const version = await lokiVersion(reading.client);
  const found = await lokiRules(reading);
  const unseen = new Set<UnseenWhy>(found.unseen);
  const days = await daysWithEntries(reading, unseen);
  return {
    version,
    all: seriesOf(days.all, window.today),
    hosts: hosts.map(({ name, address }) => {
      const own = [name, address].flatMap((value) => [...(days.byHost.get(value) ?? [])]);
      return { name, ...seriesOf(own, window.today) };
    }),
    parts: { all: days.series.size, closed: 0, frozen: 0, readOnly: 0 },
    aliases: [],
    rules: found.rules,
    unruled: found.rules.length > 0 || found.unread.length > 0 ? 0 : 1,
    unread: found.unread,
    unseen: [...unseen].toSorted(),
  };
}

const buildInfo = z.object({ version: z.string().max(100) });

/** Its version; a gateway in front of it may not pass that question on. */
export async function lokiVersion(client: Client): Promise<string> {
  const path = '/loki/api/v1/status/buildinfo';
  const answer = await client.get(path);
  return answer.status === 404 ? '?' : jsonOf(must(answer, path), buildInfo, path).version;
}

const sample = z.tuple([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?(e\+?\d+)?$/)]);
const rangeAnswer = z.object({
  status: z.literal('success'),
  warnings: z.array(z.string()).optional(),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z
      .array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(sample).max(11_000) }))
      .max(5000),
  }),
});

type Days = {
  readonly all: Set<PlainDate>;
  readonly byHost: Map<string, Set<PlainDate>>;
  readonly series: Set<string>;
};

async function daysWithEntries(reading: Reading, unseen: Set<UnseenWhy>): Promise<Days> {
  const { window, now } = reading;
  const days: Days = { all: new Set(), byHost: new Map(), series: new Set() };
  const step = stepOf(window.from, window.today, window.timeZone);
  const last = Math.floor(now.getTime() / 1000 / step) * step;
  let failed: Unavailable | undefined;
  let answered = 0;
  for (let day = window.from; day <= window.today; day = addDays(day, daysAtOnce)) {
    const start = beginning(day, window.timeZone) + step;
    const end = Math.min(beginning(addDays(day, daysAtOnce), window.timeZone), last);
    if (start > end) break;
    try {
      if (!(await askWindow(reading, { start, end, step }, days))) unseen.add('window');
      answered += 1;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      failed ??= error;
      unseen.add('window');
      // What is refused once is refused each time, and what is too slow would only be slower.
      if (error.reason !== 'failed') break;
    }
  }
  if (answered === 0 && failed) throw failed;
  return days;
}

/** Asks about some hours; each value counts those that begin with the step and end a millisecond before the next. */
async function askWindow(
  { client, store, hosts, window }: Reading,
  { start, end, step }: { start: number; end: number; step: number },
  days: Days,
): Promise<boolean> {
  const path = '/loki/api/v1/query_range';
  const label = store.hostField ?? 'host';
  const count = `(count_over_time(${store.selector}[${step}s] offset 1ms))`;
  const query = hosts.length > 0 ? `sum by (${label}) ${count}` : `sum${count}`;
  const parameters = { query, start: `${start}`, end: `${end}`, step: `${step}` };
  const { data, warnings = [] } = jsonOf(must(await client.get(path, parameters), path), rangeAnswer, path);
  for (const { metric, values } of data.result) {
    const host = metric[label] ?? '';
    days.series.add(host);
    const own = days.byHost.get(host) ?? new Set();
    days.byHost.set(host, own);
    for (const [at, value] of values) {
      // A value at another moment would count other hours.
      if (at < start || at > end || (at - start) % step !== 0) throw new Unavailable('unparsable', `${path}: ${at}`);
      if (Number(value) === 0) continue;
      const date = dateIn(new Date(at * 1000 - 1), window.timeZone);
      days.all.add(date);
      own.add(date);
    }
  }
  return warnings.length === 0;
}

/** Seconds of a step that never passes midnight: Loki counts steps from midnight in UTC. */
function stepOf(from: PlainDate, today: PlainDate, timeZone: string): number {
  const ahead = [from, today].map((day) => minutesAheadIn(`${day}T00:00:00Z`, timeZone));
  return [3600, 1800, 900].find((step) => ahead.every((minutes) => (minutes * 60) % step === 0)) ?? 900;
}

/** The moment a day begins in a time zone, in seconds. */
function beginning(day: PlainDate, timeZone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const guess = utc - minutesAheadIn(`${day}T00:00:00Z`, timeZone) * 60_000;
  return (utc - minutesAheadIn(instantOf(new Date(guess)), timeZone) * 60_000) / 1000;
}
