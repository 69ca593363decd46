import type { Answering } from './http-stores.ts';

/** A pretended Loki: the moments of its entries (ISO 8601), by the label `host`. */
export type PretendedLoki = {
  readonly version: string;
  readonly entries: Readonly<Record<string, readonly string[]>>;
  /** `GET /config`; absent: a gateway that does not pass it on. */
  readonly config?: string;
  /** `GET /config/tenant/v1/limits`. */
  readonly limits?: string;
  readonly tenant?: string;
};

/** `limits_config.max_query_length` where nothing else is configured. */
const mostHours = 721;

/**
 * Answers as the HTTP reference of Loki 2.9 and 3.x describes it, not recorded from either: Loki is not packaged where the tests run.
 * Steps are counted from midnight in UTC, and a range ends at its step, as the query frontend and LogQL have it.
 */
export function lokiWorld(loki: PretendedLoki): Answering {
  return (path, parameters, headers) => {
    if (loki.tenant !== undefined && headers['x-scope-orgid'] !== loki.tenant)
      return { status: 401, body: 'no org id' };
    if (path === '/loki/api/v1/status/buildinfo')
      return { body: { version: loki.version, revision: 'abc', goVersion: 'go1.21' } };
    if (path === '/config')
      return loki.config === undefined ? { status: 404, body: '404 page not found' } : { body: loki.config };
    if (path === '/config/tenant/v1/limits')
      return loki.limits === undefined ? { status: 404, body: '404 page not found' } : { body: loki.limits };
    return path === '/loki/api/v1/query_range' ? rangeOf(loki, parameters) : undefined;
  };
}

function rangeOf({ entries }: PretendedLoki, parameters: URLSearchParams) {
  const [, grouped, seconds] =
    (parameters.get('query') ?? '').match(
      /^sum(?: (by) \(host\) )?\(count_over_time\(\{job="leqi"\}\[(\d+)s\] offset 1ms\)\)$/,
    ) ?? [];
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(parameters.get(name)));
  if (seconds === undefined || start === undefined || end === undefined || !step || Number(seconds) !== step)
    return undefined;
  if ((end - start) / 3600 > mostHours)
    return {
      status: 400,
      body: `the query time range exceeds the limit (query length: ${end - start}s, limit: 30d1h)`,
    };
  const byHost = grouped ? Object.entries(entries) : [['', Object.values(entries).flat()] as const];
  const result = byHost.map(([host, moments]) => {
    const counts = new Map<number, number>();
    for (const moment of moments) {
      // (T - step - 1 ms, T - 1 ms]
      const at = Math.floor(Date.parse(moment) / 1000 / step) * step + step;
      if (at >= start && at <= end) counts.set(at, (counts.get(at) ?? 0) + 1);
    }
    const values = [...counts].toSorted(([a], [b]) => a - b).map(([at, count]) => [at, `${count}`]);
    return { metric: grouped ? { host } : {}, values };
  });
  const filled = result.filter(({ values }) => values.length > 0);
  return { body: { status: 'success', data: { resultType: 'matrix', result: filled, stats: {} } } };
}
