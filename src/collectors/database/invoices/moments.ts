import { minutesAheadIn } from '../../../evidence/dates.ts';
import type { Bound } from '../../transports/database.ts';
import type { ColumnType } from './shape.ts';

/** How a column writes time; text with what stands between year, month and day. */
export type TimeForm =
  | { readonly kind: 'instant' | 'local' | 'date' | 'seconds' | 'milliseconds' }
  | { readonly kind: 'text'; readonly separator: string; readonly daily: boolean };

/** Turns instants into what a clock on the unit’s wall shows, as seconds since 1970-01-01 00:00 on that clock, and back. */
export type Clock = { wallOf(utc: number): number; utcOf(wall: number): number };

/** Seconds of a day. */
export const day = 86_400;

/** The clock of a time zone; the offset is asked for once an hour of the data. */
export function createClock(timeZone: string): Clock {
  const offsets = new Map<number, number>();
  const offsetAt = (utc: number): number => {
    const hour = Math.floor(utc / 3600);
    const known = offsets.get(hour);
    if (known !== undefined) return known;
    const offset = 60 * minutesAheadIn(new Date(hour * 3_600_000).toISOString(), timeZone);
    offsets.set(hour, offset);
    return offset;
  };
  return {
    wallOf: (utc) => utc + offsetAt(utc),
    utcOf: (wall) => wall - offsetAt(wall - offsetAt(wall)),
  };
}

const written =
  /^(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?\s*(?:(Z)|([+-])(\d{2}):?(\d{2})?)?$/;

/** The time on the wall of a value, in seconds; undefined if it cannot be read, or lies outside of 1980 to 2099. */
export function wallOf(text: string | null | undefined, { kind }: TimeForm, clock: Clock): number | undefined {
  if (text == null) return undefined;
  if (kind === 'seconds' || kind === 'milliseconds') {
    const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    return usual(clock, kind === 'seconds' ? number : number / 1000);
  }
  const parts = written.exec(text.trim());
  if (!parts) return undefined;
  const [, year, month, date, hours = '0', minutes = '0', seconds = '0', z, sign, ahead, aheadMinutes = '0'] = parts;
  const time = Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hours), Number(minutes), Number(seconds));
  // 31 February would be 3 March.
  if (new Date(time).getUTCDate() !== Number(date) || Number(hours) > 24) return undefined;
  const offset = ahead === undefined ? 0 : (Number(ahead) * 60 + Number(aheadMinutes)) * (sign === '-' ? -60 : 60);
  if (z !== undefined || ahead !== undefined || kind === 'instant') return usual(clock, time / 1000 - offset);
  return within(time / 1000);
}

const [earliest, latest] = [Date.UTC(1980, 0, 1) / 1000, Date.UTC(2100, 0, 1) / 1000];

function usual(clock: Clock, utc: number): number | undefined {
  return within(utc) === undefined ? undefined : clock.wallOf(utc);
}

function within(time: number): number | undefined {
  return time >= earliest && time < latest ? time : undefined;
}

/**
 * What a column is compared with to find the rows from a time on. Text is compared by days, one day early or late, because each value may give
 * its own offset from UTC: {@link wallOf} decides.
 */
export function boundOf(wall: number, form: TimeForm, clock: Clock, late = 0): Bound {
  switch (form.kind) {
    case 'seconds':
      return clock.utcOf(wall);
    case 'milliseconds':
      return clock.utcOf(wall) * 1000;
    case 'instant':
      return `${stamp(clock.utcOf(wall))}`;
    case 'local':
      return stamp(wall);
    case 'date':
      return stamp(wall).slice(0, 10);
    case 'text':
      return stamp(wall + late * day)
        .slice(0, 10)
        .replaceAll('-', form.separator);
  }
}

function stamp(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

// Numbers above 10^11 are milliseconds: as seconds they would lie after the year 5138.
const millisecondsFrom = 100_000_000_000;
const textual = /^(?:19|20)\d{2}([-/]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d\D)/;

/** How a column writes time, by its type and a sample of its values; undefined if the sample shows no form, or several. */
export function formOf(type: ColumnType, sample: readonly string[]): TimeForm | undefined {
  if (type === 'instant' || type === 'local' || type === 'date') return { kind: type };
  if (type === 'integer' || type === 'decimal') {
    const kinds = new Set(sample.map((each) => (Number(each) > millisecondsFrom ? 'milliseconds' : 'seconds')));
    const [kind = 'seconds', other] = kinds;
    return other === undefined ? { kind } : undefined;
  }
  if (type !== 'text' && type !== 'char') return undefined;
  const separators = new Set(sample.map((each) => each.trim().match(textual)?.[1]));
  const [separator = '-', other] = separators;
  if (separators.has(undefined) || other !== undefined)
    return sample.length === 0 ? { kind: 'text', separator, daily: false } : undefined;
  return { kind: 'text', separator, daily: sample.every((each) => each.trim().length <= 10) };
}

/** Whether a column says no more than the day. */
export function isDaily(form: TimeForm): boolean {
  return form.kind === 'date' || (form.kind === 'text' && form.daily);
}

/** Whether rows can be asked for by the second. */
export function isFine(form: TimeForm): boolean {
  return form.kind !== 'date' && form.kind !== 'text';
}
