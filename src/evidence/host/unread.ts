import { z } from 'zod';
import { joined, type Text } from '../../text.ts';
import { type UnreadWhy, unreadWhys } from './forwards.ts';

/** Parts of a host that could not be read, and why; whatever is missing from them proves nothing. */
export const unreadParts = z.array(
  z.strictObject({ part: z.string(), why: z.enum(Object.keys(unreadWhys) as [UnreadWhy, ...UnreadWhy[]]) }),
);

export type Unread = z.output<typeof unreadParts>[number];

const shown = 8;

/** What a report says of unread parts: the first of them. */
export function unreadText(unread: readonly Unread[]): Text {
  const parts = unread.slice(0, shown).map(({ part, why }) => ({
    zh: `${part}（${unreadWhys[why].zh}）`,
    en: `${part} (${unreadWhys[why].en})`,
  }));
  const more = unread.length > shown ? [{ zh: `等 ${unread.length} 项`, en: `${unread.length} in all` }] : [];
  return joined([...parts, ...more], '、', ', ');
}
