import type { PlainDate } from '../../src/evidence/dates.ts';
import type { FiledDocument } from '../../src/evidence/filed/documents.ts';
import type { Text } from '../../src/text.ts';
import { compact, isFilled, isNone } from './paper-fields.ts';

/** How a topic stands in a paper: *unplaced* says that it is there, or says nothing, but not where. */
export type Standing = 'there' | 'missing' | 'unplaced';

/** How a topic stands, by the place that is entered for it. */
export function standingOf(place: string | undefined): Standing {
  if (place === undefined || isNone(place) || /^(否|false|no|缺|缺失|未涉及)$/i.test(compact(place))) return 'missing';
  return isFilled(place) && !/^(是|有|true|yes)$/i.test(compact(place)) ? 'there' : 'unplaced';
}

type Signature = NonNullable<FiledDocument['signatures']>[number];

/** How a paper is signed and sealed by one party. */
export type Signing = {
  readonly party: Signature['party'];
  readonly isEntered: boolean;
  /** What no entry has: signature, seal. */
  readonly lacks: readonly Text[];
  /** Entered more than once, and one entry lacks what another has. */
  readonly isContradictory: boolean;
  /** An entry bears a date after the as-of date. */
  readonly isAhead: boolean;
};

/** What a party puts on a paper. */
export const marks = ['signed', 'sealed'] as const;

type Mark = (typeof marks)[number];

const lacking: Readonly<Record<Mark, Text>> = {
  signed: { zh: '未签字', en: 'not signed' },
  sealed: { zh: '未盖章', en: 'not sealed' },
};

/** Folds what is entered of one party's signature and seal, as far as they are asked for. */
export function signingBy(
  party: Signature['party'],
  asked: readonly Mark[],
  { signatures = [] }: FiledDocument,
  asOf: PlainDate,
): Signing {
  const entries = signatures.filter((each) => each.party === party);
  const lacks = asked.flatMap((mark) => (entries.some((each) => each[mark]) ? [] : lacking[mark]));
  return {
    party,
    isEntered: entries.length > 0,
    lacks,
    isContradictory: lacks.length === 0 && !entries.every((each) => asked.every((mark) => each[mark])),
    isAhead: entries.some(({ on }) => on !== undefined && on > asOf),
  };
}
