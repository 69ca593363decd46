import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { assess } from '../../src/commands/assess.ts';
import { checks } from '../../src/commands/checks.ts';
import { collect } from '../../src/commands/collect.ts';
import type { CommandFactory } from '../../src/commands/context.ts';
import { diff } from '../../src/commands/diff.ts';
import { doctor } from '../../src/commands/doctor.ts';
import { explain } from '../../src/commands/explain.ts';
import { history } from '../../src/commands/history.ts';
import { importOutput } from '../../src/commands/import.ts';
import { init } from '../../src/commands/init.ts';
import { merge } from '../../src/commands/merge.ts';
import { probe } from '../../src/commands/probe.ts';
import { profiles } from '../../src/commands/profiles.ts';
import { renewal } from '../../src/commands/renewal.ts';
import { report } from '../../src/commands/report.ts';
import { scan } from '../../src/commands/scan.ts';
import { verify } from '../../src/commands/verify.ts';
import { widthOf } from '../../src/reporters/terminal/width.ts';
import { type Language, languages } from '../../src/text.ts';
import { runCli, runHere } from '../support/cli.ts';

const factories: Readonly<Record<string, CommandFactory>> = {
  assess,
  checks,
  collect,
  diff,
  doctor,
  explain,
  history,
  import: importOutput,
  init,
  merge,
  probe,
  profiles,
  renewal,
  report,
  scan,
  verify,
};

function made(factory: CommandFactory, language: Language): Command {
  return factory({
    language,
    version: '0.0.0',
    now: () => new Date(),
    signal: new AbortController().signal,
    out: () => {},
    note: () => {},
    progress: () => {},
    holdProgress: () => {},
    exit: () => {},
  });
}

/** The help of a command and of those below it, as printed, example and all. */
function helpsOf(command: Command): string[] {
  let text = '';
  command.configureOutput({
    writeOut: (words) => {
      text += words;
    },
  });
  command.outputHelp();
  return [text, ...command.commands.flatMap(helpsOf)];
}

describe.each(languages)('the help in %s', (language) => {
  test.each(Object.entries(factories))(
    'of %s fits 80 columns, is of one language, and has an example',
    (_, factory) => {
      for (const help of helpsOf(made(factory, language))) {
        for (const line of help.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
        expect(help).toMatch(/\$ leqi-audit [a-z]/);
        if (language === 'zh') expect(help).not.toMatch(/choices:|default:|show help|display help|Usage|Options:/);
        else expect(help).not.toMatch(/\p{Script=Han}/u);
      }
    },
  );

  test('of the program names every command', async () => {
    const { stdout } = await runCli(['--help', '--lang', language]);
    for (const line of stdout.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
    const named = [...stdout.matchAll(/^ {2}([a-z]+) (?:\[|<)/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(Object.keys(factories).toSorted());
  });
});

test.each([
  ['checks', checks, []],
  ['profiles show', profiles, ['show', 'qingdao-joint-use']],
] as const)('what %s prints fits 80 columns', async (_, command, args) => {
  const { stdout } = await runHere(command, args);
  expect(stdout.split('\n').length).toBeGreaterThan(100);
  for (const line of stdout.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
});

test.each([
  [['scan', '--nosuch'], '没有选项 --nosuch'],
  [['scan', '--fromat', 'html'], '没有选项 --fromat（是否指 --format？）'],
  [['scna'], '没有命令 scna（是否指 scan？）'],
  [['assess'], '缺少参数 evidence'],
  [['scan', 'a', 'b'], '参数过多：应为 0 个，给了 2 个'],
  [['assess', 'a', '--fail-on', 'x'], '选项 --fail-on <verdict> 的取值 x 无效。 可选：none, unmet, partial, unproven'],
  [['assess', 'a', '--as-of'], '选项 --as-of <date> 缺少取值'],
])('a wrong call, %j, is answered in Chinese: exit 2', async (args, says) => {
  expect(await runCli(args)).toMatchObject({ status: 2, stderr: `命令行有误：${says}\n` });
});
