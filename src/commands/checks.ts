import { z } from 'zod';
import { checksById } from '../assessment/profile.ts';
import { columns } from '../reporters/terminal/width.ts';
import { hanging } from '../reporters/terminal/wrap.ts';
import { type CommandFactory, createCommand, jsonOption } from './context.ts';

/** `leqi-audit checks`: every check, what it proves and from which evidence. */
export const checks: CommandFactory = (context) =>
  createCommand('checks', context, { zh: '列出检查项', en: 'list the checks' }, 'checks --json')
    .addOption(jsonOption(context))
    .action((options: { json?: boolean }) => {
      const list = [...checksById.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
      if (options.json) {
        const described = list.map(({ id, title, about, reads, parameters }) => ({
          id,
          title,
          about,
          reads,
          parameters: z.toJSONSchema(parameters),
        }));
        context.out(`${JSON.stringify(described, null, 1)}\n`);
      } else
        for (const { id, title, about, reads } of list)
          context.out(
            [
              ...hanging(`${id}  `, title[context.language], columns),
              ...hanging('  ', about[context.language], columns),
              ...hanging('  ← ', reads.join(', '), columns),
              '',
            ].join('\n'),
          );
    });
