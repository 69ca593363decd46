import type { Language } from '../text.ts';
import { scalar } from './starter.ts';

/** What is known of a table before anyone has said what it holds: names and comments, no row. */
export type KnownTable = {
  readonly schema: string;
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly KnownColumn[];
};

export type KnownColumn = {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
  readonly isKey: boolean;
  readonly refers?: string;
};

type Holding = 'transactions' | 'payments' | 'invoices' | 'audit-records';

/** A table that probably holds tax data, with the columns that probably say what is asked. */
export type Proposal = {
  readonly schema: string;
  readonly name: string;
  readonly holds: Holding;
  /** The column of time; absent where none looks like one. */
  readonly time?: string;
  readonly columns: Readonly<Partial<Record<Role, string>>>;
  /** The words of the status column that mean void, as its type or comment lists them. */
  readonly void?: readonly string[];
  /** The table of transactions that a foreign key leads to, where there is more than one that it could be. */
  readonly of?: string;
};

type Role = 'number' | 'transaction' | 'amount' | 'unit' | 'uploaded' | 'status' | 'corrects';

// Names as developers write them: English, pinyin, its initials as tax software has them (kprq, jshj, xsfnsrsbh), and Chinese comments.
const holdingWords: readonly (readonly [Holding, RegExp])[] = [
  ['audit-records', /audit|oper\w*_?log|access_?log|_log$|rizhi|日志|审计/],
  ['invoices', /fapiao|(^|_)fp(_|xx|mx|$)|invoice|kaipiao|(^|_)kp(_|xx|$)|发票|数电票/],
  ['payments', /pay(ment)?s?(_|$)|zhifu|settle|jiesuan|receipt|收付|支付|付款|收款|结算/],
  ['transactions', /order|trade|transaction|(^|_)trans(_|$)|jiaoyi|dingdan|sale|交易|订单|流水/],
];

const buyer = /gmf|gfsh|buyer|purchas|购买?方|买方/;

const roleWords: Readonly<Record<Role, readonly RegExp[]>> = {
  number: [/fphm|fp_?hm|invoice_?(no|num|number|code)|发票号/],
  transaction: [
    /(order|trade|trans\w*|deal|ddh?|jy\w*)_?(no|id|num|number|bh|hm|sn|code)$|订单号|交易号|流水号|交易编号/,
  ],
  amount: [/jshj|total_?(amount|fee|price)|amount_?total|价税合计|含税(总)?金额/, /total|amount|amt|(^|_)je$|金额/],
  unit: [
    /(xsf|xf|seller?|issuer)\w*(sbh|sh|dm|tax|credit|code|no|id)|销售?方\W*(纳税人识别号|税号)/,
    /nsrsbh|credit_?code|taxpayer|tax_?(no|id|code)|统一社会信用代码|纳税人识别号|税号/,
  ],
  uploaded: [/upload\w*(at|time|date)|scsj|sc_?rq|上传(时间|日期)/],
  status: [
    /(^|_)(fp|kp|invoice)_?(zt|status|state)(_?dm)?$|发票状态|开票状态|作废(标志|状态|标识)|zfbz|zf_?zt/,
    /^(status|state|zt)$|^状态/,
  ],
  corrects: [
    /^(y(sdfp|fp|lp)|lzfp|lp)_?hm$|^(orig\w*|blue|reversed|corrected)_?(invoice_?)?(no|num|number|code)$|(原|蓝字|被冲红?的?|对应蓝字)(数电票|发票|蓝票)号/,
  ],
};

// 作废, and what English status words say: `void`, `voided`, `cancelled`. 冲红 is a correction, not a void invoice.
const voidWord = /^(已?作废|void(ed)?|cancell?ed|invalid(ated)?|annulled)$/i;

