import { writeFile } from 'node:fs/promises';
import Handlebars from 'handlebars';
import type { PlainDate } from '../src/evidence/dates.ts';
import type { Gate } from '../src/gate.ts';
import { withChromium } from '../src/reporters/chromium.ts';

/** One paper of the example unit. */
export type Paper = { title: string; date: PlainDate; path: string };

const template = Handlebars.compile<{ title: string; unit: string; creditCode: string; date: string }>(
  `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{title}}</title><style>
@page { size: A4; margin: 30mm 26mm }
body { font: 12pt/1.8 'Noto Serif SC', serif }
h1 { font: 700 18pt 'Noto Sans SC', sans-serif; text-align: center; margin: 20mm 0 15mm }
p { text-indent: 2em }
.end { margin-top: 30mm; text-align: right; text-indent: 0 }
</style></head><body><h1>{{title}}</h1>
<p>本件为示例材料，仅用于演示自评工具如何登记和核对申报材料，不具有任何效力。</p>
<p>单位名称：{{unit}}</p><p>统一社会信用代码：{{creditCode}}</p>
<p class="end">{{unit}}（示例）<br>{{date}}</p></body></html>`,
  { strict: true },
);

/** Prints the papers as PDF files. */
export async function printPapers(
  papers: readonly Paper[],
  unit: { name: string; creditCode: string },
  gate: Gate,
): Promise<void> {
  await withChromium({ gate }, async (print) => {
    for (const { title, date, path } of papers) {
      await writeFile(
        path,
        await print(template({ title, unit: unit.name, creditCode: unit.creditCode, date }), 'draft'),
      );
    }
  });
}
