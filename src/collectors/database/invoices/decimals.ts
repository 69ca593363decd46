/** Digits kept behind the point: more than any column of money has. */
const places = 12;

const shape = /^([+-]?)(\d{1,40})(?:\.(\d{1,60}))?$/;
const zeros = '0'.repeat(places);

/** An amount as a whole number of 10^-12 yuan, exactly; undefined if it is none, or finer than that. */
export function decimalOf(text: string | null | undefined, unit: 'yuan' | 'fen' = 'yuan'): bigint | undefined {
  const [, sign, whole = '', fraction = ''] = text?.match(shape) ?? [];
  if (sign === undefined) return undefined;
  const kept = unit === 'fen' ? places - 2 : places;
  const digits = fraction.length > kept ? fraction.replace(/0+$/, '') : fraction;
  if (digits.length > kept) return undefined;
  const value = BigInt(whole + digits + zeros.slice(0, kept - digits.length));
  return sign === '-' ? -value : value;
}
