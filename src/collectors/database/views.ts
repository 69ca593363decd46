import { z } from 'zod';
import type { UnreadView, ViewWhy } from '../../evidence/database/unread-views.ts';
import { type Tools, Unavailable } from '../collector.ts';
import type { Bound, Session } from '../transports/database.ts';

/** How many rows of one view are kept; of more, it counts as unread. */
const most = 5000;

const whys: Partial<Record<Unavailable['reason'], ViewWhy>> = { denied: 'denied', 'not-found': 'missing' };

/** Reads views of a catalogue: one that is refused is named, and the others go on. */
export type Views = {
  readonly unread: UnreadView[];
  /** The rows of a view; undefined if it could not be read, which is noted under its name. */
  rows<T extends z.ZodType>(
    view: string,
    row: T,
    sql: string,
    values?: readonly Bound[],
  ): Promise<z.output<T>[] | undefined>;
  /** Notes a view that shows less than it must. */
  lacks(view: string, why: ViewWhy): void;
};

/** A reader of the session’s views; an interruption is no refusal and ends it all. */
export function viewsOf(session: Session, { signal }: Pick<Tools, 'signal'>): Views {
  const unread: UnreadView[] = [];
  const lacks = (view: string, why: ViewWhy): void => {
    if (!unread.some((each) => each.view === view)) unread.push({ view, why });
  };
  return {
    unread,
    lacks,
    async rows(view, row, sql, values = []) {
      try {
        const rows = await session.query(row, sql.startsWith('SHOW') ? sql : `${sql} LIMIT ${most + 1}`, values);
        if (rows.length <= most) return rows;
        lacks(view, 'too-many');
      } catch (error) {
        const isOfView = error instanceof Unavailable || error instanceof z.ZodError;
        if (!isOfView || signal.aborted) throw error;
        lacks(view, error instanceof Unavailable ? (whys[error.reason] ?? 'failed') : 'unclear');
      }
      return undefined;
    },
  };
}
