import { z } from 'zod';
import type { Bound, Session } from '../../transports/database.ts';

/** One step of a plan that reads a table. */
export type Scan = {
  /** As the statement calls the table. */
  readonly alias: string;
  /** The server’s estimate. */
  readonly rows: number;
  readonly by: 'index' | 'sample' | 'whole';
  /** Pages, about, that are read without help of an index. */
  readonly pages: number;
};

const nodeSchema = z.looseObject({
  'Node Type': z.string(),
  Alias: z.string().optional(),
  'Plan Rows': z.number(),
  'Total Cost': z.number(),
  Plans: z.array(z.unknown()).optional(),
});
const planSchema = z.array(z.object({ Plan: z.unknown() })).min(1);
const textSchema = z.object({ 'QUERY PLAN': z.string() });
const lineSchema = z.object({
  table: z.string().nullable(),
  type: z.string().nullable(),
  rows: z.string().nullable(),
});

/** How the server would read the tables of a statement; the statement itself is not run. */
export async function scansOf(session: Session, sql: string, values: readonly Bound[]): Promise<Scan[]> {
  if (session.engine === 'postgresql') {
    const [answer] = await session.query(textSchema, `EXPLAIN (FORMAT JSON) ${sql}`, values);
    return planSchema.parse(JSON.parse(answer?.['QUERY PLAN'] ?? '[]')).flatMap(({ Plan }) => nodesIn(Plan));
  }
  const lines = await session.query(lineSchema, `EXPLAIN FORMAT=TRADITIONAL ${sql}`, values);
  return lines.flatMap(({ table, type, rows }) => {
    if (table === null || table.startsWith('<')) return [];
    const isWhole = type === 'ALL' || type === 'index';
    const count = Number(rows ?? 0);
    // Some 100 rows lie on a page.
    return [{ alias: table, rows: count, by: isWhole ? 'whole' : 'index', pages: isWhole ? count / 100 : 0 } as const];
  });
}

function nodesIn(plan: unknown): Scan[] {
  const node = nodeSchema.parse(plan);
  const below = (node.Plans ?? []).flatMap(nodesIn);
  const type = node['Node Type'];
  if (node.Alias === undefined || !/Scan$/.test(type) || /^(?:Subquery|CTE|Function|Values|Result) /.test(type))
    return below;
  const by = /^(?:Index|Bitmap)/.test(type) ? 'index' : type === 'Sample Scan' ? 'sample' : 'whole';
  // A page read in order costs 1; a bitmap reads as many pages as its cost says, in any order.
  const isPaged = by === 'whole' || type === 'Bitmap Heap Scan';
  return [{ alias: node.Alias, rows: node['Plan Rows'], by, pages: isPaged ? node['Total Cost'] : 0 }, ...below];
}
