import { z } from 'zod';
import { joined, type Text } from '../../text.ts';

/** Why a view of a database’s own catalogue could not be read. */
export const viewWhys = {
  denied: { zh: '权限不足', en: 'not granted' },
  missing: { zh: '该版本没有', en: 'this version has none' },
  off: { zh: '服务器未启用', en: 'turned off on the server' },
  failed: { zh: '读取失败', en: 'could not be read' },
  unclear: { zh: '内容无法识别', en: 'not understood' },
  elsewhere: { zh: '在其他服务器', en: 'on other servers' },
  'too-many': { zh: '数量超出上限', en: 'more than is kept' },
} as const satisfies Record<string, Text>;

export type ViewWhy = keyof typeof viewWhys;

/** Views that could not be read; whatever is missing from them proves nothing. */
export const unreadViews = z.array(
  z.strictObject({ view: z.string(), why: z.enum(Object.keys(viewWhys) as [ViewWhy, ...ViewWhy[]]) }),
);

export type UnreadView = z.output<typeof unreadViews>[number];

const shown = 8;

/** What a report says of unread views: the first of them. */
export function unreadViewsText(unread: readonly UnreadView[]): Text {
  const views = unread.slice(0, shown).map(({ view, why }) => ({
    zh: `${view}（${viewWhys[why].zh}）`,
    en: `${view} (${viewWhys[why].en})`,
  }));
  const more = unread.length > shown ? [{ zh: `等 ${unread.length} 项`, en: `${unread.length} in all` }] : [];
  return joined([...views, ...more], '、', ', ');
}
