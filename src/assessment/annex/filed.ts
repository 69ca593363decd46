import type { Evidence } from '../../../checks/check.ts';
import { type FiledDocument, paperDefect } from '../../evidence/filed/documents.ts';
import type { Fact } from '../../evidence/filed/facts.ts';
import { ledgerSpec } from '../../evidence/filed/ledger-types.ts';
import type { Ledger } from '../../evidence/filed/ledgers.ts';
import { type BaseUnit, figureText, sumOf } from '../../evidence/money.ts';
import type { Seen } from '../../evidence/observation.ts';
import { type Text, verbatim } from '../../text.ts';
import type { Profile } from '../profile.ts';
import type { AnnexTopic } from './annex-links.ts';
import { type Content, type Entry, none, rowOf, tableOf } from './content.ts';

type Given = Pick<Profile, 'facts' | 'papers'> & {
  readonly seen: Evidence<'documents' | 'facts' | 'ledgers'>;
  /** The unit's own paper on the same topics. */
  readonly paper: string;
};

/** Where the unit's own paper is about a topic, as it was entered beside it. */
export function placesIn({ chapters }: AnnexTopic, given: Given): Entry[] {
  return reportsIn(given).flatMap(({ id, value: { states } }) => {
    const topics = states.topics ?? {};
    const places = chapters.flatMap((chapter) => (Object.hasOwn(topics, chapter) ? (topics[chapter] ?? []) : []));
    const text = [...new Set(places)].join('; ').trim();
    const label = { zh: '本单位项目报告所在位置', en: 'Stands in the unit’s project report at' };
    return text === '' ? [] : [{ label, text: verbatim(text), cites: [id] }];
  });
}

function reportsIn({ seen, paper }: Given): Seen<FiledDocument>[] {
  return seen.documents.filter(({ value }) => value.id === paper && paperDefect(value) === undefined);
}

/** What the unit handed over about a topic: fields of that paper, facts, other papers, registers, monthly figures. */
export function filedContent(topic: AnnexTopic, given: Given): Content {
  const { seen, papers } = given;
  const facts = topic.facts.flatMap((name) => seen.facts.filter(({ value }) => value.name === name));
  const monthly = facts.flatMap(monthlyOf);
  const { tables } = figures(monthly, given);
  return {
    entries: [
      ...reportsIn(given).flatMap((report) => stated(topic, report)),
      ...facts.filter(({ value }) => value.value.type !== 'monthly').map((fact) => declared(fact, given)),
      ...topic.papers.flatMap((id) =>
        seen.documents.filter(({ value }) => value.id === id).map((paper) => held(paper, papers[id])),
      ),
      ...topic.ledgers.flatMap((of) => seen.ledgers.filter(({ value }) => value.of === of).map(registered)),
    ],
    tables,
  };
}

function stated({ fields }: AnnexTopic, { id, value: { states } }: Seen<FiledDocument>): Entry[] {
  const known = states.fields ?? {};
  return Object.entries(fields).flatMap(([key, label]) => {
    const text = Object.hasOwn(known, key) ? known[key] : undefined;
    const declared = { zh: `${label.zh}（声明）`, en: `${label.en} (declared)` };
    return text?.trim() ? [{ label: declared, text: verbatim(text), cites: [id] }] : [];
  });
}

function declared({ id, value }: Seen<Fact>, { facts }: Given): Entry {
  const title = facts[value.name];
  const label = title ? { zh: `${title.zh}（申报）`, en: `${title.en} (declared)` } : verbatim(value.name);
  return { label, text: verbatim(value.declared.trim() || '—'), cites: [id] };
}

const defects = {
  notHeld: { zh: '本单位声明未持有', en: 'the unit declares that it holds none' },
  empty: { zh: '文件为空', en: 'the file is empty' },
  noDocument: { zh: '文件内容无法识别', en: 'the content of the file is of no known type' },
  misnamed: { zh: '文件内容与扩展名不符', en: 'the content of the file is not what its name says' },
} as const satisfies Record<NonNullable<ReturnType<typeof paperDefect>>, Text>;

function held({ id, value }: Seen<FiledDocument>, title: Text | undefined): Entry {
  const defect = paperDefect(value);
  const dated = value.date ? { zh: `，日期 ${value.date}`, en: `, dated ${value.date}` } : { zh: '', en: '' };
  const hash = value.sha256 ? verbatim(`SHA-256 ${value.sha256}`) : { zh: '没有文件哈希', en: 'without a hash' };
  const text = defect
    ? defects[defect]
    : { zh: `已提交${dated.zh}，${hash.zh}`, en: `handed over${dated.en}, ${hash.en}` };
  const name = title ?? verbatim(value.title);
  return { label: { zh: `材料：${name.zh}`, en: `Paper: ${name.en}` }, text, cites: [id] };
}

function registered({ id, value }: Seen<Ledger>): Entry {
  const { from, until, rows, closing } = value;
  const closed = closing
    ? { zh: `；结账声明签署于 ${closing.signedOn}`, en: `; closed by a statement of ${closing.signedOn}` }
    : { zh: '；没有结账声明', en: '; no closing statement' };
  return {
    label: ledgerSpec(value.of).title,
    text: {
      zh: `登记期间 ${from} 至 ${until}，共 ${rows.length} 件${closed.zh}`,
      en: `entries from ${from} to ${until}: ${rows.length}${closed.en}`,
    },
    cites: [id],
  };
}

type Monthly = {
  readonly id: string;
  readonly name: string;
  readonly unit: BaseUnit;
  readonly months: Readonly<Record<string, string>>;
};

function monthlyOf({ id, value }: Seen<Fact>): Monthly[] {
  return value.value.type === 'monthly'
    ? [{ id, name: value.name, unit: value.value.unit, months: value.value.months }]
    : [];
}

// Month by month, each figure as it was declared; a figure that is declared twice has a column for each.
function figures(all: readonly Monthly[], { facts }: Given): Content {
  const months = [...new Set(all.flatMap((each) => Object.keys(each.months)))].toSorted();
  const cell = ({ months: own, unit }: Monthly, month: string): Text => {
    const amount = Object.hasOwn(own, month) ? own[month] : undefined;
    return amount === undefined ? none : figureText({ amount, unit });
  };
  const rows = months.map((month) => rowOf([month, ...all.map((each) => cell(each, month))], []));
  const totals = all.map(({ months: own, unit }) => figureText({ amount: sumOf(Object.values(own)), unit }));
  return tableOf(
    { zh: '月度数据（申报）', en: 'Monthly figures (declared)' },
    [
      { zh: '月份', en: 'Month' },
      ...all.map(({ name }): Text => {
        const title = facts[name];
        return title ? { zh: title.zh, en: title.en } : verbatim(name);
      }),
    ],
    months.length === 0 ? [] : [...rows, rowOf([{ zh: '所列月份合计', en: 'Sum of these months' }, ...totals], [])],
    all.map(({ id }) => id),
  );
}
