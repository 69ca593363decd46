import type { Text } from '../text.ts';

/** What a point is about, in the order they are shown. */
export const areas = {
  machine: { zh: '本机', en: 'This machine' },
  platform: { zh: '平台文件', en: 'Platform file' },
  files: { zh: '材料和数据', en: 'Papers and figures' },
  names: { zh: '域名', en: 'Names' },
  endpoints: { zh: '端点', en: 'Endpoints' },
  hosts: { zh: '主机', en: 'Hosts' },
  stores: { zh: '数据存储', en: 'Stores' },
} as const satisfies Record<string, Text>;

export type Area = keyof typeof areas;

/** `unproven`: the scan runs, and leaves something unproven. `lacking`: it cannot do all that it is there for. */
export const states = ['ok', 'unproven', 'lacking'] as const;

export type State = (typeof states)[number];

/** The requirements that a lack leaves unproven. */
export type Leaves = {
  /** Ids of the profile, in its order. */
  readonly requirements: readonly string[];
  /** Whether nothing but this lack decides it; otherwise other evidence may do. */
  readonly surely: boolean;
};

/** One thing that was looked at before a scan. */
export type Point = {
  readonly area: Area;
  readonly what: Text;
  readonly state: State;
  readonly says: Text;
  /** What is to be done; with `ok`, what would make it better. */
  readonly remedy?: Text;
  readonly leaves?: Leaves;
  /** Of `lacking`: an input file is wrong, not the machine. */
  readonly input?: boolean;
};

/** One look, which never takes longer than the whole may. */
export type Probe = {
  readonly run: () => Promise<readonly Point[]>;
  /** What is said of it if it does not end in time. */
  readonly late: () => readonly Point[];
};

/** What stands where a look did not end in time. */
export const noAnswer: Text = { zh: '未在时限内得到结果', en: 'gave no answer in time' };
