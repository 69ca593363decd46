import { z } from 'zod';
import type { Records } from '../../src/evidence/database/records.ts';
import {
  addDays,
  addToMonth,
  type Month,
  monthOf,
  monthsBefore,
  monthsFrom,
  type PlainDate,
} from '../../src/evidence/dates.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';

type Table = Records['tables'][number];

/** Records of the asked kinds reach back as far as asked, no month is empty, and nothing in the store deletes them. */
export const check = defineCheck({
  id: 'data/retention',
  title: { zh: '数据留存', en: 'Data retention' },
  about: {
    zh: '统计数据库中每月的记录数：最早记录须早于应留存期起点（或平台投入使用之时），期内不得有空月；库内有删除记录的触发器或级联规则的，不作符合判定。',
    en: 'Counts records a month in the store: the oldest must be older than the period (or as old as the platform), no month within may be empty; where a trigger or cascade deletes rows, nothing is said to be met.',
  },
  reads: ['records', 'platform'],
  parameters: z.strictObject({
    /** What the tables must hold; each needs at least one table. */
    holds: z.array(z.string()).min(1),
    /** Calendar months, counted back from the moment of observation. */
    months: z.int().positive().meta(stricter.higher),
  }),
  messages: {
    kept: {
      zh: '{{table}} 最早记录 {{oldest}}（应不晚于 {{due}}），期内无空月，共 {{rows}} 条',
      en: '{{table}} reaches back to {{oldest}} ({{due}} is asked), no month is empty, {{rows}} rows',
    },
    asOldAsPlatform: {
      zh: '{{table}} 自平台投入使用（{{since}}）起的记录均在，最早 {{oldest}}，期内无空月，共 {{rows}} 条',
      en: '{{table}} holds all since the platform began ({{since}}): oldest {{oldest}}, no month is empty, {{rows}} rows',
    },
    tooYoung: {
      zh: '{{table}} 最早记录 {{oldest}}，应不晚于 {{due}}',
      en: '{{table}} reaches back to {{oldest}}; {{due}} is asked',
    },
    beginsLater: {
      zh: '{{table}} 最早记录 {{oldest}}，晚于平台投入使用 {{since}}；此前是否有业务，库内无法证明',
      en: '{{table}} begins {{oldest}}, after the platform ({{since}}); whether there was business before cannot be seen in the store',
    },
    emptyMonths: { zh: '{{table}} 期内有空月：{{months}}', en: '{{table}} has empty months: {{months}}' },
    deleted: {
      zh: '{{name}} 会删除 {{table}} 的记录，是否及于应留存的记录未能证明',
      en: '{{name}} deletes rows of {{table}}; whether it reaches those that must be kept is not shown',
    },
    ahead: {
      zh: '{{table}} 有晚于取证之日的记录（最新 {{newest}}），记录时间不可采信',
      en: '{{table}} holds rows dated after the day of observation (newest {{newest}}): its dates cannot be relied on',
    },
    notStarted: {
      zh: '平台声明的启用日期 {{since}} 晚于取证之日，无法确定应留存的期间',
      en: 'the declared start of the platform, {{since}}, lies after the day of observation: the period is unknown',
    },
    undated: {
      zh: '{{table}} 有 {{rows}} 条记录没有可识别的时间',
      en: '{{rows}} rows of {{table}} have no time that can be read',
    },
    stopped: {
      zh: '{{table}} 最新记录 {{newest}}，此后再无记录；可能是旧副本，不能证明现行数据的留存',
      en: '{{table}} ends {{newest}}; it may be an old copy, which proves nothing of the data in use',
    },
    empty: { zh: '{{table}} 没有任何记录', en: '{{table}} has no rows' },
    noTable: { zh: '没有声明存放「{{holds}}」的数据表', en: 'no table is declared that holds {{holds}}' },
  },
  remedies: {
    tooYoung: {
      zh: '恢复或归档早于 {{oldest}} 的记录，并停止提前清理',
      en: 'restore or archive what is older than {{oldest}}, and stop deleting it early',
    },
    emptyMonths: {
      zh: '核对 {{months}} 的业务；如曾有业务，从备份恢复',
      en: 'look at the business of {{months}}; if there was any, restore it from backup',
    },
    deleted: {
      zh: '停用 {{name}}，或说明其只删除已过留存期的记录',
      en: 'disable {{name}}, or show that it only deletes what need not be kept',
    },
    ahead: { zh: '更正这些记录的时间', en: 'correct the time of those rows' },
    notStarted: { zh: '更正平台文件中的 platform.since', en: 'correct platform.since in the platform file' },
    undated: { zh: '为这些记录补全时间', en: 'give those rows a time' },
    stopped: { zh: '在平台文件中指向现行数据库', en: 'point the platform file at the store in use' },
    noTable: { zh: '在平台文件 stores 中声明该数据表', en: 'declare the table under stores in the platform file' },
  },

  judge({ records, platform }, { holds, months }) {
    const since = platform[0]?.value.since;
    const tables = records.flatMap((store) => store.value.tables.map((table) => ({ store, table })));
    return holds.flatMap((kind): Finding<Says | 'noTable'>[] => {
      const mine = tables.filter(({ table }) => table.holds === kind);
      if (mine.length === 0) return [unproven('noTable', [], { holds: kind }, kind)];
      return mine.flatMap(({ store, table }) => judgeTable(store, table, monthsBefore(store.on, months), since));
    });
  },
});

