import { z } from 'zod';
import {
  type ClearText,
  type ClearTextKind,
  clearTextKinds,
  unreadReasons,
} from '../../src/evidence/database/clear-text.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import {
  firstOf,
  type Limits,
  type NumberCount,
  numbersText,
  type Standing,
  samplesOf,
  standingOf,
} from '../shared/clear-text-words.ts';

const messages = {
  clear: {
    zh: '{{table}} 有明文：{{columns}}',
    en: '{{table}} holds in clear text: {{columns}}',
  },
  toExplain: {
    zh: '{{table}} 有明文，须说明其必要性和保护措施：{{columns}}',
    en: '{{table}} holds in clear text what needs an explanation of why it must and how it is protected: {{columns}}',
  },
  few: {
    zh: '{{table}} 有疑似明文，数量太少，不能确认也不能排除：{{columns}}',
    en: '{{table}} may hold in clear text, in numbers too small to tell: {{columns}}',
  },
  clean: {
    zh: '抽样 {{tables}} 张表、{{columns}} 列、{{rows}} 行（{{how}}），未发现明文的{{kinds}}；抽样不排除未抽到的记录{{also}}',
    en: 'a sample of {{tables}} tables, {{columns}} columns, {{rows}} rows ({{how}}) shows no {{kinds}} in clear text; what was not drawn is not excluded{{also}}',
  },
  nothing: {
    zh: '账号可见的表中没有一行记录，无从抽样',
    en: 'no table that the account sees holds a row: there is nothing to draw a sample from',
  },
  unread: { zh: '以下未能抽样：{{parts}}', en: 'no sample could be drawn of these: {{parts}}' },
  onlyHead: {
    zh: '{{table}} 没有可用的主键，只读取了表首 {{rows}} 行，不足以代表全表',
    en: '{{table}} has no primary key that serves: only its first {{rows}} rows were read, which do not stand for all',
  },
  beyond: {
    zh: '表的数量超过抽样上限，另有 {{count}} 张表没有抽样',
    en: 'there are more tables than are looked into: {{count}} were left out',
  },
  hidden: {
    zh: '账号只被授权部分表，库中是否还有其他表看不到',
    en: 'the account is granted single tables only, so that others would not be shown to it',
  },
  noStore: { zh: '没有任何数据库的抽样', en: 'there is no sample of any store' },
} as const satisfies Record<string, Text>;

type Found = Finding<keyof typeof messages>;

const protect: Text = {
  zh: '对这些列加密或者脱敏存储；不再需要的，删除',
  en: 'encrypt or mask these columns; delete what is no longer needed',
};
const grant: Text = {
  zh: '授予扫描账号整个数据库的 SELECT 权限后重新采集',
  en: 'grant SELECT on the whole database to the account that scans, and collect again',
};

/** Numbers of persons do not stand in clear text in the store. */
export const check = defineCheck({
  id: 'data/clear-text',
  title: { zh: '库内明文', en: 'No clear text in stores' },
  about: {
    zh: '对数据库各表的文本列和数值列随机抽样，按校验码（GB 11643、GB 32100、ISO/IEC 7812）识别证件号码、银行卡号等，含备注、JSON 中的：通过校验的不同号码明显多于巧合所能解释的，才认定为明文；只统计数量，任何值都不离开采集进程。磁盘或者数据库整体加密后，列中的明文对每个能查询的人仍然可见，故单独判定。',
    en: 'Draws random samples of the text and number columns of all tables and looks, in remarks and JSON too, for numbers that pass their check characters (GB 11643, GB 32100, ISO/IEC 7812). A column is said to hold them only where more different ones pass than chance explains. Only counts are kept; no value leaves the scanner. An encrypted disk or database leaves columns readable to whoever may query, so this is judged apart.',
  },
  reads: ['clearText'],
  parameters: z.strictObject({
    /** What may not stand in clear text. */
    forbid: z.array(z.enum(clearTextKinds)),
    /** What may, if a person explains it. */
    explain: z.array(z.enum(clearTextKinds)),
    /** Other numbers would pass the checks as often in fewer than one of so many columns: then it is clear text. */
    certain: z.int().min(1000).meta(stricter.lower),
    /** In fewer than one of so many: then it may be. */
    suspect: z.int().min(2).meta(stricter.lower),
  }),
  messages,
  remedies: {
    clear: protect,
    toExplain: protect,
    few: {
      zh: '由本单位查询这些列，确认是否含有此类号码',
      en: 'query these columns, and see whether they hold such numbers',
    },
    unread: grant,
    hidden: grant,
    onlyHead: { zh: '为该表设置主键', en: 'give the table a primary key' },
  },

  judge({ clearText }, { forbid, explain, ...limits }) {
    if (clearText.length === 0) return [unproven('noStore', [], {}, 'stores')];
    return clearText.flatMap((store) => judgeStore(store, forbid, explain, limits));
  },
});

function judgeStore(
  store: Seen<ClearText>,
  forbid: readonly ClearTextKind[],
  explain: readonly ClearTextKind[],
  limits: Limits,
): Found[] {
  const asked = [...forbid, ...explain];
  const against = store.value.tables.flatMap((table): Found[] => {
    const subject = `${store.subject}/${table.name}`;
    const of = (kinds: readonly ClearTextKind[], standing: Standing): NumberCount[] =>
      table.numbers.filter((each) => kinds.includes(each.kind) && standingOf(each, limits) === standing);
    const data = (numbers: readonly NumberCount[]) => ({ table: table.name, columns: numbersText(numbers, table) });
    const clear = of(forbid, 'certain');
    const open = of(
      explain.filter((kind) => !forbid.includes(kind)),
      'certain',
    );
    const few = of(asked, 'suspect');
    return [
      ...(clear.length > 0 ? [unmet('clear', store, data(clear), subject)] : []),
      ...(open.length > 0 ? [unproven('toExplain', store, data(open), subject)] : []),
      ...(few.length > 0 ? [unproven('few', store, data(few), subject)] : []),
    ];
  });
  const found = [...against, ...gapsOf(store)];
  return found.length > 0 ? found : [met('clean', store, samplesOf(store.value, asked, limits))];
}

// What was not seen, or not well enough.
function gapsOf(store: Seen<ClearText>): Found[] {
  const { tables, unread, beyond, seesAll } = store.value;
  const heads = tables.filter(({ sampling }) => sampling === 'head');
  const isEmpty = tables.every(({ rows }) => rows === 0);
  const parts = unread.map(({ table, column, why }) => {
    const place = column === undefined ? table : `${table}.${column}`;
    return { zh: `${place}（${unreadReasons[why].zh}）`, en: `${place} (${unreadReasons[why].en})` };
  });
  return [
    ...(parts.length > 0 ? [unproven('unread', store, { parts: firstOf(parts) })] : []),
    ...heads.map(({ name, rows }) => unproven('onlyHead', store, { table: name, rows }, `${store.subject}/${name}`)),
    ...(beyond > 0 ? [unproven('beyond', store, { count: beyond })] : []),
    ...(seesAll ? [] : [unproven('hidden', store)]),
    ...(isEmpty && unread.length === 0 ? [unproven('nothing', store)] : []),
  ];
}
