import { execFileSync } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ledgers } from '../../../src/collectors/filed/ledgers.ts';
import { collected, freshFolder, platformOf } from './support.ts';
import { csv, ledger, refusal, withLedger, xlsx } from './tables-of.ts';

const one = '91350100M000100Y43';
const musts = ['使用单位名称', '统一社会信用代码', '接入日期'];

test('a ledger that is not declared', async () => {
  await expect(collected(ledgers, platformOf('/nowhere', {}), 'drills')).rejects.toMatchObject({
    reason: 'not-declared',
  });
});

test('a closing statement that ends before it begins', async () => {
  const closing = { by: '张三', capacity: '负责人', signedOn: '2026-01-05', document: 'closed', entries: 0 };
  const text = await refusal('drills', 'a.csv', '演练日期,演练内容', {
    closing: { ...closing, from: '2025-12-31', until: '2024-01-01' },
  });
  expect(text).toContain(
    '结账声明（closing）的起始日 2025-12-31 晚于截止日 2024-01-01 | the closing statement begins on',
  );
});

describe('what stands below the entries is named, and not shown', () => {
  test.each([
    ['a sum', ['合 计', '2', '', '']],
    ['a sum with all cells', ['总计', one, '2024-03-05', '张三']],
    ['a signature', ['填表人：张三 13800138000', '', '', '']],
    ['a note in another column', ['', '', '', '张三']],
    ['the head again', [...musts, '联系人']],
  ])('%s', async (_, row) => {
    const text = await refusal(
      'using-units',
      'a.csv',
      csv([...musts, '联系人'], ['甲', one, '2024-03-05', '李四'], row),
    );
    expect(text).toBe(
      'unparsable: a.csv：有 1 处须更正：第 3 行像是合计、签字、附注或重复的表头，不是一条记录，请移到表格之外' +
        ' | a.csv: 1 mistake: row 3 looks like a sum, a signature, a note or the head again, not an entry: keep it out of the table',
    );
  });

  test('a ledger of one column that must be filled may have such entries', async () => {
    expect(
      await ledger(
        'functions',
        'a.csv',
        csv(['功能', '备案日期', '上线日期', '变更日期', '变更备案日期'], ['开票', '', '', '', '']),
      ),
    ).toMatchObject({ rows: [[2, '开票', '', '', '', '']] });
  });
});

test('a line of labels above no table is not shown for its heads', async () => {
  const text = await refusal(
    'using-units',
    'a.csv',
    csv(['单位名称', '甲', '税号', one, '联系人', '王小明', '13800138000']),
  );
  expect(text).toContain('「联系人」、「138********」');
  expect(text).not.toContain('小明');
});

test('a period that ends before it begins', async () => {
  expect(await refusal('drills', 'a.csv', '演练日期,演练内容', { until: '2023-12-31' })).toContain(
    '起始日 2024-01-01 晚于截止日 2023-12-31 | the ledger begins on 2024-01-01, after it ends on 2023-12-31',
  );
});

describe('heads are refused', () => {
  test('when columns are missing: all of them, and what is there instead', async () => {
    const text = await refusal(
      'using-units',
      'a.csv',
      csv(['使用单位名称', '纳税信用级别', '联系人'], ['甲', 'A', '张三']),
    );
    expect(text).toBe(
      'unparsable: a.csv：缺少必须的列：统一社会信用代码、接入日期；现有表头：「使用单位名称」、「纳税信用级别」、「联系人」' +
        ' | a.csv: columns that must be there are missing: Credit code, Joined on; the heads are: 「使用单位名称」, 「纳税信用级别」, 「联系人」',
    );
  });

  test('when no row is one: with the columns it should have', async () => {
    const text = await refusal('drills', 'a.csv', csv(['张三', '13800138000'], ['2025-01-01', '断网']));
    expect(text).toBe(
      'unparsable: a.csv：找不到表头；缺少必须的列：演练日期、演练内容' +
        ' | a.csv: there is no row of heads; columns that must be there are missing: Held on, Topic',
    );
  });

  test('when the row that comes nearest lacks too much: with its heads', async () => {
    const text = await refusal(
      'using-units',
      'a.csv',
      csv(['使用单位名称', '税号', '何时', '何人', '何事'], ['甲', one]),
    );
    expect(text).toContain('a.csv：找不到表头；缺少必须的列：接入日期；现有表头：「使用单位名称」、「税号」、「何时」');
  });

  test('when two may be the same column', async () => {
    const text = await refusal('using-units', 'a.csv', csv([...musts, '信用级别', '纳税信用等级（2024）']));
    expect(text).toContain(
      '「信用级别」、「纳税信用等级(2024)」 都可作“纳税信用级别”，请在平台文件 heads 中以 rating 指定其一',
    );
  });

  test.each([
    ['a column that the type has not', { grade: '级别' }, '没有这些列：grade；可用：name、creditCode'],
    ['a name of all objects', { constructor: '级别' }, '没有这些列：constructor'],
    [
      'a head that is not there',
      { rating: '级别' },
      '没有 heads 中为 rating 指定的表头“级别”；现有表头：「使用单位名称」',
    ],
    ['one head for two columns', { rating: '行业', industry: '行 业' }, 'rating 与 industry 是同一表头'],
  ])('when heads names %s', async (_, heads, text) => {
    expect(await refusal('using-units', 'a.csv', csv([...musts, '行业']), { heads })).toContain(text);
  });
});

