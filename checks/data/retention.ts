import { z } from 'zod';
import { type Records, tableProblems } from '../../src/evidence/database/records.ts';
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
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import { judgeBucket } from '../shared/bucket-retention.ts';
import { judgeDeleters } from '../shared/deleters.ts';
import { messages, remedies, type Says } from '../shared/retention-words.ts';
import { thinMonths } from '../shared/thin-months.ts';

type Table = Records['tables'][number];

/** Records of the asked kinds reach back as far as asked, no month is empty, and nothing in the store deletes them before. */
export const check = defineCheck({
  id: 'data/retention',
  title: { zh: '数据留存', en: 'Data retention' },
  about: {
    zh: '统计数据库中每月的记录数：最早记录须早于应留存期起点（或平台投入使用之时），期内不得有空月；无索引的大表只抽样，抽样只证明有、不证明无。库内会删除记录的触发器、规则、函数、事件、定时任务、分区清理、级联和 TTL 逐一列出：能读出保留期限的与要求比较，读不出的或者无权查看的，不作符合判定。对象存储中的文件看生命周期规则（版本桶连同旧版本的规则）和各月写入的对象：提前删除的不符合，写入时间本身只证明有、不证明无。',
    en: 'Counts records a month in the store: the oldest must be older than the period (or as old as the platform), no month within may be empty. Large tables without an index are sampled, which shows that rows are there, never that they are not. Triggers, rules, routines, events, jobs, partition sets, cascades and times to live that delete are named: one whose age can be read is held against the period; where it cannot, or they may not be looked at, nothing is said to be met. Of files in buckets the lifecycle rules are read (with those on old versions), and the months that objects were written in: a rule that deletes early is unmet; when an object was written shows what is there, never what is not.',
  },
  reads: ['records', 'buckets', 'platform'],
  parameters: z.strictObject({
    /** What the tables must hold; each needs at least one table. */
    holds: z.array(z.string()).min(1),
    /** Calendar months, counted back from the moment of observation. */
    months: z.int().positive().meta(stricter.higher),
    /** A month with less than this share of the months around it is asked about. */
    thin: z.number().positive().max(1).optional().meta(stricter.higher),
  }),
  messages,
  remedies,

  judge({ records, buckets, platform }, { holds, ...asked }) {
    const since = platform[0]?.value.since;
    const files = buckets.filter(({ value }) => value.holds.some((kind) => holds.includes(kind)));
    const kept = files.flatMap((bucket) => judgeBucket(bucket, asked.months, since));
    const tables = holds.flatMap((kind): Finding<Says>[] => {
      const all = records.flatMap((store) => ofKind(store.value.tables, kind));
      const found = records.flatMap((store) => [
        ...ofKind(store.value.tables, kind).flatMap((table) => judgeTable({ store, table, all, since, ...asked })),
        ...ofKind(store.value.missing, kind).map(({ name, problem }) =>
          unproven('notCounted', store, { table: name, why: tableProblems[problem] }, `${store.subject}/${name}`),
        ),
      ]);
      if (found.length > 0 || files.some(({ value }) => value.holds.includes(kind))) return found;
      return [unproven('noTable', [], { holds: kind }, kind)];
    });
    return [...tables, ...kept];
  },
});

type Case = {
  readonly store: Seen<Records>;
  readonly table: Table;
  /** Of the same kind, in whatever store. */
  readonly all: readonly Table[];
  readonly since: PlainDate | undefined;
  readonly months: number;
  readonly thin?: number | undefined;
};

function ofKind<T extends { readonly holds: string }>(tables: readonly T[], kind: string): T[] {
  return tables.filter(({ holds }) => holds === kind);
}

function judgeTable(given: Case): Finding<Says>[] {
  const { store, table, since, months } = given;
  const subject = `${store.subject}/${table.name}`;
  const { oldest, newest } = table;
  const name = table.name;
  const due = monthsBefore(store.on, months);
  const isArchived = archivesOf(given, due).length > 0;
  const deleting = judgeDeleters(store, table, { months, isArchived });
  if (oldest === undefined || newest === undefined)
    return [
      unproven(table.counted === 'sample' ? 'notCounted' : 'empty', store, { table: name, why: noSample }, subject),
    ];
  if (since !== undefined && since > store.on) return [unproven('notStarted', store, { since }, subject)];
  const start = since !== undefined && since > due ? since : due;
  const isAhead = newest > addDays(store.on, 1);
  const findings = judgeDates(given, { oldest, newest: isAhead ? lastUntil(table, store.on) : newest, due, start });
  if (isAhead) findings.push(unproven('ahead', store, { table: name, newest }, subject));
  if (table.undated > 0) findings.push(unproven('undated', store, { table: name, rows: table.undated }, subject));
  if (findings.length > 0 || deleting.some(({ outcome }) => outcome === 'unproven' || outcome === 'unmet'))
    return [...findings, ...deleting];
  const says = table.counted === 'sample' ? 'keptInSample' : oldest <= due ? 'kept' : 'asOldAsPlatform';
  return [
    met(says, store, { table: name, oldest, asked: due, rows: rowsOf(table), since: since ?? due }, subject),
    ...deleting,
  ];
}

