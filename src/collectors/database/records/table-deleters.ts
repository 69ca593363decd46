import type { Deleter } from '../../../evidence/database/records.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import { intervalOf } from './purge-age.ts';
import { spelledOut, tokensOf } from './sql-tokens.ts';

/** What the making of a table of MySQL, MariaDB or their kin says of rows that go by themselves: cascades and time to live. */
export function deletersInDefinition({ definition, time }: Pick<CatalogueTable, 'definition' | 'time'>): Deleter[] {
  if (definition === '') return [];
  const spelled = spelledOut(tokensOf(definition, 'mysql'));
  const cascades = [
    ...spelled.matchAll(/constraint (\S+) foreign key \([^)]*\) references ([^(]+?) \([^)]*\)([^,]*?)(?= ,| \)|$)/g),
  ];
  const keys = cascades
    .filter(([, , , actions = '']) => /on delete cascade/.test(actions))
    .map(
      ([, name, parent = '']): Deleter => ({
        kind: 'foreign-key',
        name: `${name} → ${parent.replaceAll(' ', '')}`,
        definition: 'ON DELETE CASCADE',
      }),
    );
  return [...keys, ...timeToLive(spelled, time.name)];
}

// TiDB: TTL = `created_at` + INTERVAL 3 YEAR TTL_ENABLE = 'ON' (docs.pingcap.com, time-to-live).
function timeToLive(spelled: string, time: string): Deleter[] {
  const [, column, count, unit] = spelled.match(/\bttl = (\S+) \+ interval '?(\d+)'? (\w+)/) ?? [];
  if (column === undefined)
    return /\bttl\b ?[=(]/.test(spelled) ? [{ kind: 'ttl', name: 'TTL', definition: 'TTL' }] : [];
  if (/\bttl_enable = 'off'/i.test(spelled)) return [];
  const age = column === time.toLowerCase() ? intervalOf(`${count} ${unit}`) : undefined;
  const definition = `TTL = ${column} + INTERVAL ${count} ${unit}`;
  return [{ kind: 'ttl', name: 'TTL', definition, ...(age ? { keeps: age } : {}) }];
}