const timeWords: Readonly<Record<Holding, readonly RegExp[]>> = {
  invoices: [/kprq|kpsj|issue\w*|invoice_?(date|time)|开票(日期|时间)/],
  payments: [/pa(id|y)\w*(at|time|date)|zfsj|zfrq|支付(时间|日期)|付款(时间|日期)/],
  transactions: [/(trade|order|trans\w*|deal)_?(at|time|date)|jysj|jyrq|xdsj|ddrq|(交易|下单|订单)(时间|日期)/],
  'audit-records': [/(log|oper\w*|event)_?(at|time|date)|操作(时间|日期)/],
};
const anyTime = [/creat|gmt_create|insert|cjsj|cjrq|录入|创建/, /time|date|_at$|sj$|rq$|时间|日期/];
const notWhenItArose = /updat|modif|delet|expire|upload|xgsj|scsj|更新|修改|删除|上传|失效/;
const notTheWhole = /(^|_)se$|tax_?amount|税额|不含税|discount|折扣|优惠/;

/** The tables that look as if they held tax data, and what their columns seem to be: to be confirmed by a person. */
export function proposalsFor(tables: readonly KnownTable[]): Proposal[] {
  const kept = tables.flatMap((table): (KnownTable & { holds: Holding })[] => {
    const holds = holdingOf(table);
    return holds === undefined ? [] : [{ ...table, holds }];
  });
  const traded = new Set(kept.filter(({ holds }) => holds === 'transactions').map(({ name }) => name));
  return kept.map((table) => proposalFor(table, traded));
}

function holdingOf({ name, comment }: KnownTable): Holding | undefined {
  // A comment says more than a name.
  for (const words of [comment, name.toLowerCase()]) {
    const [found] = holdingWords.find(([, pattern]) => words !== '' && pattern.test(words)) ?? [];
    if (found) return found;
  }
  return undefined;
}

function proposalFor(table: KnownTable & { holds: Holding }, traded: ReadonlySet<string>): Proposal {
  const { schema, name, holds, columns } = table;
  const moments = columns.filter((column) => isTime(column) && !notWhenItArose.test(wordsOf(column)));
  const time = pick(moments, [...timeWords[holds], ...anyTime])?.name;
  const isInvoice = holds === 'invoices';
  const link = columns.find(({ refers }) => refers !== undefined && traded.has(refers));
  const corrects = isInvoice ? pick(columns, roleWords.corrects) : undefined;
  const number = isInvoice
    ? pick(
        columns.filter((column) => column !== corrects),
        roleWords.number,
      )
    : (pick(columns, roleWords.transaction) ?? columns.find(({ isKey }) => isKey));
  const status = pick(columns, roleWords.status);
  const roles: Record<Role, KnownColumn | undefined> = {
    number,
    transaction: isInvoice ? (link ?? pick(columns, roleWords.transaction)) : undefined,
    amount: pick(
      columns.filter((column) => isNumber(column) && !notTheWhole.test(wordsOf(column))),
      roleWords.amount,
    ),
    unit: pick(
      columns.filter((column) => !buyer.test(wordsOf(column))),
      roleWords.unit,
    ),
    uploaded: isInvoice ? pick(columns.filter(isTime), roleWords.uploaded) : undefined,
    status: isInvoice ? status : undefined,
    corrects,
  };
  const words = isInvoice && status ? voidWordsOf(status) : [];
  const found = Object.entries(roles).flatMap(([role, column]) => (column ? [[role, column.name] as const] : []));
  return {
    schema,
    name,
    holds,
    ...(time === undefined ? {} : { time }),
    columns: holds === 'audit-records' ? {} : Object.fromEntries(found),
    ...(words.length === 0 ? {} : { void: words }),
    ...(isInvoice && link?.refers !== undefined && traded.size > 1 ? { of: link.refers } : {}),
  };
}

// `enum('ok','void')`, or a comment such as `0 正常 1 作废` and `N:normal, V:void`: the code that stands before the word, else the word itself.
function voidWordsOf({ type, comment }: KnownColumn): string[] {
  const listed = [...type.matchAll(/'((?:[^']|'')*)'/g)].map(([, word = '']) => word.replaceAll("''", "'"));
  if (listed.length > 0) return listed.filter((word) => voidWord.test(word));
  const coded = [...comment.matchAll(/([A-Za-z0-9]{1,10})\s*[:：=＝\-－、.]?\s*(\p{Script=Han}{2,6}|[a-z]{4,11})/giu)];
  return [...new Set(coded.flatMap(([, code = '', word = '']) => (voidWord.test(word) ? [code] : [])))];
}

