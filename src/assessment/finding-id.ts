import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';
import type { TextData } from '../text.ts';
import type { AssessedFinding } from './assessment.ts';

/** What gives a finding its id: where it stands, what is said of what, and the names that the message is filled with. */
type Identity = Pick<AssessedFinding, 'check' | 'outcome' | 'says' | 'subject'> & {
  readonly requirement: string;
  readonly names: readonly string[];
};

/**
 * The id of a finding, `F-` and the start of a SHA-256. It is the same in every assessment in which the same is found of the same:
 * figures and dates, which move from run to run, do not count; another outcome, message, subject or name gives another id.
 */
export function findingId({ requirement, check, outcome, says, subject, names }: Identity): string {
  const identity = canonicalJson([requirement, check, outcome, says, subject, ...names]);
  return `F-${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`;
}

/** The names among a message's data, each behind its key, sorted; a port is a name, any other number is a figure. */
export function namesIn(data: TextData): string[] {
  return Object.entries(data)
    .filter(([key, value]) => !figures.has(key) && (typeof value !== 'number' || isPort(key)))
    .map(([key, value]) => {
      const text = typeof value === 'object' ? value.zh : String(value);
      return `${key}=${isPort(key) ? text : withoutFigures(text)}`;
    })
    .toSorted();
}

function isPort(key: string): boolean {
  return /port/i.test(key);
}

// What structured.ts keeps as figures and dates.
const figures: ReadonlySet<string> = new Set(['amount', 'threshold', 'margin', 'value', 'asked', 'due', 'opens']);

const unit = '%|个月|[年月天日]|小时|分钟?|秒|毫秒|[次条户张行个项件份台处]|[万亿]?元|字节|[KMGT]i?B\\b|ms\\b|s\\b';
const date = /\d{4}-\d{2}(?:-\d{2})?(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?/g;
const figure = new RegExp(`(?<![\\w.:/@-])-?\\d[\\d,]*(?:\\.\\d+)?(?= ?(?:${unit}))`, 'g');

// A number that stands alone is a figure too; one within a name, an address or a path is part of it.
function withoutFigures(text: string): string {
  const plain = text.replace(date, '#').replace(figure, '#');
  return /^-?[\d,]+(\.\d+)?$/.test(plain) ? '#' : plain;
}
