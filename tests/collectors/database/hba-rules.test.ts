import { describe, expect, test } from 'vitest';
import { admittingPlain, type HbaRule, trusting } from '../../../src/collectors/database/encryption/hba-rules.ts';

// Lines as pg_hba_file_rules shows them; what each matches is of the page on pg_hba.conf in PostgreSQL’s documentation.

const rule = (text: string, index = 0): HbaRule => {
  const [type = '', databases = '', users = '', address = '', method = ''] = text.split(' ');
  const [ip = '', mask] = address.split('/');
  return {
    line: `${index + 1}`,
    type,
    databases: databases.split(','),
    users: users.split(','),
    address: type === 'local' ? null : ip,
    netmask: mask ?? null,
    method,
  };
};
const rules = (...lines: string[]): HbaRule[] => lines.map(rule);

const any4 = '0.0.0.0/0.0.0.0';
const any6 = '::/::';
const ten = '10.0.0.0/255.0.0.0';

describe('let in without TLS', () => {
  test.each<[string, string[], number[]]>([
    ['host matches clear text', [`host all all ${any4} scram-sha-256`], [1]],
    ['hostssl does not', [`hostssl all all ${any4} scram-sha-256`], []],
    [
      'hostnossl and hostnogssenc do, hostgssenc does not',
      [`hostnossl all all ${ten} md5`, `hostnogssenc all all ${ten} md5`, `hostgssenc all all ${ten} gss`],
      [1, 2],
    ],
    [
      'local and loopback are no other host',
      [
        'local all all - peer',
        'host all all 127.0.0.1/255.255.255.255 md5',
        'host all all ::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff md5',
        'host all all samehost md5',
        'host all all localhost md5',
      ],
      [],
    ],
    [
      'samenet, names and all are',
      ['host all all samenet md5', 'host all all .example.com md5', 'host all all all md5'],
      [1, 2, 3],
    ],
    [
      'a range that only begins at loopback',
      ['host all all 127.0.0.0/254.0.0.0 md5', 'host all all ::1/ffff:: md5'],
      [1, 2],
    ],
    ['other databases are not this one', [`host billing,hr all ${any4} md5`], []],
    [
      'by name, by user’s name, all of it to a standby, a pattern',
      [
        `host trade all ${ten} md5`,
        `host sameuser all ${ten} md5`,
        `host replication all ${ten} md5`,
        `host /^tr all ${ten} md5`,
      ],
      [1, 2, 3, 4],
    ],
    ['rejected before', [`hostnossl all all ${any4} reject`, `host all all ${ten} md5`], []],
    [
      'rejected before, everywhere',
      ['hostnossl all all all reject', `host all all ${ten} md5`, `host all all ${any6} md5`],
      [],
    ],
    // “all” does not match replication, by which everything is sent.
    [
      'rejected before, but not for standbys',
      [
        'hostnossl all all all reject',
        `host replication repl ${ten} scram-sha-256`,
        `host all all ${ten} scram-sha-256`,
      ],
      [2],
    ],
    [
      'rejected before, standbys among it',
      ['hostnossl replication,all all all reject', `host replication repl ${ten} scram-sha-256`],
      [],
    ],
    [
      'rejected before in both families, by two lines',
      [
        `hostnossl all all ${any4} reject`,
        `hostnossl all all ${any6} reject`,
        'host all all all md5',
        'host all all samenet md5',
      ],
      [],
    ],
    ['rejected before in one family', [`hostnossl all all ${any4} reject`, 'host all all all md5'], [2]],
    ['rejected afterwards', [`host all all ${ten} md5`, 'hostnossl all all all reject'], [1]],
    [
      'rejected in another family, in a smaller range, of one database, of one user',
      [
        `hostnossl all all ${any6} reject`,
        'host all all 10.1.0.0/255.255.0.0 reject',
        `hostnossl trade all ${any4} reject`,
        `hostnossl all bob ${any4} reject`,
        `hostssl all all ${any4} reject`,
        `host all all ${ten} md5`,
      ],
      [6],
    ],
    ['a mask with holes is no range', ['host all all 127.0.0.1/255.0.255.0 md5'], [1]],
    ['none', [], []],
  ])('%s', (_, lines, expected) => {
    const found = admittingPlain(rules(...lines), 'trade');
    expect(found.map((line) => Number(line.split(':')[0]))).toEqual(expected);
  });
});

test('no password, or one in clear text', () => {
  const found = trusting(
    rules(
      'local all all - trust',
      'host all all 127.0.0.1/255.255.255.255 trust',
      `hostssl all all ${ten} trust`,
      `hostssl all all ${ten} password`,
      `host all all ${ten} password`,
    ),
    'trade',
  );
  expect(found).toEqual(['3: hostssl all all 10.0.0.0/8 trust', '5: host all all 10.0.0.0/8 password']);
});
