import { z } from 'zod';
import { ledgerNames } from '../../evidence/filed/ledger-types.ts';
import type { Kind } from '../../evidence/kinds.ts';
import { bilingual } from '../../evidence/schemas.ts';
import { parts } from '../profile-words.ts';

/** What an annex can show by what was seen, besides papers, figures, registers and verdicts; and the kinds of evidence it takes. */
export const readByShow = {
  administrators: ['administration'],
  hosts: ['hosting', 'patchState'],
  invoices: ['invoices'],
  logs: ['logStores'],
  outbound: ['platform'],
  ports: ['openPorts', 'tls'],
  protection: ['firewall', 'intrusionMonitoring', 'malwareScanning', 'patchState'],
  stores: ['storeEncryption'],
  volumes: ['volumes'],
} as const satisfies Record<string, readonly Kind[]>;

export type Show = keyof typeof readByShow;

const shows = Object.keys(readByShow) as [Show, ...Show[]];

const topic = z.strictObject({
  title: bilingual,
  /** Rows of this profile or of one that it extends; what is taken from them belongs here too. */
  rows: z.array(z.string()).default([]),
  facts: z.array(z.string()).default([]),
  papers: z.array(z.string()).default([]),
  ledgers: z.array(z.enum(ledgerNames)).default([]),
  /** Fields of the annex's paper, and what they are called. */
  fields: z.record(z.string(), bilingual).default({}),
  /** The topics of that paper which it is about. */
  chapters: z.array(z.string()).default([]),
  shows: z.array(z.enum(shows)).default([]),
});

/** How an annex of the report is arranged: a profile says it once, those that extend it add rows of their own to its topics. */
export const annexFileSchema = z.strictObject({
  title: bilingual,
  /** The row that asks for what stands here: its clauses are cited. */
  follows: z.string(),
  /** The paper of the unit that has the same topics. */
  paper: z.string(),
  parts: z
    .array(
      z.strictObject({
        title: bilingual,
        topics: z.record(z.string(), topic),
        /** Rows of this part of the report that stand in no topic come last here. */
        others: z.enum(parts),
      }),
    )
    .refine((list) => parts.every((part) => list.filter(({ others }) => others === part).length === 1), {
      error:
        'others 须恰好各写一次 business、technology、risk | others must name business, technology and risk once each',
    })
    .refine((list) => new Set(topicKeys(list)).size === topicKeys(list).length, {
      error: '同一内容不得出现在两个部分 | no topic may stand in two parts',
    }),
});

/** Rows that a profile adds to the topics of the annex it takes over: topic → rows. */
export const annexRowsSchema = z.record(z.string(), z.array(z.string()).min(1));

export type AnnexFile = z.output<typeof annexFileSchema>;

function topicKeys(list: readonly { readonly topics: object }[]): string[] {
  return list.flatMap(({ topics }) => Object.keys(topics));
}
