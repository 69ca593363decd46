import { dateIn } from '../../evidence/dates.ts';
import { type FiledDocument, unknownContent } from '../../evidence/filed/documents.ts';
import type { DeclaredDocument } from '../../platform.ts';
import { defineCollector, type Tools, Unavailable } from '../collector.ts';
import { isNobody } from './nobody.ts';
import { readPaper } from './paper.ts';
import { identityEvidence, maskedName, phoneEvidence, withoutPersons } from './persons.ts';

/** The papers that the unit declares: read once for hash and type, never kept; persons' numbers are judged and masked here. */
export const documents = defineCollector({
  id: 'filed/documents',
  kind: 'documents',
  subjects: ({ documents: { items } }) => items.map((item) => item.id),
  collect: async (subject, tools) => {
    const item = tools.platform.documents.items.find((each) => each.id === subject);
    if (!item) throw new Unavailable('not-declared', subject);
    const declared = declaredOf(item, tools);
    if (!item.held)
      return { value: { ...declared, bytes: 0, mediaType: unknownContent }, method: 'documents.items: held: false' };
    const paper = await readPaper(tools.platform, item, tools.signal);
    return { value: { ...declared, ...paper }, method: `read ${paper.file}: size, SHA-256, SM3, type by content` };
  },
});

type Declared = Omit<FiledDocument, 'bytes' | 'mediaType'>;

function declaredOf(item: DeclaredDocument, { platform, now }: Tools): Declared {
  const { id, title, held, date, validFrom, validUntil, signatures, states } = item;
  const { fields, topics, ...stated } = states;
  const today = dateIn(now(), platform.timeZone);
  return {
    id,
    title: withoutPersons(title),
    held,
    ...(date === undefined ? {} : { date }),
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validUntil === undefined ? {} : { validUntil }),
    ...(signatures === undefined ? {} : { signatures: signatures.map(signature) }),
    states: {
      ...stated,
      phones: [...states.phones, ...phonesIn(fields ?? {})].map(({ role, number }) => phoneEvidence(role, number)),
      identities: states.identities.map(({ role, number }) => identityEvidence(role, number, today)),
      ...(fields === undefined ? {} : { fields: withoutNames(fields) }),
      ...(topics === undefined ? {} : { topics: tidied(topics) }),
    },
  };
}

type Signature = NonNullable<DeclaredDocument['signatures']>[number];

function signature({ party, signed, sealed, on }: Signature): NonNullable<FiledDocument['signatures']>[number] {
  return { party, signed, sealed, ...(on === undefined ? {} : { on }) };
}

// Fields that hold the name of a natural person.
const personFields = ['contact', 'legalRepresentative', 'financeHead', 'projectHead', 'responsible', 'handler'];

// Fields that hold the telephone number of one.
const phoneFields = ['phone', 'mobile', 'telephone'];

// Several may stand in one field, with words beside them.
const numberRuns = /\+?\d[\d\s()-]{4,}\d/g;

// A number is judged wherever it was entered.
function phonesIn(fields: Readonly<Record<string, string>>): { role: string; number: string }[] {
  return phoneFields.flatMap((key) => {
    const text = Object.hasOwn(fields, key) ? (fields[key] ?? '') : '';
    const numbers = text.normalize('NFKC').match(numberRuns) ?? [];
    return numbers.flatMap(apart).map((number) => ({ role: '联系人', number }));
  });
}

// Blanks stand within a number as well as between two.
function apart(run: string): string[] {
  const parts = run.split(/\s+/);
  return parts.every((part) => part.replace(/\D/g, '').length >= 7) ? parts : [run];
}

function withoutNames(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tidied(fields)).map(([key, value]) => [key, withoutPerson(key, value)]));
}

function withoutPerson(key: string, value: string): string {
  if (isNobody(value)) return value;
  // Whose number it is stands beside it.
  if (phoneFields.includes(key)) return phoneEvidence('', value.replace(/[^\d*+() -]/g, '').trim() || value).masked;
  return personFields.includes(key) ? maskedName(value) : value;
}

function tidied(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, withoutPersons(value.normalize('NFKC').trim())]),
  );
}
