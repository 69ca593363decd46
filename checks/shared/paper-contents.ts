import { addMonths, type PlainDate } from '../../src/evidence/dates.ts';
import type { FiledDocument } from '../../src/evidence/filed/documents.ts';
import type { Fact } from '../../src/evidence/filed/facts.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import { joined, type Text, type TextData } from '../../src/text.ts';
import { fieldTitle, listed, signatoryTitle, topicTitle } from './documents-words.ts';
import { factNamed } from './facts.ts';
import type { Demands } from './paper-demands.ts';
import { dayIn, excerpt, isFilled, isNone, numberIn, statedIn, wordOf } from './paper-fields.ts';
import { marks, type Signing, type Standing, signingBy, standingOf } from './paper-standings.ts';

/** What keeps a paper from being complete, by the kind of problem. */
export type Problem = {
  readonly outcome: 'unmet' | 'unproven';
  readonly says:
    | 'notEntered'
    | 'notFilled'
    | 'otherValue'
    | 'tooMuch'
    | 'noNumber'
    | 'otherSpan'
    | 'noSpan'
    | 'notBlank'
    | 'blankUnknown'
    | 'topicsMissing'
    | 'topicsUnplaced'
    | 'unsigned'
    | 'signedTwice'
    | 'signedAhead'
    | 'datedAhead';
  readonly data: TextData;
};

/** A paper, what is demanded of it, and what the demands depend on. */
export type Given = {
  readonly paper: FiledDocument;
  readonly asked: Demands;
  readonly facts: readonly Seen<Fact>[];
  readonly asOf: PlainDate;
};

/** Everything that a paper lacks of what is demanded; what was not entered is unproven, what is entered and wrong unmet. */
export function problemsIn(given: Given): Problem[] {
  return [
    ...ofFields(given),
    ...ofValues(given),
    ...ofAmounts(given),
    ...ofSpan(given),
    ...ofBlanks(given),
    ...ofTopics(given),
    ...ofSignatures(given),
    ...ofDates(given),
  ];
}

/** What is demanded, as a reader would list it. */
export function demandedItems(asked: Demands): Text {
  return listed([
    ...[...statedKeys(asked), ...(asked.blank ?? []), ...(asked.blankWhen?.fields ?? [])].map(fieldTitle),
    ...(asked.topics ?? []).map(topicTitle),
    ...(asked.signatures ?? []).map((party) => signedAndSealed(signatoryTitle(party))),
    ...(asked.seals ?? []).map((party) => sealed(signatoryTitle(party))),
    ...(asked.dated ? [fieldTitle('date')] : []),
  ]);
}

function statedKeys({ fields = [], values = {}, atMost = {}, span }: Demands): string[] {
  const ofPeriod = span ? [span.field, span.from, span.until] : [];
  return [...new Set([...fields, ...Object.keys(values), ...Object.keys(atMost), ...ofPeriod])];
}

// One problem for all that share it; none if nothing does.
function unmetFor(says: Problem['says'], items: readonly Text[]): Problem[] {
  return items.length === 0 ? [] : [{ outcome: 'unmet', says, data: { items: listed(items) } }];
}

function unprovenFor(says: Problem['says'], items: readonly Text[], data: TextData = {}): Problem[] {
  return items.length === 0 ? [] : [{ outcome: 'unproven', says, data: { items: listed(items), ...data } }];
}

function ofFields({ paper, asked }: Given): Problem[] {
  const entries = statedKeys(asked).map((key) => ({ title: fieldTitle(key), texts: statedIn(paper, key) }));
  const missing = entries.filter(({ texts }) => texts.length === 0);
  const empty = entries.filter(({ texts }) => !texts.every(isFilled));
  return [...unprovenFor('notEntered', titles(missing)), ...unmetFor('notFilled', titles(empty))];
}

function titles(entries: readonly { readonly title: Text }[]): Text[] {
  return entries.map(({ title }) => title);
}

// What stands there; a placeholder is a problem of its own.
function filledIn({ paper }: Given, key: string): string[] {
  return statedIn(paper, key).filter(isFilled);
}

function ofValues(given: Given): Problem[] {
  return Object.entries(given.asked.values ?? {}).flatMap(([key, words]) => {
    const others = filledIn(given, key).filter((text) => !words.some((each) => wordOf(each) === wordOf(text)));
    const allowed = { zh: words.join('、'), en: words.join(' or ') };
    return others.map(
      (text): Problem => ({
        outcome: 'unmet',
        says: 'otherValue',
        data: { field: fieldTitle(key), value: excerpt(text), allowed },
      }),
    );
  });
}