type Says =
  | 'kept'
  | 'asOldAsPlatform'
  | 'tooYoung'
  | 'beginsLater'
  | 'emptyMonths'
  | 'deleted'
  | 'ahead'
  | 'notStarted'
  | 'undated'
  | 'stopped'
  | 'empty';

function judgeTable(store: Seen<Records>, table: Table, due: PlainDate, since: PlainDate | undefined): Finding<Says>[] {
  const subject = `${store.subject}/${table.name}`;
  const { oldest, newest, rows } = table;
  if (oldest === undefined || newest === undefined) return [unproven('empty', store, { table: table.name }, subject)];
  if (since !== undefined && since > store.on) return [unproven('notStarted', store, { since }, subject)];
  const start = since !== undefined && since > due ? since : due;
  const data = { table: table.name, oldest, due, rows, since: since ?? due };
  const findings: Finding<Says>[] = [];
  const isAhead = newest > addDays(store.on, 1);
  const empty = emptyMonths(table, start, monthOf(isAhead ? store.on : newest));
  if (empty.length > 0)
    findings.push(unmet('emptyMonths', store, { table: table.name, months: empty.join('、') }, subject));
  for (const { name } of table.deleters)
    findings.push(unproven('deleted', store, { table: table.name, name }, subject));
  if (isAhead) findings.push(unproven('ahead', store, { table: table.name, newest }, subject));
  if (table.undated > 0) findings.push(unproven('undated', store, { table: table.name, rows: table.undated }, subject));
  if (monthOf(newest) < addToMonth(monthOf(store.on), -1))
    findings.push(unproven('stopped', store, { table: table.name, newest }, subject));
  if (oldest > due && start === due) findings.push(unmet('tooYoung', store, data, subject));
  // The first business may follow the start of service by days; by more than the next month it wants an explanation.
  else if (oldest > due && monthOf(oldest) > addToMonth(monthOf(start), 1))
    findings.push(unproven('beginsLater', store, data, subject));
  if (findings.length > 0) return findings;
  return [met(oldest <= due ? 'kept' : 'asOldAsPlatform', store, data, subject)];
}

// Only months with records on both sides: what came before the first or after the last record is judged by their dates.
function emptyMonths(table: Table, start: PlainDate, last: Month): Month[] {
  const first = table.oldest !== undefined && table.oldest > start ? table.oldest : start;
  return monthsFrom(monthOf(first), last).filter((month) => table.months[month] === undefined);
}
