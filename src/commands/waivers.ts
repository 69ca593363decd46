import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import type { AssessedWaiver, Assessment } from '../assessment/assessment.ts';
import type { Profile } from '../assessment/profile.ts';
import { readWaivers, type WaiverList } from '../assessment/waivers-file.ts';
import { redact } from '../bundle/redact.ts';
import { codeOf } from '../errors.ts';
import { printable, type Text } from '../text.ts';
import { type Context, sayIn } from './context.ts';

/** `--waivers FILE`, `--no-waivers`, or neither. */
export type WaiverOptions = { waivers?: string | false };

/** Adds `--waivers` and `--no-waivers`. */
export function addWaiverOptions(command: Command, context: Context): Command {
  const say = sayIn(context.language);
  return command
    .addOption(
      new Option(
        '--waivers <file>',
        say({
          zh: '例外清单，默认为平台文件旁的 waivers.yaml（如有）；assess 取当前目录的',
          en: 'list of waivers; default: waivers.yaml beside the platform file, if there (assess: in this folder)',
        }),
      ),
    )
    .addOption(new Option('--no-waivers', say({ zh: '不用例外清单', en: 'use no list of waivers' })));
}

/** Reads the list of waivers for a profile, if there is one; throws {@link InputError} with every mistake. */
export async function loadWaivers(
  { waivers }: WaiverOptions,
  platformFile: string,
  profile: Profile,
): Promise<WaiverList | undefined> {
  if (waivers === false) return undefined;
  const beside = join(dirname(platformFile), 'waivers.yaml');
  if (waivers === undefined && !(await isThere(beside))) return undefined;
  return readWaivers(waivers ?? beside, profile, (text) => redact(text) !== text);
}

/** Says how many waivers hold, and names each that does not, with its place in the file. */
export function noteWaivers({ waivers = [] }: Assessment, { placeOf }: WaiverList, context: Context): void {
  const active = waivers.filter(({ state }) => state === 'active').length;
  context.note({
    zh: `例外清单：${waivers.length} 条，${active} 条有效`,
    en: `waivers: ${waivers.length}, of which ${active} hold`,
  });
  for (const waiver of waivers) {
    const why = warnings[waiver.state];
    if (!why) continue;
    const { zh, en } = why(waiver);
    const at = printable(`${placeOf(waiver.id)}  ${waiver.finding ?? waiver.requirement ?? ''}`);
    context.note({ zh: `${at}：${zh}`, en: `${at}: ${en}` });
  }
}

const warnings: Readonly<Record<AssessedWaiver['state'], ((waiver: AssessedWaiver) => Text) | undefined>> = {
  active: undefined,
  unused: () => ({
    zh: '例外未用到：没有这样的发现（已整改、内容已变或编号有误），或已由前面的例外覆盖；请删去',
    en: 'this waiver covers nothing: there is no such finding (corrected, changed or mistyped), or an earlier one covers it; remove it',
  }),
  'not-yet': ({ from }) => ({ zh: `例外自 ${from} 起才有效`, en: `this waiver holds from ${from} only` }),
  expired: ({ until }) => ({ zh: `例外已于 ${until} 到期，不再适用`, en: `this waiver expired on ${until}` }),
  never: () => ({
    zh: '该发现涉及证据本身是否可信，不得例外',
    en: 'this finding throws doubt on the evidence itself: it cannot be waived',
  }),
};

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    // What cannot be looked at is read, and then said to be unreadable.
    return codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR';
  }
}
