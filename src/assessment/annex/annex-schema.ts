import { z } from 'zod';
import { bilingual } from '../../evidence/schemas.ts';

const entry = z.strictObject({ label: bilingual, text: bilingual, cites: z.array(z.string()) });

const table = z.strictObject({
  title: bilingual,
  head: z.array(bilingual),
  /** As many cells as there are heads. */
  rows: z.array(z.strictObject({ cells: z.array(bilingual), cites: z.array(z.string()) })),
  /** Evidence of the table as a whole. */
  cites: z.array(z.string()),
  /** More rows than are kept here. */
  more: z.int().positive().optional(),
});

const topic = z.strictObject({
  key: z.string(),
  title: bilingual,
  entries: z.array(entry),
  tables: z.array(table),
  /** Ids of the requirements that belong here. */
  requirements: z.array(z.string()),
  /** No evidence was had of it: the unit explains it elsewhere. */
  unseen: z.literal(true).optional(),
});

/** The report's annex: what was seen, arranged by the topics that a project report has. It judges nothing. */
export const annexSchema = z.strictObject({
  title: bilingual,
  /** The clauses that ask for such a report. */
  cites: z.array(z.strictObject({ source: z.string(), clause: z.string() })),
  parts: z.array(z.strictObject({ title: bilingual, topics: z.array(topic) })),
});

export type AssessedAnnex = z.output<typeof annexSchema>;
export type AssessedTopic = AssessedAnnex['parts'][number]['topics'][number];
export type AnnexTable = AssessedTopic['tables'][number];
