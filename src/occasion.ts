import type { Text } from './text.ts';

/** What an assessment is made for. */
export const occasions = ['access', 'renewal', 'change', 'exit'] as const;

export type Occasion = (typeof occasions)[number];

/** The words reports use. */
export const occasionTitles: Readonly<Record<Occasion, Text>> = {
  access: { zh: '接入', en: 'Access' },
  renewal: { zh: '续期（年度审验）', en: 'Renewal' },
  change: { zh: '变更', en: 'Change' },
  exit: { zh: '退出', en: 'Exit' },
};
