import {
  type AddressAnswer,
  type Addresses,
  addressesIn,
  isInside,
  isTold,
  type NameView,
  noAnswers,
} from '../../src/evidence/network/addresses.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { rangeTitles } from '../../src/evidence/public-address.ts';
import { joined, type Text, verbatim } from '../../src/text.ts';

/** What one resolver says of a name, with where the scanner stood when it asked. */
export type View = NameView & { readonly zone: string };

/**
 * What all resolvers together say of a name. *Agreed*: the same addresses from each; *absent*: each says that there are none;
 * *silent*: at least one did not answer for both families; *unseen*: none was asked.
 */
export type Resolution = {
  readonly state: 'agreed' | 'absent' | 'disagree' | 'silent' | 'unseen';
  readonly views: readonly View[];
  readonly seen: readonly Seen<Addresses>[];
};

/** Puts together what was seen of a name, from all zones. */
export function resolutionOf(name: string, addresses: readonly Seen<Addresses>[]): Resolution {
  const seen = addresses.filter(({ subject, value }) => value.written === 'name' && isSameName(subject, name));
  const views = seen.flatMap(({ value, zone }) =>
    value.written === 'name' ? value.views.map((view) => ({ ...view, zone })) : [],
  );
  return { state: stateOf(views), views, seen };
}

function stateOf(views: readonly View[]): Resolution['state'] {
  if (views.length === 0) return 'unseen';
  const told = views.filter(isTold);
  const answers = new Set(told.map((view) => addressTexts(view).toSorted().join(' ')));
  if (answers.size > 1) return 'disagree';
  if (told.length < views.length) return 'silent';
  return answers.has('') ? 'absent' : 'agreed';
}

/** Whether it is told where clients outside are led: all agree, and none is a resolver inside with private addresses for those inside. */
export function isClear({ state, views }: Resolution): boolean {
  const isForInside = views.some(
    (view) => isInside(view) && addressesIn(view).some(({ range }) => range !== undefined),
  );
  return state === 'agreed' && !isForInside;
}

/** The addresses that a resolver gave, as texts. */
export function addressTexts(view: NameView): string[] {
  return addressesIn(view).map(({ address }) => address);
}

/** Each resolver with what it said: addresses with their TTL and special range, aliases on the way, or why there is none. */
export function viewsText(views: readonly View[]): Text {
  const zones = new Set(views.map(({ zone }) => zone));
  return joined(views.map((view) => viewText(view, zones.size > 1)));
}

function viewText(view: View, withZone: boolean): Text {
  const { resolver, zone, aliases, aliasesBroken, a, aaaa } = view;
  const from = withZone ? `${resolver} @ ${zone}` : resolver;
  const said = joined([...answerTexts('A', a), ...answerTexts('AAAA', aaaa)], '、', ', ');
  const way = aliases.length > 0 ? aliases.join(' → ') : '';
  const broken = aliasesBroken === undefined ? undefined : brokenTitles(aliasesBroken);
  const notes: Text[] = [
    ...(way === '' ? [] : [{ zh: `经别名 ${way}`, en: `by way of ${way}` }]),
    ...(broken ? [{ zh: `别名未能查完：${broken.zh}`, en: `aliases not followed to the end: ${broken.en}` }] : []),
  ];
  const note = joined(notes, '，', ', ');
  return notes.length === 0
    ? { zh: `${from}：${said.zh}`, en: `${from}: ${said.en}` }
    : { zh: `${from}：${said.zh}（${note.zh}）`, en: `${from}: ${said.en} (${note.en})` };
}

function answerTexts(type: 'A' | 'AAAA', answer: AddressAnswer): Text[] {
  if (!('addresses' in answer)) {
    const why = noAnswers[answer.none];
    return [{ zh: `${type} ${why.zh}`, en: `${type}: ${why.en}` }];
  }
  const texts = answer.addresses.slice(0, shown).map(({ address, ttl, range }) => {
    const notes = [verbatim(`TTL ${ttl}`), ...(range ? [rangeTitles[range]] : [])];
    const note = joined(notes, '，', ', ');
    return { zh: `${address}（${note.zh}）`, en: `${address} (${note.en})` };
  });
  const rest = answer.addresses.length - shown;
  return rest > 0 ? [...texts, { zh: `另有 ${rest} 个`, en: `${rest} more` }] : texts;
}

// A report shows this many of a family; all of them stand in the evidence.
const shown = 8;

function brokenTitles(broken: NonNullable<NameView['aliasesBroken']>): Text {
  if (broken === 'loop') return { zh: '循环', en: 'a loop' };
  if (broken === 'too-long') return { zh: '过长', en: 'too many' };
  return noAnswers[broken];
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
