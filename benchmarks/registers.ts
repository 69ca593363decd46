import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addDays, addMonths, daysFrom, type PlainDate } from '../src/evidence/dates.ts';

const units = 100_000;

/**
 * Makes a folder with a platform file whose registers are large: 100,000 using units, each with a capability granted and three
 * persons checked, and 24 months of events, twenty a day. Returns the platform file.
 */
export async function makeRegisters(folder: string, today: PlainDate): Promise<string> {
  const start = addMonths(today, -30);
  const until = addDays(today, -1);
  await mkdir(join(folder, 'documents'), { recursive: true });
  await writeFile(join(folder, 'documents', 'closing.txt'), 'Closing statement of the registers, signed.\n');
  const tables = {
    'using-units': usingUnits(start, until),
    events: events(until),
    grants: table(
      'creditCode,capability,grantedOn,confirmedOn',
      each((code) => `${code},开票,${start},${start}`),
    ),
    capabilities: table('name,public,testedOn,approvedOn,validUntil,trades', [
      `开票,是,${start},${start},${addMonths(today, 12)},不限`,
    ]),
    verifications: table(
      'number,creditCode,role,verifiedOn,result',
      each((code, index) =>
        ['法定代表人', '财务负责人', '开票员']
          .map((role, at) => `${index * 3 + at},${code},${role},${addMonths(until, -(index % 10))},通过`)
          .join('\n'),
      ),
    ),
  };
  const ledgers: string[] = [];
  for (const [of, { text, entries }] of Object.entries(tables)) {
    await writeFile(join(folder, 'documents', `${of}.csv`), text);
    const period = `from: ${start}, until: ${until}`;
    const closing = `{ by: 王示例, capacity: 负责人, signedOn: ${today}, document: closing, ${period}, entries: ${entries} }`;
    ledgers.push(`  - { of: ${of}, file: ${of}.csv, ${period}, closing: ${closing} }`);
  }
  const platform = join(folder, 'platform.yaml');
  await writeFile(
    platform,
    `profile: qingdao-joint-use
unit: { name: 示例单位, creditCode: 91350100M000100Y43 }
platform: { name: 示例平台, mode: joint-use, since: ${start} }
documents: { folder: documents, items: [{ id: closing, title: 结账声明, file: closing.txt }] }
ledgers:
${ledgers.join('\n')}
`,
  );
  return platform;
}

type Table = { readonly text: string; readonly entries: number };

function table(head: string, rows: readonly string[]): Table {
  return { text: `${head}\n${rows.join('\n')}\n`, entries: rows.reduce((sum, row) => sum + row.split('\n').length, 0) };
}

function each(row: (code: string, index: number) => string): string[] {
  return Array.from({ length: units }, (_, index) => row(`91370200MA${String(index).padStart(8, '0')}`, index));
}

function usingUnits(start: PlainDate, until: PlainDate): Table {
  const head =
    '使用单位名称,统一社会信用代码,接入日期,与直连单位的关系,纳税信用级别,受邀时是否风险纳税人,是否在本单位系统交易或收付,是否签订数据报送协议,是否建立登记档案,所属行业,最近使用日期,发现不符合条件日期,告知日期';
  const rows = each((code, index) => {
    const used = index % 3 === 0 ? addMonths(until, -(index % 9)) : '';
    return `示例使用单位${index},${code},${start},无控制关系,${'ABM'[index % 3]},否,是,是,是,批发业,${used},,`;
  });
  return table(head, rows);
}

function events(until: PlainDate): Table {
  const head = '编号,发生日期,涉及主体,情形,损失,影响,税务机关措施,整改完成日期,是否整改到位,报告日期';
  const rows = daysFrom(addMonths(until, -24), until).flatMap((day, at) =>
    Array.from(
      { length: 20 },
      (_, index) => `${at * 20 + index},${day},直连平台,平台运行不稳定或故障,无,无,无,${day},是,${day}`,
    ),
  );
  return table(head, rows);
}