function ofAmounts(given: Given): Problem[] {
  return Object.entries(given.asked.atMost ?? {}).flatMap(([key, limit]) =>
    filledIn(given, key).flatMap((text): Problem[] => {
      const data = { field: fieldTitle(key), value: excerpt(text), limit };
      const number = numberIn(text);
      if (number === undefined) return [{ outcome: 'unproven', says: 'noNumber', data }];
      return number > limit ? [{ outcome: 'unmet', says: 'tooMuch', data }] : [];
    }),
  );
}

// The last day counts: a year from 1 January ends on 31 December, and the next 1 January is its end as well as a day more.
function ofSpan(given: Given): Problem[] {
  const { span } = given.asked;
  if (!span) return [];
  const words = filledIn(given, span.field);
  const [from, until] = [span.from, span.until].map((key) => filledIn(given, key).map(dayIn));
  const [first, others] = [from?.[0], from?.slice(1)];
  const [last, more] = [until?.[0], until?.slice(1)];
  // A field that is not entered, or blank, is a problem of its own.
  if (words.length === 0 || from?.length === 0 || until?.length === 0) return [];
  const isShort = words.every((word) => span.short.includes(wordOf(word)));
  const isLong = words.every((word) => span.long.includes(wordOf(word)));
  const data = { field: fieldTitle(span.field), value: excerpt(words.join(' / ')) };
  if (!first || !last || others?.length || more?.length || isShort === isLong)
    return [{ outcome: 'unproven', says: 'noSpan', data }];
  const limit = addMonths(first, span.months);
  const fits = first <= last && (isShort ? last <= limit : last >= limit);
  return fits ? [] : [{ outcome: 'unmet', says: 'otherSpan', data: { ...data, from: first, until: last } }];
}

function ofBlanks(given: Given): Problem[] {
  const { blank = [], blankWhen } = given.asked;
  const always = unmetFor('notBlank', notBlank(given, blank));
  const items = notBlank(given, blankWhen?.fields ?? []);
  if (!blankWhen || items.length === 0) return always;
  const found = factNamed(given.facts, blankWhen.fact);
  const value = 'one' in found ? found.one.value.value : undefined;
  if (value?.type !== 'text') return [...always, ...unprovenFor('blankUnknown', items, { fact: blankWhen.fact })];
  const isBound = blankWhen.in.some((each) => wordOf(each) === wordOf(value.text));
  return [...always, ...(isBound ? unmetFor('notBlank', items) : [])];
}

function notBlank(given: Given, keys: readonly string[]): Text[] {
  return keys.filter((key) => filledIn(given, key).some((text) => !isNone(text))).map(fieldTitle);
}

function ofTopics({ paper, asked }: Given): Problem[] {
  const places = paper.states.topics ?? {};
  const topics = asked.topics ?? [];
  if (Object.keys(places).length === 0) return unprovenFor('notEntered', topics.map(topicTitle));
  const standings = topics.map((key) => ({
    title: topicTitle(key),
    standing: standingOf(Object.hasOwn(places, key) ? places[key] : undefined),
  }));
  const those = (standing: Standing): Text[] => titles(standings.filter((each) => each.standing === standing));
  return [...unmetFor('topicsMissing', those('missing')), ...unprovenFor('topicsUnplaced', those('unplaced'))];
}

function ofSignatures({ paper, asked, asOf }: Given): Problem[] {
  const signings = [
    ...(asked.signatures ?? []).map((party) => signingBy(party, marks, paper, asOf)),
    ...(asked.seals ?? []).map((party) => signingBy(party, ['sealed'], paper, asOf)),
  ];
  const parties = (which: (signing: Signing) => boolean): Text[] =>
    signings.filter(which).map(({ party }) => signatoryTitle(party));
  const absent = parties(({ isEntered }) => !isEntered).map(signedAndSealed);
  const lacking = signings.filter(({ isEntered, lacks }) => isEntered && lacks.length > 0);
  const unsigned = lacking.map(({ party, lacks }) => joined([signatoryTitle(party), listed(lacks)], '', ': '));
  const twice = parties(({ isContradictory }) => isContradictory);
  const ahead = parties(({ isAhead }) => isAhead);
  return [
    ...unprovenFor('notEntered', absent),
    ...unmetFor('unsigned', unsigned),
    ...unprovenFor('signedTwice', twice),
    ...unprovenFor('signedAhead', ahead, { asOf }),
  ];
}

function ofDates({ paper: { date }, asked, asOf }: Given): Problem[] {
  if (!asked.dated) return [];
  if (date === undefined) return unprovenFor('notEntered', [fieldTitle('date')]);
  return date > asOf ? [{ outcome: 'unproven', says: 'datedAhead', data: { date, asOf } }] : [];
}

function sealed(party: Text): Text {
  return { zh: `${party.zh}公章`, en: `seal of ${party.en}` };
}

function signedAndSealed(party: Text): Text {
  return { zh: `${party.zh}签章`, en: `signature and seal of ${party.en}` };
}
