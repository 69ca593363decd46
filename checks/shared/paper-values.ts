import type { FiledDocument } from '../../src/evidence/filed/documents.ts';
import type { PlatformDeclaration } from '../../src/evidence/filed/platform.ts';
import { plainAddress } from '../../src/evidence/subjects.ts';
import type { Text } from '../../src/text.ts';
import { joined, verbatim } from '../../src/text.ts';
import { fieldTitle } from './documents-words.ts';
import { compact, dayIn, excerpt, isFilled, statedIn } from './paper-fields.ts';

/** What comparing two statements shows; *unclear* where a host name stands against an address. */
export type Likeness = 'same' | 'different' | 'unclear';

/** A value that papers and the declaration may state, and what makes two statements of it equal. */
export type Comparable<T> = {
  readonly title: Text;
  statedBy(paper: FiledDocument): readonly T[];
  /** Absent where the declaration has no such value; undefined where the unit left it out. */
  readonly declaredBy?: (platform: PlatformDeclaration) => T | undefined;
  /** Whether a statement is of the value that is asked; a test address alone is not. */
  suffices(statement: T): boolean;
  compare(one: T, other: T): Likeness;
  shown(statement: T): Text;
};

/** The texts that can be compared with the declaration. */
export const declaredTexts = ['unitName', 'creditCode', 'systemName'] as const;

const declarations: Readonly<Record<(typeof declaredTexts)[number], (platform: PlatformDeclaration) => string>> = {
  unitName: ({ unit }) => unit.name,
  creditCode: ({ unit }) => unit.creditCode,
  systemName: ({ name }) => name,
};

/** A field that only papers state. */
export function fieldValue(key: string): Comparable<string> {
  return {
    title: fieldTitle(key),
    statedBy: (paper) => statedIn(paper, key).filter(isFilled),
    suffices: () => true,
    compare: (one, other) => (plain(one) === plain(other) ? 'same' : 'different'),
    shown: (text) => verbatim(excerpt(text)),
  };
}

/** A name or code that the platform declaration states too. */
export function declaredText(key: (typeof declaredTexts)[number]): Comparable<string> {
  const declaredBy = (platform: PlatformDeclaration): string | undefined =>
    [declarations[key](platform)].filter(isFilled)[0];
  return { ...fieldValue(key), declaredBy };
}

// Width, blanks and the form of parentheses and dates are no difference.
function plain(text: string): string {
  return dayIn(text) ?? compact(text);
}

/** Addresses by environment; no `test` where a form names none, for then it may list them all together. */
type Addresses = { readonly production: readonly string[]; readonly test?: readonly string[] };

/** The addresses of the platform, as sets by environment. */
export const addresses: Comparable<Addresses> = {
  title: { zh: 'IP 地址', en: 'addresses' },
  statedBy: ({ states }) => {
    const filled = states.addresses.filter(({ address }) => isFilled(address));
    const test = addressesIn(filled, 'test');
    const production = addressesIn(filled, 'production');
    return filled.length === 0 ? [] : [{ production, ...(test.length > 0 ? { test } : {}) }];
  },
  declaredBy: ({ endpoints }) => {
    const production = addressesIn(endpoints, 'production');
    return production.length === 0 ? undefined : { production, test: addressesIn(endpoints, 'test') };
  },
  suffices: ({ production }) => production.length > 0,
  compare: (one, other) => {
    const parts = [
      one.production.length === 0 || other.production.length === 0
        ? 'same'
        : likenessOf(leftOver(one, other), leftOver(other, one)),
      one.test && other.test
        ? likenessOf(without(one.test, other.test), without(other.test, one.test))
        : ('same' as const),
    ];
    return (['different', 'unclear'] as const).find((each) => parts.includes(each)) ?? 'same';
  },
  shown: ({ production, test = [] }) =>
    together([
      ...production.map((address) => verbatim(excerpt(address))),
      ...test.map((address) => ({ zh: `${excerpt(address)}（测试）`, en: `${excerpt(address)} (test)` })),
    ]),
};

type Placed = { readonly address: string; readonly environment: 'production' | 'test' };

function addressesIn(list: readonly Placed[], environment: Placed['environment']): string[] {
  const found = list.filter((each) => each.environment === environment).map(({ address }) => spelled(address));
  return [...Map.groupBy(found, plainAddress).values()].flatMap(([first = '']) => first);
}

function spelled(address: string): string {
  return compact(address).replace(/^\[(.*)\]$/, '$1');
}

// What one states as production and the other does not; a form without test addresses may mean some of them.
function leftOver(one: Addresses, other: Addresses): readonly string[] {
  return without(one.production, [...other.production, ...(one.test ? [] : (other.test ?? []))]);
}

function without(list: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others.map(plainAddress));
  return list.filter((address) => !known.has(plainAddress(address)));
}

// A name may stand for any address that it is not next to; what is neither name nor address is just different.
function likenessOf(one: readonly string[], other: readonly string[]): Likeness {
  if (one.length === 0 && other.length === 0) return 'same';
  const isUnexplained = (strays: readonly string[], others: readonly string[]): boolean =>
    strays.some((each) => !isName(each)) && !others.some(isName);
  return isUnexplained(one, other) || isUnexplained(other, one) ? 'different' : 'unclear';
}

function isName(text: string): boolean {
  return /\p{L}/u.test(text) && !text.includes(':');
}

/** Ports with their direction: all of `must` are to be found on the other side, and none that is not in its `may`. */
type Ports = { readonly must: readonly string[]; readonly may: readonly string[] };

/** The ports of the platform by direction; a form has no place to tell those of the test environment apart. */
export const ports: Comparable<Ports> = {
  title: { zh: '端口', en: 'ports' },
  statedBy: ({ states }) => {
    const stated = portsIn(states.ports);
    return stated.length === 0 ? [] : [{ must: stated, may: stated }];
  },
  declaredBy: ({ endpoints }) => {
    const must = portsIn(endpoints.filter(({ environment }) => environment === 'production'));
    return must.length === 0 ? undefined : { must, may: portsIn(endpoints) };
  },
  suffices: () => true,
  compare: (one, other) =>
    one.must.every((port) => other.may.includes(port)) && other.must.every((port) => one.may.includes(port))
      ? 'same'
      : 'different',
  shown: ({ may }) => together(may.map(portText)),
};

type Placing = { readonly port: number; readonly direction: 'inbound' | 'outbound' };

function portsIn(list: readonly Placing[]): string[] {
  return [...new Set(list.map(({ direction, port }) => `${direction} ${port}`))].toSorted();
}

function portText(placing: string): Text {
  const [direction, port = ''] = placing.split(' ');
  return direction === 'inbound'
    ? { zh: `${port}（入站）`, en: `${port} (inbound)` }
    : { zh: `${port}（出站）`, en: `${port} (outbound)` };
}

const mostListed = 20;

function together(parts: readonly Text[]): Text {
  const more: Text[] =
    parts.length > mostListed ? [{ zh: `等 ${parts.length} 项`, en: `and others, ${parts.length} in all` }] : [];
  return joined([...parts.slice(0, mostListed), ...more], '、', ', ');
}
