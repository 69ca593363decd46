import type { Deleter } from '../../../evidence/database/records.ts';
import type { Collection, Index } from './collections.ts';
import { numberOf } from './times.ts';

const day = 86_400;

/**
 * What in a MongoDB database deletes documents of a collection: times to live of indexes, time-series and clustered collections, and the size of a
 * capped one. The server knows no jobs or triggers of its own.
 */
export function deletersOf({ name, options }: Collection, indexes: readonly Index[], time: string): Deleter[] {
  const { capped, size, max, timeseries, clusteredIndex, expireAfterSeconds } = options;
  const ofIndexes = indexes.flatMap((index): Deleter[] => {
    const [field = ''] = Object.keys(index.key);
    return index.expireAfterSeconds === undefined
      ? []
      : [timeToLive(index.name, field, index.expireAfterSeconds, field === time)];
  });
  const seconds = numberOf(expireAfterSeconds);
  const own = timeseries?.timeField ?? (clusteredIndex === undefined ? '-' : '_id');
  const ofCollection = seconds === undefined ? [] : [timeToLive(name, own, Number(seconds), own === time)];
  const bySize: Deleter[] = capped
    ? [
        {
          kind: 'capped',
          name,
          definition: `capped: size ${numberOf(size) ?? '-'} bytes, max ${numberOf(max) ?? '-'} documents`,
        },
      ]
    : [];
  return [...ofIndexes, ...ofCollection, ...bySize];
}

// Only of the table's own time the age is the record's; NaN and what is negative count as nothing (SERVER-68477).
function timeToLive(name: string, field: string, seconds: number, isOwn: boolean): Deleter {
  const days = Number.isFinite(seconds) && seconds > 0 ? Math.floor(seconds / day) : 0;
  return {
    kind: 'ttl',
    name,
    definition: `expireAfterSeconds: ${seconds} (${field})`,
    ...(isOwn ? { keeps: { months: 0, days } } : {}),
  };
}