function pick(columns: readonly KnownColumn[], patterns: readonly RegExp[]): KnownColumn | undefined {
  for (const pattern of patterns) {
    const found = columns.find((column) => pattern.test(column.comment) || pattern.test(column.name.toLowerCase()));
    if (found) return found;
  }
  return undefined;
}

function wordsOf({ name, comment }: KnownColumn): string {
  return `${name.toLowerCase()} ${comment}`.trim();
}

function isTime({ type, ...column }: KnownColumn): boolean {
  if (/^(timestamp|datetime|date)/i.test(type)) return true;
  return (
    /^(bigint|int|varchar|char|text)/i.test(type) &&
    /time|date|_at$|sj$|rq$|时间|日期/.test(wordsOf({ type, ...column }))
  );
}

function isNumber({ type }: KnownColumn): boolean {
  return /^(numeric|decimal|double|float|real|bigint|int|money)/i.test(type);
}

/** Where the store is, as the platform file will say it. */
export type StorePlace = {
  readonly engine: string;
  readonly address: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly passwordVariable: string;
  readonly tls: string;
  readonly authority?: string;
  readonly authDatabase?: string;
  readonly through?: string;
};

/** The entry of `stores` for a platform file: what was guessed stands there to be confirmed, what was not is a comment. */
export function storeEntry(place: StorePlace, proposals: readonly Proposal[], language: Language): string {
  const say = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  const { engine, address, port, database, user, passwordVariable, tls, authority, authDatabase, through } = place;
  const lines = [
    `# ${say('以下按库表名称、注释和外键推测，未读取任何数据；请逐项核对后写入平台文件', 'Guessed from names, comments and foreign keys; no row was read. Check each line, then put it into the platform file')}`,
    'stores:',
    `  - name: ${scalar(database)}`,
    `    engine: ${engine}`,
    `    address: ${scalar(address)}`,
    `    port: ${port}`,
    ...(through === undefined ? [] : [`    through: ${scalar(through)}`]),
    `    database: ${scalar(database)}`,
    `    user: ${scalar(user)}`,
    `    password: { env: ${passwordVariable} }`,
    `    tls: ${tls}`,
    ...(authority === undefined ? [] : [`    authority: ${scalar(authority)}`]),
    ...(authDatabase === undefined ? [] : [`    authDatabase: ${scalar(authDatabase)}`]),
    '    tables:',
    ...proposals.flatMap((each) => tableLines(each, engine, say)),
  ];
  if (proposals.length === 0)
    lines.push(
      `      # ${say('没有看起来存放交易、收付、发票或者审计记录的表', 'no table looks as if it held transactions, payments, invoices or audit records')}`,
    );
  return `${lines.join('\n')}\n`;
}

function tableLines(
  { schema, name, holds, time, columns, void: words, of }: Proposal,
  engine: string,
  say: (zh: string, en: string) => string,
): string[] {
  const isPlain = engine !== 'postgresql' || schema === 'public';
  const known = Object.entries(columns).map(([role, column]) => `${role}: ${scalar(column)}`);
  return [
    `      - name: ${scalar(name)}`,
    ...(isPlain ? [] : [`        schema: ${scalar(schema)}`]),
    `        holds: ${holds}`,
    time === undefined
      ? `        # time: ${say('没有看起来表示产生时间的列', 'no column looks like the time it arose')}`
      : `        time: ${scalar(time)}`,
    ...(known.length === 0 ? [] : [`        columns: { ${known.join(', ')} }`]),
    ...(words ? [`        void: [${words.map(scalar).join(', ')}]`] : []),
    ...(columns.status !== undefined && !words
      ? [`        # void: ${say('状态列中表示作废的取值', 'the words of the status column that mean void')}`]
      : []),
    ...(of === undefined ? [] : [`        of: [${scalar(of)}]`]),
  ];
}
