import { addDays, type PlainDate } from '../../../evidence/dates.ts';
import type { CentralSeries } from '../../../evidence/network/central-logs.ts';
import { missingIn, startsDaily } from '../../host/log-days.ts';

/** What the days with entries make of a series, judged on a day that is not over. */
export function seriesOf(days: Iterable<PlainDate>, today: PlainDate): CentralSeries {
  const sorted = [...new Set(days)].toSorted();
  const [oldest] = sorted;
  const newest = sorted.at(-1);
  const yesterday = addDays(today, -1);
  const daily = startsDaily(sorted, yesterday);
  return {
    ...(oldest === undefined ? {} : { oldest }),
    ...(newest === undefined ? {} : { newest }),
    days: sorted.length,
    ...(daily === undefined ? {} : { startsDaily: daily }),
    missing: missingIn(sorted, yesterday),
  };
}
