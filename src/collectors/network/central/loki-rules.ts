import { parseDocument } from 'yaml';
import { z } from 'zod';
import { daysBetween } from '../../../evidence/dates.ts';
import type { CentralRule, UnseenWhy } from '../../../evidence/network/central-logs.ts';
import { Unavailable } from '../../collector.ts';
import type { HttpAnswer } from '../../transports/http.ts';
import { type Client, daysOf, must } from './client.ts';
import type { Reading, Shown } from './reading.ts';

const duration = z.union([z.string(), z.literal(0).transform(() => '0')]);
const streamRule = z.object({ selector: z.string(), period: duration });

const limits = z.object({
  retention_period: duration.optional(),
  retention_stream: z
    .array(streamRule)
    .nullish()
    .transform((list) => list ?? []),
  max_query_lookback: duration.optional(),
  per_tenant_override_config: z.string().nullish(),
});

const configuration = z.object({
  target: z.union([z.string(), z.array(z.string())]).optional(),
  limits_config: limits,
  compactor: z.object({ retention_enabled: z.boolean().optional() }).nullish(),
  table_manager: z
    .object({ retention_deletes_enabled: z.boolean().optional(), retention_period: duration.optional() })
    .nullish(),
  runtime_config: z.object({ file: z.union([z.string(), z.array(z.string())]).nullish() }).nullish(),
});

type Limits = z.output<typeof limits>;
type Configuration = z.output<typeof configuration>;

type Found = Pick<Shown, 'rules' | 'unread'> & { unseen: UnseenWhy[] };

/**
 * What Loki is configured to delete: the compactor by tenant and stream, or the table manager; by neither, logs are kept for ever. The
 * configuration itself, in which secrets may stand, is not kept.
 */
export async function lokiRules(reading: Reading): Promise<Found> {
  const { client, store, window } = reading;
  const found: Found = { rules: [], unread: [], unseen: [] };
  const config = await attempt(found, 'loki', () => configurationOf(client));
  if (!config) return { ...found, unseen: ['limits-unread'] };
  const own = await tenantLimits(reading, config, found);
  const lookback = daysOf(own.max_query_lookback ?? '0');
  if (lookback === undefined) found.unseen.push('limits-unread');
  else if (lookback > 0 && lookback < daysBetween(window.from, window.today)) found.unseen.push('lookback');
  found.rules.push(...rulesIn(config, own, store.selector ?? ''));
  return found;
}

/** The configuration in force; throws {@link Unavailable} where it cannot be read. */
export async function configurationOf(client: Client): Promise<Configuration> {
  const path = '/config';
  return yamlOf(must(await client.get(path), path), configuration, path);
}

// Each tenant may have limits of its own, in a file that is read while Loki runs.
async function tenantLimits({ client }: Reading, config: Configuration, found: Found): Promise<Limits> {
  const files = [config.limits_config.per_tenant_override_config, config.runtime_config?.file].flat();
  if (!files.some((file) => typeof file === 'string' && file !== '')) return config.limits_config;
  const path = '/config/tenant/v1/limits';
  const own = await attempt(found, 'overrides', async () => {
    const read = yamlOf(must(await client.get(path), path), limits, path);
    // What is published may be chosen: then nothing is said of the rest.
    if (read.retention_period === undefined) throw new Unavailable('not-found', `${path}: no retention_period`);
    return read;
  });
  return own ?? config.limits_config;
}

function rulesIn(config: Configuration, own: Limits, selector: string): CentralRule[] {
  const { compactor, table_manager: tables } = config;
  const rules: CentralRule[] = [];
  if (compactor?.retention_enabled === true) rules.push(compacted(own, selector));
  const period = tables?.retention_period ?? '0';
  if (tables?.retention_deletes_enabled === true && daysOf(period) !== 0)
    rules.push(ruleOf('table_manager.retention_period', period, keepsFor(period)));
  if (rules.length > 0) return rules;
  // In one of several processes another may be configured to delete.
  const isAlone = [config.target].flat().join(',') === 'all';
  return isAlone ? [ruleOf('compactor.retention_enabled', 'false', { ever: true })] : [];
}

function compacted({ retention_period: period = 'unknown', retention_stream: streams }: Limits, selector: string) {
  const name = 'limits_config.retention_period';
  const possible = streams.filter((stream) => mayMatchBoth(selector, stream.selector));
  if (possible.length === 0) return ruleOf(name, period, keepsFor(period));
  // Which of them a stream is under depends on all its labels.
  const text = [period, ...possible.map((each) => `${each.selector} ${each.period}`)].join(', ');
  const kept = [period, ...possible.map((each) => each.period)].map(keepsFor);
  const unknown = kept.find((each) => 'unknown' in each);
  if (unknown) return ruleOf(name, text, unknown);
  const days = kept.flatMap((each) => ('days' in each ? [each.days] : []));
  if (days.length === 0) return ruleOf(name, text, { ever: true });
  return ruleOf(name, text, {
    days: Math.min(...days),
    ...(new Set(days).size > 1 || days.length < kept.length ? { orMore: true } : {}),
  });
}

function keepsFor(period: string): CentralRule['keeps'] {
  const days = daysOf(period);
  if (days === undefined) return { unknown: period.slice(0, 100) };
  return days === 0 ? { ever: true } : { days };
}

function ruleOf(name: string, text: string, keeps: CentralRule['keeps']): CentralRule {
  return { by: 'loki', name, text: text.slice(0, 300), parts: 1, keeps };
}

/** Whether a stream can match two selectors; they exclude each other only if both name one label by `=` and another value. */
function mayMatchBoth(one: string, other: string): boolean {
  const [first, second] = [one, other].map(
    (selector) =>
      new Map([...selector.matchAll(/([A-Za-z_]\w*)\s*=\s*"([^"\\]*)"/g)].map(([, name, value]) => [name, value])),
  );
  return ![...(first ?? [])].some(([name, value]) => second?.has(name) && second.get(name) !== value);
}

async function attempt<T>(found: Found, part: 'loki' | 'overrides', read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    found.unread.push({ part, why: error.message });
    return undefined;
  }
}

// Nothing of the text goes into an error: it may hold secrets.
function yamlOf<T extends z.ZodType>({ text }: HttpAnswer, schema: T, path: string): z.output<T> {
  try {
    return schema.parse(parseDocument(text, { logLevel: 'silent' }).toJS({ maxAliasCount: 100 }));
  } catch {
    throw new Unavailable('unparsable', `${path}: not a configuration of Loki`);
  }
}
