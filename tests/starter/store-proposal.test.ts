import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { platformSchema } from '../../src/platform.ts';
import { type KnownTable, proposalsFor, storeEntry } from '../../src/starter/store-proposal.ts';

/** A table as `name [comment]`, its columns as `name type [comment]`; `*` marks the key, `-> table` a foreign key. */
function table(head: string, ...columns: string[]): KnownTable {
  const [name = '', comment = ''] = head.split(' ');
  return {
    schema: 'public',
    name,
    comment,
    columns: columns.map((line) => {
      const [written = '', refers] = line.split(' -> ');
      const [column = '', type = '', note = ''] = written.split(' ');
      return {
        name: column.replace('*', ''),
        type,
        comment: note,
        isKey: column.endsWith('*'),
        ...(refers === undefined ? {} : { refers }),
      };
    }),
  };
}

const english = [
  table(
    'orders',
    'id* bigint',
    'seller_tax_no varchar(20)',
    'total_amount numeric(12,2)',
    'updated_at timestamp',
    'created_at timestamp',
  ),
  table(
    'invoices',
    'id* bigint',
    'invoice_no varchar(20)',
    'order_ref bigint -> orders',
    'buyer_tax_no varchar(20)',
    'seller_tax_no varchar(20)',
    'tax_amount numeric(12,2)',
    'total_amount numeric(12,2)',
    'issued_at timestamptz',
    'uploaded_at timestamptz',
  ),
  table('users', 'id* bigint', 'created_at timestamp'),
  table('operation_log', 'id* bigint', 'operated_at timestamp', 'amount int'),
];
const pinyin = [
  table(
    't_fpxx 数电票信息',
    'fphm* char(20) 发票号码',
    'ddh varchar(40) 订单号',
    'gmfnsrsbh varchar(20) 购买方纳税人识别号',
    'xsfnsrsbh varchar(20) 销售方纳税人识别号',
    'je decimal(18,2) 不含税金额',
    'se decimal(18,2) 税额',
    'jshj decimal(18,2) 价税合计',
    'kprq datetime 开票日期',
    'scsj datetime 上传时间',
  ),
  table(
    'dd 订单',
    'ddh* varchar(40) 订单号',
    'xdsj bigint 下单时间',
    'zje decimal(18,2) 含税总金额',
    'nsrsbh varchar(20) 统一社会信用代码',
  ),
];

test.each([
  [
    'English names',
    english,
    [
      {
        name: 'orders',
        holds: 'transactions',
        time: 'created_at',
        columns: { number: 'id', amount: 'total_amount', unit: 'seller_tax_no' },
      },
      {
        name: 'invoices',
        holds: 'invoices',
        time: 'issued_at',
        columns: {
          number: 'invoice_no',
          transaction: 'order_ref',
          amount: 'total_amount',
          unit: 'seller_tax_no',
          uploaded: 'uploaded_at',
        },
      },
      { name: 'operation_log', holds: 'audit-records', time: 'operated_at', columns: {} },
    ],
  ],
  [
    'initials of pinyin with comments',
    pinyin,
    [
      {
        name: 't_fpxx',
        holds: 'invoices',
        time: 'kprq',
        columns: { number: 'fphm', transaction: 'ddh', amount: 'jshj', unit: 'xsfnsrsbh', uploaded: 'scsj' },
      },
      { name: 'dd', holds: 'transactions', time: 'xdsj', columns: { number: 'ddh', amount: 'zje', unit: 'nsrsbh' } },
    ],
  ],
  [
    'states, corrections, and which transactions',
    [
      table('sd_order', 'order_no* varchar(20)', 'created_at timestamp', 'fpzt varchar(2)'),
      table('sd_trade', 'trade_no* varchar(20)', 'created_at timestamp'),
      table(
        'sd_fp',
        'yfphm char(20) 原发票号码',
        'fphm* char(20) 发票号码',
        'order_no varchar(20) -> sd_order',
        'fpzt varchar(2) 发票状态：0正常，1-红冲，2：已作废',
        'kprq datetime',
      ),
      table(
        'other_invoice',
        'original_invoice_no varchar(20)',
        'invoice_no* varchar(20)',
        `status enum('ok','voided','red')`,
        'issued_at datetime',
      ),
    ],
    [
      { name: 'sd_order', holds: 'transactions', time: 'created_at', columns: { number: 'order_no' } },
      { name: 'sd_trade', holds: 'transactions', time: 'created_at', columns: { number: 'trade_no' } },
      {
        name: 'sd_fp',
        holds: 'invoices',
        time: 'kprq',
        columns: { number: 'fphm', transaction: 'order_no', status: 'fpzt', corrects: 'yfphm' },
        void: ['2'],
        of: 'sd_order',
      },
      {
        name: 'other_invoice',
        holds: 'invoices',
        time: 'issued_at',
        columns: { number: 'invoice_no', status: 'status', corrects: 'original_invoice_no' },
        void: ['voided'],
      },
    ],
  ],
  [
    'a table without a time',
    [table('payments', 'id* int')],
    [{ name: 'payments', holds: 'payments', columns: { number: 'id' } }],
  ],
  ['nothing that looks like tax data', [table('users', 'id* int', 'created_at timestamp')], []],
])('%s', (_, tables, expected) => {
  expect(proposalsFor(tables)).toEqual(expected.map((each) => ({ schema: 'public', ...each })));
});

