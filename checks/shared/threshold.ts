import { z } from 'zod';
import type { PlainDate } from '../../src/evidence/dates.ts';
import { type FiledDocument, paperDefect } from '../../src/evidence/filed/documents.ts';
import { distanceOf, figureOf, isAtLeast } from '../../src/evidence/money.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text, TextData } from '../../src/text.ts';
import { type Evidence, type Finding, met, unmet, unproven } from '../check.ts';
import { factNamed, onlyOne, plainWords } from './facts.ts';
import { type Asked, type Known, textIn } from './figure.ts';

/**
 * A lower threshold that the authority may grant: claimed by a text fact, proved by a paper that is held and states the granted
 * threshold, in the base unit, under the name of the (first) fact.
 */
export const reliefSchema = z.strictObject({
  fact: z.string(),
  in: z.array(z.string()).min(1),
  document: z.string(),
});

export type Relief = z.output<typeof reliefSchema>;

/** How a figure compares with its threshold. */
export const thresholdMessages = {
  reached: {
    zh: '{{what}}，不低于 {{threshold}}，高出 {{margin}}',
    en: '{{what}}; at least {{threshold}} is asked; {{margin}} above',
  },
  below: {
    zh: '{{what}}，低于 {{threshold}}，相差 {{margin}}',
    en: '{{what}}; at least {{threshold}} is asked; {{margin}} short',
  },
  reachedRelieved: {
    zh: '{{what}}，低于一般下限 {{general}}；已申报「{{fact}}」为「{{word}}」，《{{title}}》核定的下限为 {{threshold}}，高出 {{margin}}',
    en: '{{what}}; below the general threshold of {{general}}; {{fact}} is declared as “{{word}}”, and “{{title}}” grants a threshold of {{threshold}}; {{margin}} above',
  },
  belowRelieved: {
    zh: '{{what}}，低于一般下限 {{general}}，也低于《{{title}}》核定的下限 {{threshold}}，相差 {{margin}}',
    en: '{{what}}; below the general threshold of {{general}}, and below the threshold of {{threshold}} that “{{title}}” grants; {{margin}} short',
  },
  notRelieved: {
    zh: '{{what}}，低于 {{threshold}}，相差 {{margin}}；虽已申报「{{fact}}」为「{{word}}」，但{{why}}',
    en: '{{what}}; at least {{threshold}} is asked; {{margin}} short; {{fact}} is declared as “{{word}}”, but {{why}}',
  },
  grantedHigher: {
    zh: '{{what}}，不低于一般下限 {{general}}，但低于《{{title}}》写明的下限 {{threshold}}，相差 {{margin}}',
    en: '{{what}}; at least the general threshold of {{general}}, but below the threshold of {{threshold}} that “{{title}}” states; {{margin}} short',
  },
} as const satisfies Record<string, Text>;

type ThresholdSays = keyof typeof thresholdMessages;

/** What to do about these. */
export const thresholdRemedies = {
  below: {
    zh: '核实数据；确未达到的，不具备条件',
    en: 'verify the figure; if it is right, the condition is not met',
  },
  belowRelieved: {
    zh: '核实数据和《{{title}}》；确未达到的，不具备条件',
    en: 'verify the figure and “{{title}}”; if they are right, the condition is not met',
  },
  notRelieved: {
    zh: '取得税务机关核定下限的文件，列入平台文件，并在其 states.fields 中以「元」或计数单位填写核定的下限',
    en: 'obtain the authority’s paper that grants the threshold, list it in the platform file, and state the granted threshold under its states.fields, in yuan or as a count',
  },
  grantedHigher: {
    zh: '向主管税务机关确认适用哪个下限，并改正材料中的填报',
    en: 'ask the competent tax bureau which threshold holds, and correct what is stated of the paper',
  },
} as const satisfies { [Each in ThresholdSays]?: Text };

