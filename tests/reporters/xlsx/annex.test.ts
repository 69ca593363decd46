import { expect, test } from 'vitest';
import { languages, verbatim } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';
import { rendered } from '../rendered.ts';
import { openWorkbook } from './workbook.ts';

const assessment = assessmentFixture((body) => {
  const [row] = body.requirements;
  const table = {
    title: { zh: '主机', en: 'Hosts' },
    head: [
      { zh: '名称', en: 'Name' },
      { zh: '系统', en: 'System' },
    ],
    rows: [{ cells: [verbatim('=HYPERLINK("x")'), verbatim('Debian')], cites: ['E-1'] }],
    cites: ['E-2'],
    more: 7,
  };
  const topic = { key: 'a', title: { zh: '硬件', en: 'Hardware' }, entries: [], tables: [], requirements: [] };
  const entry = { label: { zh: '部署地', en: 'Place' }, text: verbatim('X'), cites: ['E-3', 'E-4'] };
  body.annex = {
    title: { zh: '项目情况', en: 'The project' },
    cites: [],
    parts: [
      {
        title: { zh: '技术部分', en: 'Technology' },
        topics: [
          { ...topic, entries: [entry], tables: [table], requirements: [row?.id ?? ''] },
          { ...topic, key: 'b', unseen: true },
        ],
      },
    ],
  };
});

test.each(languages)('in %s: the annex line by line, as text', async (language) => {
  const zh = language === 'zh';
  const { sheets } = openWorkbook(await rendered('xlsx', assessment, language));
  const [head, ...rows] = sheets.at(-1)?.rows ?? [];
  expect(sheets.at(-1)?.name).toBe(zh ? '项目情况' : 'Project');
  expect(head).toHaveLength(6);
  const [row] = assessment.requirements;
  expect(rows.map((cells) => cells.slice(2))).toEqual([
    [zh ? '部署地' : 'Place', 'X', '', 'E-3 E-4'],
    [
      zh ? '主机' : 'Hosts',
      zh ? '名称：=HYPERLINK("x")；系统：Debian' : 'Name: =HYPERLINK("x"); System: Debian',
      '',
      'E-1',
    ],
    [zh ? '主机' : 'Hosts', expect.stringContaining('7'), '', 'E-2'],
    [row?.id, row?.title[language], expect.stringMatching(/\S/), row?.findings.flatMap(({ cites }) => cites).join(' ')],
    [zh ? '事项' : 'Item', expect.stringContaining(zh ? '未取得相关证据' : 'No evidence'), '', ''],
  ]);
});
