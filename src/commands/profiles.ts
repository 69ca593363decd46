import { answers, answerTitles, coverageOf } from '../assessment/coverage.ts';
import { loadProfile, type Profile, profileNames } from '../assessment/profile.ts';
import { columns, widthOf } from '../reporters/terminal/width.ts';
import { hanging } from '../reporters/terminal/wrap.ts';
import { type Language, printable } from '../text.ts';
import { type CommandFactory, createCommand, jsonOption, sayIn } from './context.ts';

/** `leqi-audit profiles`: which there are; `profiles show NAME`: every requirement, how it is answered, and the coverage. */
export const profiles: CommandFactory = (context) => {
  const command = createCommand(
    'profiles',
    context,
    { zh: '列出规范配置', en: 'list the profiles' },
    'profiles show qingdao-joint-use',
  )
    // `--json` after `show` belongs to `show`.
    .enablePositionalOptions()
    .addOption(jsonOption(context))
    .action(async (options: { json?: boolean }) => {
      const loaded = await Promise.all((await profileNames()).map(loadProfile));
      const list = loaded.map(({ name, title, mode, requirements }) => ({
        name,
        title,
        mode,
        requirements: requirements.length,
      }));
      if (options.json) context.out(`${JSON.stringify(list, null, 1)}\n`);
      else
        for (const { name, title, requirements } of list)
          context.out(`${name.padEnd(26)} ${String(requirements).padStart(3)}  ${title[context.language]}\n`);
    });
  command.addCommand(
    createCommand(
      'show',
      context,
      { zh: '列出一个规范配置的全部要求项', en: 'list every requirement of a profile' },
      'profiles show qingdao-joint-use',
    )
      .argument('<name>', sayIn(context.language)({ zh: '名称或文件', en: 'name or file' }))
      .addOption(jsonOption(context))
      .action(async (name: string, options: { json?: boolean }) => {
        const profile = await loadProfile(name);
        context.out(
          options.json ? `${JSON.stringify(withoutCode(profile), null, 1)}\n` : shown(profile, context.language),
        );
      }),
  );
  return command;
};

function shown({ title, requirements }: Profile, language: Language): string {
  const say = sayIn(language);
  const rows = requirements.map((row) => {
    const clause = row.cites.map((cite) => `${cite.source} ${cite.clause}`).join(', ');
    const how = [
      ...new Set(row.uses.map((use) => use.check.id)),
      ...row.awaits.map((way) => say({ zh: `（待开发：${way}）`, en: `(no check yet: ${way})` })),
      ...(row.attest ? [say({ zh: '签署声明', en: 'signed statement' })] : []),
    ];
    const indent = ' '.repeat(13);
    return [
      ...hanging(`${row.id.padEnd(12)} `, clause, columns),
      ...hanging(indent, say(row.title), columns),
      ...hanging(indent, how.join(' · '), columns),
    ].join('\n');
  });
  const counts = coverageOf(requirements);
  const width = Math.max(...answers.map((answer) => widthOf(say(answerTitles[answer]))));
  const coverage = answers.map((answer) => {
    const label = say(answerTitles[answer]);
    return `  ${label}${' '.repeat(width - widthOf(label))}  ${String(counts[answer]).padStart(3)}`;
  });
  const heading = say({
    zh: `共 ${requirements.length} 项，判定依据：`,
    en: `${requirements.length} requirements, answered by:`,
  });
  return printable(`${say(title)}\n\n${rows.join('\n')}\n\n${heading}\n${coverage.join('\n')}\n`);
}

function withoutCode({ requirements, ...profile }: Profile): object {
  return {
    ...profile,
    coverage: coverageOf(requirements),
    requirements: requirements.map(({ uses, ...rest }) => ({
      ...rest,
      checks: uses.map(({ check, parameters }) => ({ check: check.id, parameters })),
    })),
  };
}