describe('cells are refused with row, head, what stands there and what would be right', () => {
  const unit = (fields: Record<string, string>) => {
    const row = { 使用单位名称: '甲', 统一社会信用代码: one, 接入日期: '2024-03-05', ...fields };
    return refusal('using-units', 'a.csv', csv(Object.keys(row), Object.values(row)));
  };

  test.each([
    [{ 接入日期: '2025-02-30' }, '第 2 行「接入日期」为“2025-02-30”，应为日期，如 2025-04-01'],
    [{ 接入日期: '4/1/2025' }, '为“4/1/2025”，应为日期'],
    [{ 接入日期: '无' }, '为“无”，不得为空'],
    [{ 接入日期: '=TODAY()' }, '为“=TODAY()”，应为日期'],
    [{ 使用单位名称: '—' }, '「使用单位名称」为“—”，不得为空'],
    [{ 使用单位名称: '甲'.repeat(201) }, `为“${'甲'.repeat(40)}…”，不得超过 200 个字符`],
    [{ 统一社会信用代码: '9.1350100M+17' }, '应为统一社会信用代码，18 位数字和字母'],
    [{ 数电票试点: '大概' }, '应为：是、否、不详'],
    [{ 纳税信用级别: 'E' }, '「纳税信用级别」为“E”，应为：A、B、M、C、D、不参评'],
    [{ 关联关系: 'constructor' }, '为“constructor”，应为：无控制关系'],
    [{ 退出日期: '张三 13800138000' }, '为“张* 138********”，应为日期'],
    [{ 纳税信用级别: '王小明' }, '「纳税信用级别」为“王**”，应为：A、B'],
    [{ 解除日期: '2024-03-04' }, '第 2 行「解除日期」2024-03-04 早于「接入日期」2024-03-05'],
  ])('%j', async (fields, text) => {
    expect(await unit(fields)).toContain(text);
  });

  test('in English too', async () => {
    expect(await unit({ 接入日期: '2025-02-30' })).toContain(
      ' | a.csv: 1 mistake: row 2, "接入日期" holds "2025-02-30": a date such as 2025-04-01 is expected',
    );
  });

  test('a count that is none', async () => {
    const text = await refusal('trainings', 'a.csv', csv(['日期', '内容', '人数'], ['2025-01-02', '保密', '十几']));
    expect(text).toContain('「人数」为“十几”，应为不小于 0 的整数');
  });

  test('by sheet in XLSX, by place in the list in YAML', async () => {
    const sheet = await xlsx('演练', [
      ['演练日期', '演练内容'],
      ['某日', '断网'],
    ]);
    expect(await refusal('drills', 'a.xlsx', sheet)).toContain(
      'a.xlsx「演练」：有 1 处须更正：第 2 行「演练日期」为“某日”',
    );
    expect(await refusal('drills', 'a.yaml', '- { 日期: 某日, 内容: 断网 }')).toContain('第 1 项「日期」为“某日”');
  });

  test('ten of many are named, the others counted', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => [`单位${index}`, `91350100M00${10_000 + index}`, '某日']);
    const text = await refusal('using-units', 'a.csv', csv(musts, ...rows));
    expect(text).toContain('有 5000 处须更正：第 2 行');
    expect(text).toContain('第 11 行');
    expect(text).not.toContain('第 12 行');
    expect(text).toContain('另有 4990 处 | a.csv: 5000 mistakes');
    expect(text.length).toBeLessThan(3000);
  });
});

