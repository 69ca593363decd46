import { expect, test } from 'vitest';
import { deletersInDefinition } from '../../../src/collectors/database/records/table-deleters.ts';

const time = { name: 'created_at', column: '`created_at`', family: 'local', type: 'datetime' } as const;

// Of MariaDB 10.11, SHOW CREATE TABLE.
const mariadb = `CREATE TABLE \`invoices\` (
  \`id\` int(11) DEFAULT NULL COMMENT 'TTL = none, CONSTRAINT x ON DELETE CASCADE',
  \`buyer\` int(11) DEFAULT NULL,
  KEY \`of_buyer\` (\`buyer\`),
  CONSTRAINT \`of_buyer\` FOREIGN KEY (\`buyer\`) REFERENCES \`buyers\` (\`id\`) ON DELETE CASCADE,
  CONSTRAINT \`of_seller\` FOREIGN KEY (\`buyer\`, \`id\`) REFERENCES \`other\`.\`sellers\` (\`id\`, \`x\`) ON DELETE SET NULL ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci`;

// Reconstructed from TiDB’s documentation of TTL.
const tidb = (options: string): string => `CREATE TABLE \`t\` (
  \`id\` int(11) NOT NULL,
  \`created_at\` timestamp DEFAULT CURRENT_TIMESTAMP
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ${options}`;

test.each<[string, string, object[]]>([
  ['cascades', mariadb, [{ kind: 'foreign-key', name: 'of_buyer → buyers' }]],
  ['nothing', tidb(''), []],
  [
    'a time to live',
    tidb("/*T![ttl] TTL=`created_at` + INTERVAL 3 MONTH */ /*T![ttl] TTL_ENABLE='ON' */"),
    [{ kind: 'ttl', keeps: { months: 3, days: 0 } }],
  ],
  [
    'a time to live of another column',
    tidb("/*T![ttl] TTL=`other` + INTERVAL 3 MONTH */ /*T![ttl] TTL_ENABLE='ON' */"),
    [{ kind: 'ttl', name: 'TTL' }],
  ],
  [
    'a time to live switched off',
    tidb("/*T![ttl] TTL=`created_at` + INTERVAL 3 MONTH */ /*T![ttl] TTL_ENABLE='OFF' */"),
    [],
  ],
  ['a time to live of another make', tidb('TTL(created_at + INTERVAL 30 DAY BY x)'), [{ kind: 'ttl' }]],
  ['a column of the name', 'CREATE TABLE t (`ttl` int)', []],
  ['none', '', []],
])('%s', (_, definition, expected) => {
  const found = deletersInDefinition({ definition, time });
  expect(found).toMatchObject(expected);
  expect(found).toHaveLength(expected.length);
});

test('a time to live of another column has no age', () => {
  const [found] = deletersInDefinition({ definition: tidb('/*T![ttl] TTL=`other` + INTERVAL 3 MONTH */'), time });
  expect(found?.keeps).toBeUndefined();
});
