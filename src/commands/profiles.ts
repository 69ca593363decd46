import { loadProfile, type Profile, profileNames, type Requirement } from '../assessment/profile.ts';
import { type Language, printable, type Text } from '../text.ts';
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

type Answer = 'check' | 'signature' | 'both' | 'awaits';

const answerTitles: Readonly<Record<Answer, Text>> = {
  check: { zh: '检查', en: 'check' },
  signature: { zh: '签署', en: 'signature' },
  both: { zh: '检查+签署', en: 'check+signature' },
  awaits: { zh: '待开发', en: 'no check yet' },
};

function answerOf({ uses, awaits, attest }: Requirement): Answer {
  if (awaits.length > 0) return 'awaits';
  if (uses.length > 0) return attest ? 'both' : 'check';
  return 'signature';
}

function shown(profile: Profile, language: Language): string {
  const say = sayIn(language);
  const rows = profile.requirements.map((requirement) => {
    const clause = requirement.cites.map((cite) => `${cite.source} ${cite.clause}`).join(', ');
    const how = [...requirement.uses.map((use) => use.check.id), ...requirement.awaits.map((way) => `(${way})`)].join(
      ' ',
    );
    return `${requirement.id.padEnd(12)} ${say(answerTitles[answerOf(requirement)])}  ${clause}\n${' '.repeat(13)}${say(requirement.title)}${how ? `\n${' '.repeat(13)}${how}` : ''}`;
  });
  const counts = (Object.keys(answerTitles) as Answer[]).map(
    (answer) =>
      `${say(answerTitles[answer])} ${profile.requirements.filter((each) => answerOf(each) === answer).length}`,
  );
  return printable(
    `${say(profile.title)}\n\n${rows.join('\n')}\n\n${profile.requirements.length}: ${counts.join(', ')}\n`,
  );
}

function withoutCode({ requirements, ...profile }: Profile): object {
  return {
    ...profile,
    requirements: requirements.map(({ uses, ...rest }) => ({
      ...rest,
      checks: uses.map(({ check, parameters }) => ({ check: check.id, parameters })),
    })),
  };
}
