import { Big } from 'big.js';
import type { Text } from '../text.ts';

/** What declared figures are measured in; money is kept in yuan. */
export const baseUnits = ['元', '户', '张', '次'] as const;

export type BaseUnit = (typeof baseUnits)[number];

/** Units that a figure may be written in. */
export type WrittenUnit = BaseUnit | '万元' | '亿元';

/** An exact decimal in its base unit. */
export type Figure = { readonly amount: string; readonly unit: BaseUnit };

const yuanIn: Readonly<Partial<Record<WrittenUnit, string>>> = { 元: '1', 万元: '10000', 亿元: '100000000' };

// Digits with or without thousands separators; longer than any figure a unit can mean is not read at all.
const figureShape = /^-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/;
const longestFigure = 40;

/**
 * Reads a written figure exactly: full-width digits and thousands separators are taken as meant, 万元 and 亿元 become yuan.
 * A count must be whole and not negative. Undefined if it is no number.
 */
export function figureOf(written: string, unit: WrittenUnit): Figure | undefined {
  const plain = written.length > longestFigure ? '' : written.normalize('NFKC').trim();
  if (!figureShape.test(plain)) return undefined;
  const number = new Big(plain.replaceAll(',', ''));
  if (unit === '户' || unit === '张' || unit === '次') {
    return number.lt(0) || !number.round(0).eq(number) ? undefined : { amount: number.toFixed(), unit };
  }
  return { amount: number.times(yuanIn[unit] ?? '1').toFixed(), unit: '元' };
}

/** The exact sum of decimals. */
export function sumOf(amounts: readonly string[]): string {
  return amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)).toFixed();
}

/** How far two decimals lie apart, never negative. */
export function distanceOf(one: string, other: string): string {
  return new Big(one).minus(other).abs().toFixed();
}

/** Whether a decimal is as large as another, compared exactly. */
export function isAtLeast(amount: string, threshold: string): boolean {
  return new Big(amount).gte(threshold);
}

const counted: Readonly<Record<Exclude<BaseUnit, '元'>, string>> = { 户: 'units', 张: 'invoices', 次: 'times' };

/** A figure as a person reads it, without losing a digit: `65,230 万元`, `652,300,000 yuan`. */
export function figureText({ amount, unit }: Figure): Text {
  if (unit !== '元') return { zh: `${grouped(amount)} ${unit}`, en: `${grouped(amount)} ${counted[unit]}` };
  const number = new Big(amount);
  const inTenThousands = grouped(number.times('0.0001').toFixed());
  return {
    zh: number.abs().lt(10_000) ? `${grouped(amount)} 元` : `${inTenThousands} 万元`,
    en: `${grouped(amount)} yuan`,
  };
}

function grouped(amount: string): string {
  const [whole = '', fraction] = amount.split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}
