import { isDate, type PlainDate } from '../evidence/dates.ts';
import { decimal } from '../evidence/schemas.ts';
import type { Text, TextData } from '../text.ts';
import type { AssessedFigure, AssessedFinding } from './assessment.ts';

/** What of a finding's data is kept beside its text: dates to act on, and a figure beside its threshold. */
export function structured(data: TextData): Pick<AssessedFinding, 'due' | 'opens' | 'figure'> {
  const [due, opens] = [dateIn(data.due), dateIn(data.opens)];
  const figure = figureIn(data);
  return { ...(due ? { due } : {}), ...(opens ? { opens } : {}), ...(figure ? { figure } : {}) };
}

function figureIn({ amount, threshold, margin, value, asked }: TextData): AssessedFigure | undefined {
  if (!isText(amount) || !isText(threshold) || !isText(margin)) return undefined;
  return {
    amount,
    threshold,
    margin,
    ...(isDecimal(value) ? { value } : {}),
    ...(isDecimal(asked) ? { asked } : {}),
  };
}

function dateIn(value: TextData[string] | undefined): PlainDate | undefined {
  return typeof value === 'string' && isDate(value) ? value : undefined;
}

function isText(value: TextData[string] | undefined): value is Text {
  return typeof value === 'object';
}

function isDecimal(value: TextData[string] | undefined): value is string {
  return decimal.safeParse(value).success;
}
