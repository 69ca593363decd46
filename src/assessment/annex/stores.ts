import type { Evidence } from '../../../checks/check.ts';
import type { InvoiceTable } from '../../evidence/database/invoices.ts';
import type { Records } from '../../evidence/database/records.ts';
import { engineAtRest, type Wire } from '../../evidence/database/store-encryption.ts';
import { encryptions, type Volume } from '../../evidence/host/volumes.ts';
import { joined, type Text, verbatim } from '../../text.ts';
import { type Span, type Spans, spanKinds } from '../exhibits/spans.ts';
import {
  type Content,
  gathered,
  listed,
  marked,
  none,
  nothing,
  notSeen,
  rowOf,
  type Table,
  tableOf,
} from './content.ts';

const atRest = {
  whole: { zh: '数据库自身全部加密', en: 'encrypted by the engine' },
  part: { zh: '数据库自身部分加密', en: 'encrypted by the engine in part' },
  open: { zh: '数据库自身未加密', en: 'not encrypted by the engine' },
  unknown: { zh: '数据库自身是否加密未能判明', en: 'not known of the engine' },
} as const satisfies Record<ReturnType<typeof engineAtRest>, Text>;

type StoreEvidence = Evidence<'platform' | 'records' | 'storeEncryption'>;

/** More stores than are told with what they hold: of these only how they are encrypted, those that are alike together. */
const fewStores = 12;

/** The declared data stores: what they hold, and how their engines encrypt it. */
export function stores({ platform, records, storeEncryption }: StoreEvidence): Content {
  const [declared] = platform;
  const all = declared?.value.stores ?? [];
  const isFew = all.length <= fewStores;
  const rows = all.map(({ name, engine, tables }) => {
    const encryption = storeEncryption.find(({ subject }) => subject === name);
    const counted = records.find(({ subject }) => subject === name);
    const version = encryption?.value.version ?? counted?.value.version;
    const cells = [
      version ? `${engine} ${version}` : engine,
      ...(isFew ? [listed(tables.map((table) => tableText(table, counted?.value)))] : []),
      encryption ? atRest[engineAtRest(encryption.value)] : notSeen,
      encryption ? wireOf(encryption.value.wire) : notSeen,
    ];
    return rowOf([name, ...cells], [declared?.id, counted?.id, encryption?.id]);
  });
  const head = [
    { zh: '数据存储', en: 'Store' },
    { zh: '引擎', en: 'Engine' },
    ...(isFew ? [{ zh: '表及内容（声明）、记录（实测）', en: 'Tables (declared) and records (as found)' }] : []),
    { zh: '静态加密（实测）', en: 'At rest (as found)' },
    { zh: '传输加密（实测）', en: 'In transit (as found)' },
  ];
  return tableOf({ zh: '数据存储', en: 'Data stores' }, head, gathered(rows));
}

function tableText({ name, holds }: { name: string; holds: string }, counted: Records | undefined): Text {
  const known = counted?.tables.find((table) => table.name === name);
  if (!known) return verbatim(`${name} (${holds})`);
  const { rows, oldest, newest } = known;
  const about = known.counted === 'all' ? { zh: '', en: '' } : { zh: '约 ', en: 'some ' };
  const sampled = known.counted === 'sample' ? { zh: '（抽样）', en: ' (of a sample)' } : { zh: '', en: '' };
  return {
    zh: `${name} (${holds})：${about.zh}${rows} 行${oldest && newest ? `，${oldest} 至 ${newest}${sampled.zh}` : ''}`,
    en: `${name} (${holds}): ${about.en}${rows} rows${oldest && newest ? `, ${oldest} to ${newest}${sampled.en}` : ''}`,
  };
}

function wireOf(wire: Wire | undefined): Text {
  if (!wire) return { zh: '本机文件', en: 'a file of this machine' };
  if (wire.tls === undefined) return notSeen;
  if (!wire.tls) return { zh: '不支持 TLS', en: 'no TLS' };
  const required = { no: { zh: '未强制', en: 'not required' }, yes: { zh: '强制', en: 'required' } };
  const how = wire.required === undefined ? undefined : required[wire.required === 'no' ? 'no' : 'yes'];
  return how ? { zh: `TLS（${how.zh}）`, en: `TLS (${how.en})` } : { zh: 'TLS', en: 'TLS' };
}

/** On what the declared data lies, and whether the host encrypts it. */
export function volumes({ volumes: all }: Evidence<'volumes'>): Content {
  const rows = all.flatMap(({ id, subject, value }) =>
    value.data.map(({ path, of, problem, volumes: own }) =>
      rowOf(
        [
          of ? `${subject} (${of})` : subject,
          path,
          problem ? notSeen : joined(own.map(volumeText)),
          own.length > 0 ? diskText(own) : none,
        ],
        [id],
      ),
    ),
  );
  const head = [
    { zh: '主机（数据存储）', en: 'Host (store)' },
    { zh: '数据目录（声明）', en: 'Data folder (declared)' },
    { zh: '卷加密（实测）', en: 'Volume (as found)' },
    { zh: '磁盘', en: 'Disks' },
  ];
  return tableOf({ zh: '数据卷', en: 'Volumes' }, head, gathered(rows));
}