describe('an entry that stands twice', () => {
  const units = (...rows: string[][]) => csv([...musts, '解除日期'], ...rows);

  test.each([
    ['both current', ['2024-03-05', ''], ['2024-05-01', '']],
    ['the second joined before the first left', ['2024-03-05', '2024-06-30'], ['2024-06-29', '']],
    ['in whatever order', ['2024-06-29', ''], ['2024-03-05', '2024-06-30']],
  ])('a using unit: %s', async (_, first, second) => {
    const text = await refusal('using-units', 'a.csv', units(['甲', one, ...first], ['甲公司', one, ...second]));
    expect(text).toContain(`第 2 行与第 3 行重复登记 「统一社会信用代码」${one}，起止期间重叠`);
  });

  test('a long stay overlaps one after a short one', async () => {
    const rows = units(
      ['甲', one, '2024-01-01', '2025-12-31'],
      ['甲', one, '2024-02-01', '2024-02-02'],
      ['甲', one, '2024-03-01', '2024-03-02'],
    );
    const text = await refusal('using-units', 'a.csv', rows);
    expect(text).toContain('第 2 行与第 3 行重复');
    expect(text).toContain('第 2 行与第 4 行重复');
  });

  test('a using unit that left and came back is no mistake', async () => {
    const rows = units(['甲', one, '2024-06-30', ''], ['甲', one, '2024-03-05', '2024-06-30']);
    expect(await ledger('using-units', 'a.csv', rows)).toHaveProperty('rows.length', 2);
  });

  test('a capability: by its name', async () => {
    const rows = [
      ['开票', '', '', ''],
      ['用票', '', '', ''],
      [' 开票', '2025-01-01', '', ''],
    ];
    const content = csv(
      ['能力名称', '测试报告日期', '审核通过日期', '有效期至', '适用范围'],
      ...rows.map((row) => [...row, '']),
    );
    expect(await refusal('capabilities', 'a.csv', content)).toContain('第 2 行与第 4 行重复登记 「能力名称」“开票” |');
  });

  test('without a key: only if all of it is the same, columns that are not kept included', async () => {
    const head = ['统一社会信用代码', '人员身份', '核验日期', '核验结果', '姓名'];
    const row = [one, '开票员', '2025-01-02', '通过'];
    const apart = csv(head, [...row, '张三'], [...row, '李四']);
    expect(await ledger('verifications', 'a.csv', apart)).toHaveProperty('rows.length', 2);
    const same = csv(head, [...row, '张三'], [...row, ' 张三 ']);
    const text = await refusal('verifications', 'a.csv', same);
    expect(text).toContain('第 2 行与第 3 行完全相同（确为两条的，请加编号列区分）');
    expect(text).not.toContain('张');
  });
});

describe('hostile files', () => {
  test.each([
    ['../outside.csv', 'refused'],
    ['/etc/hostname', 'refused'],
    ['link.csv', 'refused'],
    ['gone.csv', 'not-found'],
    ['folder', 'not-found'],
    ['pipe', 'not-found'],
    ['huge.csv', 'too-large'],
    ['large.csv', 'too-large'],
  ])('%s: %s', async (file, reason) => {
    const { folder, papers } = await freshFolder();
    await writeFile(join(folder, 'outside.csv'), '演练日期,演练内容');
    await symlink(join(folder, 'outside.csv'), join(papers, 'link.csv'));
    await mkdir(join(papers, 'folder'));
    execFileSync('mkfifo', [join(papers, 'pipe')]);
    for (const [name, megabytes] of [
      ['huge.csv', 201],
      ['large.csv', 65],
    ] as const) {
      await writeFile(join(papers, name), '');
      // Sparse: it takes no room.
      await truncate(join(papers, name), megabytes * 1024 * 1024);
    }
    const refused: unknown = await collected(ledgers, withLedger(folder, { of: 'drills', file }), 'drills').catch(
      (thrown: unknown) => thrown,
    );
    expect(refused).toMatchObject({ name: 'Unavailable', reason });
    expect(String(refused)).not.toContain(folder);
    if (reason !== 'not-found' || file !== 'gone.csv') expect(String(refused)).toMatch(/\p{Script=Han}.* \| /u);
  });

  test('an old Excel file: what to do', async () => {
    const text = await refusal('drills', 'a.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'));
    expect(text).toMatch(/^not-supported: a\.xls：.*xlsx.* \| a\.xls: /);
  });

  test('control and direction characters do not reach a message', async () => {
    const text = await refusal('drills', 'a.csv', csv(['演练日期', '演练内容'], ['\u001b[31m\u202e某日', '断网']));
    expect(text).toContain('“·[31m·某日”');
  });

  test('an interruption is passed on', async () => {
    const { folder, papers } = await freshFolder();
    await writeFile(join(papers, 'a.csv'), '演练日期,演练内容');
    const platform = withLedger(folder, { of: 'drills', file: 'a.csv' });
    await expect(collected(ledgers, platform, 'drills', AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  test('100,000 using units', async () => {
    const rows = Array.from({ length: 100_000 }, (_, index) => [
      `单位${index}`,
      `91${String(index).padStart(16, '0')}`,
      '2024/3/5',
    ]);
    const value = await ledger('using-units', 'a.csv', csv(musts, ...rows));
    expect(value).toHaveProperty('rows.length', 100_000);
    expect(value).toHaveProperty('rows.99999', [100_001, '单位99999', '910000000000099999', '2024-03-05']);
  });
});
