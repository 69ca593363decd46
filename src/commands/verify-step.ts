import type { Text } from '../text.ts';

/** One thing that was looked at: holds if it has no problems, unless it stays open because nobody asked, or it cannot be told. */
export type Step = { what: Text; problems: Text[]; notes?: readonly Text[]; isOpen?: true };
