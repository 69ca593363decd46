import { join } from 'node:path';
import { z } from 'zod';
import { ways } from '../../src/assessment/profile.ts';
import { bilingual } from '../../src/evidence/schemas.ts';
import { packageRoot } from '../../src/package-root.ts';
import { readYaml } from '../../src/yaml.ts';

const rowSchema = z.strictObject({
  /** By source, as profiles cite them. */
  clauses: z.record(z.string(), z.array(z.string().min(1)).min(1)),
  how: z.array(z.enum([...ways, 'manual'])).min(1),
  /** Access, renewal, continuous, event. */
  when: z.array(z.enum(['A', 'R', 'C', 'E'])).min(1),
  title: bilingual,
});

const catalogueSchema = z.strictObject({
  sources: z.record(z.string(), bilingual),
  rows: z.record(z.string().regex(/^[A-Z]{2}-[A-Z0-9][A-Za-z0-9.-]*$/), rowSchema),
});

export type CatalogueRow = z.output<typeof rowSchema>;

/** profiles/catalogue.yaml: what the profiles are held against. */
export const catalogue = await readYaml(join(packageRoot, 'profiles', 'catalogue.yaml'), catalogueSchema);

/** The catalogue's row of an id. */
export function catalogued(id: string): CatalogueRow {
  const row = catalogue.rows[id];
  if (!row) throw new Error(`profiles/catalogue.yaml has no row ${id}`);
  return row;
}