type Dates = {
  readonly oldest: PlainDate;
  readonly newest: PlainDate;
  readonly due: PlainDate;
  readonly start: PlainDate;
};

function judgeDates(given: Case, dates: Dates): Finding<Says>[] {
  const { store, table, since, thin } = given;
  const { oldest, newest, due, start } = dates;
  const subject = `${store.subject}/${table.name}`;
  const empty = emptyMonths(table, start, monthOf(newest));
  const isStopped = monthOf(newest) < addToMonth(monthOf(store.on), -1);
  const isTooYoung = oldest > due && start === due;
  // The first business may follow the start of service by days; by more than the next month it wants an explanation.
  const beginsLater = oldest > due && !isTooYoung && monthOf(oldest) > addToMonth(monthOf(start), 1);
  if (table.counted === 'sample') {
    const isOpen = empty.length > 0 || isStopped || isTooYoung || beginsLater;
    const unseen = monthsFrom(monthOf(start), monthOf(store.on)).filter((month) => table.months[month] === undefined);
    const data = { table: table.name, oldest, newest, months: listed(unseen) };
    return isOpen ? [unproven('openInSample', store, data, subject)] : [];
  }
  const data = { table: table.name, oldest, newest, asked: due, since: since ?? due };
  const findings: Finding<Says>[] = [];
  if (empty.length > 0) findings.push(unmet('emptyMonths', store, { ...data, months: listed(empty) }, subject));
  const archives = archivesOf(given, due);
  if (isTooYoung && archives.length > 0)
    findings.push(unproven('archived', store, { ...data, tables: archives.join('、') }, subject));
  else if (isTooYoung) findings.push(unmet('tooYoung', store, data, subject));
  if (beginsLater) findings.push(unproven('beginsLater', store, data, subject));
  if (isStopped) findings.push(unproven('stopped', store, data, subject));
  const asked = { start, on: store.on, isOld: start === due };
  const few = thin === undefined ? [] : thinMonths({ ...table, newest }, { ...asked, share: thin });
  if (few.length > 0) findings.push(unproven('thinMonths', store, { ...data, months: listed(few) }, subject));
  return findings;
}

// Tables that end where this one begins, and together hold each month before it: what is older may have been moved there.
function archivesOf({ table, all }: Case, due: PlainDate): string[] {
  const { oldest } = table;
  if (oldest === undefined || oldest <= due) return [];
  const first = monthOf(oldest);
  const older = all.filter(({ newest }) => newest !== undefined && monthOf(newest) <= first);
  const missing = monthsFrom(monthOf(due), addToMonth(first, -1));
  const isWhole = missing.every((month) => older.some(({ months }) => months[month] !== undefined));
  const isOldEnough = older.some((each) => each.oldest !== undefined && each.oldest <= due);
  return isWhole && isOldEnough ? older.map(({ name }) => name) : [];
}

// The last day of the last month with records that has begun.
function lastUntil({ months, oldest = '' }: Table, on: PlainDate): PlainDate {
  const last =
    Object.keys(months)
      .filter((month) => month <= monthOf(on))
      .toSorted()
      .at(-1) ?? monthOf(oldest);
  const end = addDays(`${addToMonth(last, 1)}-01`, -1);
  return end < on ? end : on;
}

const noSample: Text = { zh: '样本中没有可识别的时间', en: 'the sample holds no time that can be read' };

function rowsOf({ counted, rows }: Table): number | Text {
  return counted === 'capped' ? { zh: `约 ${rows}`, en: `about ${rows}` } : rows;
}

function listed(months: readonly Month[]): string {
  return months.join('、');
}

// Only months with records on both sides: what came before the first or after the last record is judged by their dates.
function emptyMonths(table: Table, start: PlainDate, last: Month): Month[] {
  const first = table.oldest !== undefined && table.oldest > start ? table.oldest : start;
  return monthsFrom(monthOf(first), last).filter((month) => table.months[month] === undefined);
}