/** Compares a known figure with its threshold, or with the one granted to the unit. */
export function weighed(
  known: Known,
  asked: Asked,
  relief: Relief | undefined,
  evidence: Evidence<'facts' | 'documents'>,
  asOf: PlainDate,
): Finding<ThresholdSays> {
  const subject = asked.facts.join(' + ');
  const data = compared(known, asked, asked.amount);
  const enough = isAtLeast(known.amount, asked.amount);
  const plain = enough ? met('reached', known.cites, data, subject) : unmet('below', known.cites, data, subject);
  const grant = relief && grantOf(relief, asked, evidence, asOf);
  if (!grant || (enough && 'why' in grant)) return plain;
  const cites = [...known.cites, ...grant.cites] as const;
  const { fact, word } = grant;
  if ('why' in grant) return unmet('notRelieved', cites, { ...data, fact, word, why: grant.why }, subject);
  const reached = isAtLeast(known.amount, grant.threshold);
  if (enough && reached) return plain;
  const granted = { ...compared(known, asked, grant.threshold), general: textIn(asked, asked.amount) };
  const texts = { ...granted, fact, word, title: grant.title };
  if (enough) return unproven('grantedHigher', cites, texts, subject);
  if (isAtLeast(grant.threshold, asked.amount))
    return unmet('notRelieved', cites, { ...data, fact, word, why: whys.notLower }, subject);
  return reached ? met('reachedRelieved', cites, texts, subject) : unmet('belowRelieved', cites, texts, subject);
}

/** The figure, its threshold and what lies between, as texts; and `value` and `asked` as plain decimals in the base unit. */
function compared({ what, amount }: Known, asked: Asked, threshold: string): TextData {
  return {
    what,
    amount: textIn(asked, amount),
    threshold: textIn(asked, threshold),
    margin: textIn(asked, distanceOf(amount, threshold)),
    value: amount,
    asked: threshold,
  };
}

const whys = {
  none: { zh: '平台文件未列出核定文件', en: 'the paper that grants less is not listed' },
  differing: {
    zh: '核定文件有互相矛盾的记载',
    en: 'the paper stands in the evidence in ways that contradict each other',
  },
  defect: {
    zh: '未持有核定文件，或其文件无法打开',
    en: 'the paper that grants less is not held, or its file cannot be opened',
  },
  noHash: { zh: '核定文件没有文件哈希', en: 'the paper that grants less has no hash' },
  ahead: { zh: '核定文件在评估基准日尚未生效', en: 'the paper that grants less is not yet in force at the as-of date' },
  ended: { zh: '核定文件的有效期已届满', en: 'the paper that grants less is no longer valid' },
  noFigure: {
    zh: '核定文件未以数字写明核定的下限',
    en: 'the paper that grants less does not state the granted threshold as a number',
  },
  notLower: { zh: '核定文件写明的下限并不更低', en: 'the threshold that the paper states is no lower' },
} as const satisfies Record<string, Text>;

type Grant = { readonly fact: string; readonly word: string } & (
  | { readonly threshold: string; readonly title: string; readonly cites: readonly Seen<unknown>[] }
  | { readonly why: Text; readonly cites: readonly Seen<unknown>[] }
);

// Undefined where no relief is claimed.
function grantOf(
  { fact, in: words, document }: Relief,
  asked: Asked,
  { facts, documents }: Evidence<'facts' | 'documents'>,
  asOf: PlainDate,
): Grant | undefined {
  const found = factNamed(facts, fact);
  if (!('one' in found) || found.one.value.value.type !== 'text') return undefined;
  const word = plainWords(found.one.value.value.text);
  if (!words.map(plainWords).includes(word)) return undefined;
  const claim = { fact, word };
  const paper = onlyOne(
    documents.filter((each) => each.value.id === document),
    (value) => value,
  );
  if ('none' in paper) return { ...claim, why: whys.none, cites: [found.one] };
  if ('differing' in paper) return { ...claim, why: whys.differing, cites: [found.one, ...paper.differing] };
  const cites = [found.one, paper.one];
  const threshold = thresholdIn(paper.one.value, asked, asOf);
  if (typeof threshold !== 'string') return { ...claim, why: threshold, cites };
  return { ...claim, threshold, title: paper.one.value.title, cites };
}

function thresholdIn(paper: FiledDocument, { facts: [field = ''], unit }: Asked, asOf: PlainDate): string | Text {
  if (paperDefect(paper)) return whys.defect;
  if (paper.sha256 === undefined) return whys.noHash;
  if ([paper.date, paper.validFrom].some((date) => date !== undefined && date > asOf)) return whys.ahead;
  if (paper.validUntil !== undefined && paper.validUntil < asOf) return whys.ended;
  const { fields = {} } = paper.states;
  const stated = Object.hasOwn(fields, field) ? figureOf(fields[field] ?? '', unit) : undefined;
  // Nothing, or less than nothing, is no threshold at all.
  return stated && !isAtLeast('0', stated.amount) ? stated.amount : whys.noFigure;
}