function volumeText({ mountPoint, encryption, by }: Volume): Text {
  const means = by.length > 0 ? by.join(', ') : '';
  const title = encryptions[encryption];
  return {
    zh: `${mountPoint} ${title.zh}${means ? `（${means}）` : ''}`,
    en: `${mountPoint}: ${title.en}${means ? ` (${means})` : ''}`,
  };
}

function diskText(all: readonly Volume[]): Text {
  return all.some(({ virtualDisk }) => virtualDisk)
    ? { zh: '虚拟磁盘，提供方是否加密从主机上看不到', en: 'virtual; what its provider encrypts no host sees' }
    : { zh: '未见虚拟磁盘迹象', en: 'no sign of a virtual disk' };
}

/** More tables than stand side by side; then each has a row instead of a column. */
const mostColumns = 4;

/** Invoices as counted in the databases that hold them: month by month, or where there are many tables, by table. */
export function invoices({ invoices: all }: Evidence<'invoices'>): Content {
  const declared = all.flatMap(({ id, subject, value }) =>
    value.tables.map((table) => ({ ...table, id, name: `${subject}.${table.name}` })),
  );
  const tables = declared.filter(({ unread }) => !unread);
  const unread = declared.filter((table) => table.unread);
  const label = { zh: '未能读取的发票表', en: 'Tables of invoices that could not be read' };
  const ids = [...new Set(unread.map(({ id }) => id))];
  const title = { zh: '数据库中的发票记录（实测）', en: 'Invoices in the databases (as found)' };
  const rowsOf = tables.length > mostColumns ? byTable : byMonth;
  const { head, rows } = rowsOf(tables);
  return {
    ...tableOf(title, head, rows, [...new Set(tables.map(({ id }) => id))]),
    entries: unread.length > 0 ? [{ label, text: listed(unread.map(({ name }) => name)), cites: ids }] : [],
  };
}

type Counted = { readonly id: string; readonly name: string; readonly months: InvoiceTable['months'] };

function byMonth(tables: readonly Counted[]): Pick<Table, 'head' | 'rows'> {
  const months = [...new Set(tables.flatMap((table) => Object.keys(table.months)))].toSorted();
  return {
    head: [
      { zh: '月份', en: 'Month' },
      ...tables.map(({ name }) => ({ zh: `${name}（张，其中作废）`, en: `${name} (of these void)` })),
    ],
    rows: months.map((month) => rowOf([month, ...tables.map((table) => countText(table.months[month]))], [])),
  };
}

function byTable(tables: readonly Counted[]): Pick<Table, 'head' | 'rows'> {
  return {
    head: [
      { zh: '表', en: 'Table' },
      { zh: '月份', en: 'Months' },
      { zh: '张（其中作废）', en: 'Invoices (of these void)' },
    ],
    rows: tables.map(({ id, name, months }) => {
      const [first = '', last = first] = [Object.keys(months).toSorted()[0], Object.keys(months).toSorted().at(-1)];
      const sum = (of: 'rows' | 'void'): number => Object.values(months).reduce((total, each) => total + each[of], 0);
      const span = first === '' ? none : { zh: `${first} 至 ${last}`, en: `${first} to ${last}` };
      return rowOf([name, span, countText({ rows: sum('rows'), void: sum('void') })], [id]);
    }),
  };
}

function countText(month: { readonly rows: number; readonly void: number } | undefined): Text {
  if (!month) return none;
  return { zh: `${month.rows}（${month.void}）`, en: `${month.rows} (${month.void})` };
}

const kindTitles = {
  system: { zh: '系统日志', en: 'System logs' },
  network: { zh: '网络日志', en: 'Network logs' },
  application: { zh: '应用日志', en: 'Application logs' },
  data: { zh: '数据记录', en: 'Records' },
} as const satisfies Record<Span['of'], Text>;

/** How many logs of each kind were read, and which of them reaches back least. */
export function logs({ rows: spans, more }: Spans): Content {
  const rows = spanKinds.flatMap((kind) => {
    const own = spans.filter(({ of }) => of === kind);
    const [shortest] = own;
    if (!shortest) return [];
    const { subject, name, first, due, cite } = shortest;
    const cells = [
      kindTitles[kind],
      String(own.length + (more[kind] ?? 0)),
      `${subject} ${name}`,
      first,
      due,
      gapsText(shortest),
    ];
    return [rowOf(cells, [cite])];
  });
  if (rows.length === 0) return nothing;
  const head = [
    { zh: '类别', en: 'Kind' },
    { zh: '数量', en: 'Number' },
    { zh: '其中留存最不足的', en: 'The worst of them' },
    { zh: '最早记录', en: 'Oldest entry' },
    { zh: '应不晚于', en: 'Due by' },
    { zh: '空缺', en: 'Gaps' },
  ];
  return tableOf({ zh: '日志留存（实测）', en: 'Logs kept (as found)' }, head, rows);
}

// Of what was read in part a hole that was not seen is not ruled out.
function gapsText({ gaps, moreGaps = 0, partial }: Span): Text {
  const count = gaps.length + moreGaps;
  if (count === 0) return partial ? { zh: '所读部分未见', en: 'none in what was read' } : { zh: '无', en: 'none' };
  return marked({ zh: `${count} 段`, en: String(count) }, partial === true);
}