test('the entry takes what was guessed of states as the platform file does, and asks for what was not', () => {
  const place = { engine: 'mariadb', address: '127.0.0.1', port: 1, database: 'd', user: 'a', tls: 'verified' };
  const known = [
    table('a_order', 'order_no* int', 'created_at datetime'),
    table('b_order', 'order_no* int', 'created_at datetime'),
    table('a_fp', 'fphm* int', 'order_no int -> b_order', 'fpzt int 0正常1作废', 'kprq datetime'),
    table('b_fp', 'fphm* int', 'order_no int -> a_order', 'fpzt int', 'kprq datetime'),
  ];
  const text = storeEntry({ ...place, passwordVariable: 'V' }, proposalsFor(known), 'en');
  const { stores } = platformSchema.parse({
    profile: 'p',
    unit: { name: 'u', creditCode: 'c' },
    platform: { name: 'n', mode: 'self-use', since: '2023-01-01' },
    ...parse(text),
  });
  expect(stores[0]?.tables.slice(2)).toMatchObject([
    { name: 'a_fp', columns: { status: 'fpzt' }, void: ['1'], of: ['b_order'] },
    { name: 'b_fp', columns: { status: 'fpzt' }, of: ['a_order'] },
  ]);
  expect(text.match(/# void: the words of the status column that mean void/g)).toHaveLength(1);
});

test('the entry is YAML that says what was found, names quoted where they must be', () => {
  const place = {
    engine: 'postgresql',
    address: '127.0.0.1',
    port: 5432,
    database: '交易 库',
    user: 'a',
    passwordVariable: 'V',
    tls: 'verified',
  };
  const text = storeEntry(place, proposalsFor([...pinyin, table('a"b: [发票]', 'no"1 text')]), 'zh');
  expect(parse(text)).toMatchObject({
    stores: [
      {
        name: '交易 库',
        database: '交易 库',
        tables: [{ name: 't_fpxx', time: 'kprq' }, { name: 'dd' }, { name: 'a"b:', holds: 'invoices' }],
      },
    ],
  });
});

test('a name cannot move the cursor, break the line or turn it round', () => {
  const place = {
    ...{ engine: 'postgresql', address: '127.0.0.1', port: 5432, database: 'trade', user: 'a' },
    ...{ passwordVariable: 'V', tls: 'verified' },
  };
  const name = 'invoice\u009b2J\u202e\u2028\nmayWrite:true';
  const text = storeEntry(place, proposalsFor([{ schema: 'public', name, comment: '', columns: [] }]), 'zh');
  expect(text).not.toMatch(/[\u007f-\u009f\u202a-\u202e\u2028\u2029]|\nmayWrite/);
  expect(parse(text)).toMatchObject({ stores: [{ tables: [{ name }] }] });
});
