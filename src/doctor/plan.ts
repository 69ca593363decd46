import { type AskedFor, askedFor } from '../assessment/asked.ts';
import { bindsAt, neededKinds } from '../assessment/needs.ts';
import type { Profile } from '../assessment/profile.ts';
import { collectors } from '../collectors/index.ts';
import type { Kind, Origin } from '../evidence/kinds.ts';
import { originOf } from '../evidence/observation.ts';
import type { Gate } from '../gate.ts';
import { type Occasion, occasionTitles } from '../occasion.ts';
import type { DeclaredHost, Platform } from '../platform.ts';
import { type Text, verbatim } from '../text.ts';
import type { Leaves, Point } from './point.ts';

/** What a scan would be made by. */
export type Plan = {
  readonly platform: Platform;
  readonly profile: Profile;
  readonly occasion: Occasion;
  /** What would be collected. */
  readonly kinds: readonly Kind[];
  readonly asked: AskedFor;
  readonly gate: Gate;
};

/** A plan for what a scan has read. */
export function planOf(
  given: Pick<Plan, 'platform' | 'profile' | 'occasion' | 'gate'>,
  origin?: readonly Origin[],
): Plan {
  const { profile, occasion } = given;
  const kinds = neededKinds(profile, occasion).filter((kind) => !origin || origin.includes(originOf(kind)));
  return { ...given, kinds, asked: askedFor(profile, occasion) };
}

/** The requirements that read one of these kinds, as far as a scan collects them. */
export function leavesOf({ profile, occasion, kinds }: Plan, lost: readonly Kind[], surely: boolean): Leaves {
  const collected = lost.filter((kind) => kinds.includes(kind));
  const readers = profile.requirements
    .filter((requirement) => bindsAt(requirement, occasion))
    .filter(({ uses }) => uses.some(({ check }) => check.reads.some((kind) => collected.includes(kind))));
  return { requirements: readers.map(({ id }) => id), surely };
}

/** The kinds of a scan that databases are asked for. */
export function storeKinds({ kinds }: Pick<Plan, 'kinds'>): Kind[] {
  return kinds.filter((kind) => originOf(kind) === 'database' && kind !== 'buckets');
}

/** The kinds of a scan that hosts are asked for by commands; with `rootOn`, those that ask for root on that host. */
export function hostKinds({ kinds }: Plan, rootOn?: DeclaredHost): Kind[] {
  return collectors
    .filter((each) => each.by === 'commands')
    .filter((each) => !rootOn || each.ask(rootOn).some(({ asRoot }) => asRoot))
    .map(({ kind }) => kind)
    .filter((kind) => kinds.includes(kind));
}

/** What is said of a platform file and a profile that a scan can be made by. */
export function planPoints({ platform, profile, occasion }: Plan, file: string): Point[] {
  const count = profile.requirements.filter((requirement) => bindsAt(requirement, occasion)).length;
  const says = {
    zh: `${profile.name}：${count} 项适用于${occasionTitles[occasion].zh}`,
    en: `${profile.name}: ${count} requirements bind at ${occasionTitles[occasion].en.toLowerCase()}`,
  };
  return [
    { area: 'platform', what: platformFile, state: 'ok', says: verbatim(`${file}: ${platform.platform.name}`) },
    { area: 'platform', what: { zh: '规范配置', en: 'profile' }, state: 'ok', says },
  ];
}

/** What is said where a scan would stop at its platform file or profile. */
export function noPlan(why: Text): Point {
  const remedy = {
    zh: '改正所指之处；还没有平台文件的，用 leqi-audit init 建立',
    en: 'mend what is named; leqi-audit init makes a platform file where there is none',
  };
  return { area: 'platform', what: platformFile, state: 'lacking', says: why, remedy, input: true };
}

const platformFile: Text = { zh: '平台文件', en: 'platform file' };
