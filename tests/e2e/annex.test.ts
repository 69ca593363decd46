import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PDFDocument } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Assessment, assessmentSchema } from '../../src/assessment/assessment.ts';
import { assess } from '../../src/commands/assess.ts';
import { collect } from '../../src/commands/collect.ts';
import type { CommandFactory } from '../../src/commands/context.ts';
import { report } from '../../src/commands/report.ts';
import { textOfHtml } from '../../src/reporters/html/html.ts';
import { runHere } from '../support/cli.ts';
import { type Example, exampleOf } from '../support/example.ts';

/** All addresses of an example are replaced by this machine's own before anything is collected. */
const addresses = /\b(?:192\.52\.193|223\.255\.255)\.\d{1,3}\b/g;

const host = '\nhosts:\n  - { name: app-1, address: 127.0.0.1, transport: local }\n';

type Ways = { language: 'zh' | 'en'; origin: string; format: string };

/** Collects without a packet: what is filed, and for one what this machine says of itself; assesses and reports it. */
async function reported({ folder }: Example, { language, origin, format }: Ways): Promise<Assessment> {
  const file = join(folder, 'platform.yaml');
  const before = await readFile(file, 'utf8');
  if (!before.includes(host)) await writeFile(file, before.replace(addresses, '127.0.0.1') + host);
  const out = join(folder, 'out');
  await rm(out, { recursive: true, force: true });
  const run = async (command: CommandFactory, ...args: string[]): Promise<void> => {
    const ended = await runHere(command, [...args, '--out', out]);
    if (ended.status !== 0) throw new Error(ended.stderr);
  };
  await run(collect, '--platform', file, '--origin', origin, '--quiet');
  await run(assess, join(out, 'evidence'), '--fail-on', 'none');
  await run(report, join(out, 'assessment.json'), '--format', format, '--report-lang', language);
  return assessmentSchema.parse(JSON.parse(await readFile(join(out, 'assessment.json'), 'utf8')));
}

describe.each([
  [
    'hubei-self-use',
    'zh',
    '《国家税务总局湖北省税务局关于乐企自用直连服务的规范指引》3-1-(1)-4、附件7',
    '武汉市本单位机房',
  ],
  ['xiamen-self-use', 'en', 'guidance on direct-connection service for self-use, 3-1-(1)-4,', ''],
] as const)('the report of %s', (name, language, clauses, place) => {
  let example: Example;
  let assessed: Assessment;
  beforeAll(async () => {
    example = await exampleOf(name);
    const isHubei = language === 'zh';
    const [origin, format] = isHubei ? ['filed,host', 'html,pdf'] : ['filed', 'html'];
    assessed = await reported(example, { language, origin, format });
  });
  afterAll(() => example.remove());

  test('has an annex with every requirement in some topic and evidence that is in the index', () => {
    const topics = assessed.annex?.parts.flatMap((part) => part.topics) ?? [];
    const placed = new Set(topics.flatMap(({ requirements }) => requirements));
    expect([...placed].toSorted()).toEqual(assessed.requirements.map(({ id }) => id).toSorted());
    const cited = topics.flatMap(({ entries, tables }) => [
      ...entries,
      ...tables,
      ...tables.flatMap(({ rows }) => rows),
    ]);
    const known = new Set(assessed.index.map(({ id }) => id));
    expect(cited.length).toBeGreaterThan(20);
    expect(cited.flatMap(({ cites }) => cites).filter((id) => !known.has(id))).toEqual([]);
    expect(topics.find(({ key }) => key === 'hardware')?.tables[0]?.rows).toHaveLength(1);
  });

  test('shows it with clauses, figures and hosts', async () => {
    const page = textOfHtml(await readFile(join(example.folder, 'out', 'report.html'), 'utf8'));
    const text = page.slice(page.lastIndexOf(language === 'zh' ? '附件：项目情况' : 'Annex: The project'));
    const wanted =
      language === 'zh'
        ? ['一、业务部分', '（四）系统设计、技术实现', '所列月份合计']
        : ['A.1 Business', 'A.2.4 ', 'Sum of these months'];
    for (const each of [clauses, place, 'app-1', ...wanted]) expect(text).toContain(each);
  });

  if (language === 'en') return;
  test('the PDF has it among its bookmarks', async () => {
    const pdf = await PDFDocument.load(await readFile(join(example.folder, 'out', 'report.pdf')), {
      updateMetadata: false,
    });
    const titles = pdf.context.enumerateIndirectObjects().map(([, object]) => String(object));
    const hex = Buffer.from('附件：项目情况', 'utf16le').swap16().toString('hex').toUpperCase();
    expect(titles.some((each) => each.includes('/Title') && each.toUpperCase().includes(hex))).toBe(true);
  });
});
