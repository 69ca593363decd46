import { join } from 'node:path';
import { mergeBundles } from '../bundle/merge.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CommandFactory, createCommand, outOption, sayIn } from './context.ts';

/** Missing parts that are named. */
const mostNamed = 20;

/** `leqi-audit merge`: joins the bundles of a divided collection, or of several zones. */
export const merge: CommandFactory = (context) =>
  createCommand(
    'merge',
    context,
    {
      zh: '合并各分片或各区域的证据包；缺少分片时退出码为 3，未采集的仍为待确认',
      en: 'join the evidence of parts or zones; exit status 3 if a part is missing: what it holds stays unproven',
    },
    'merge part-*/evidence --out out',
  )
    .argument('<evidence...>', sayIn(context.language)({ zh: '证据包：目录或 zip', en: 'evidence: folders or zips' }))
    .addOption(outOption(context))
    .action(async (paths: string[], options: { out: string }) => {
      const path = options.out.endsWith('.zip') ? options.out : join(options.out, 'evidence');
      const { observations, missing } = await mergeBundles(paths, path);
      context.note({ zh: `已合并 ${observations} 项证据`, en: `merged ${observations} items of evidence` });
      if (missing.length > 0) {
        const names = `${missing.slice(0, mostNamed).join(', ')}${missing.length > mostNamed ? ' …' : ''}`;
        context.note({
          zh: `缺少分片：${names}；其所含主机、端口与材料均为待确认`,
          en: `missing parts: ${names}; their hosts, ports and papers stay unproven`,
        });
        context.exit(exitCodes.unproven);
      }
      context.out(`${path}\n`);
    });
