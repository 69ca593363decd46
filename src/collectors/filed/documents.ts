import { dateIn } from '../../evidence/dates.ts';
import { type FiledDocument, unknownContent } from '../../evidence/filed/documents.ts';
import type { DeclaredDocument } from '../../platform.ts';
import { defineCollector, type Tools, Unavailable } from '../collector.ts';
import { readPaper } from './paper.ts';
import { identityEvidence, phoneEvidence } from './persons.ts';

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
  const { id, title, held, date, validFrom, validUntil, states } = item;
  const today = dateIn(now(), platform.timeZone);
  return {
    id,
    title,
    held,
    ...(date === undefined ? {} : { date }),
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validUntil === undefined ? {} : { validUntil }),
    states: {
      ...states,
      phones: states.phones.map(({ role, number }) => phoneEvidence(role, number)),
      identities: states.identities.map(({ role, number }) => identityEvidence(role, number, today)),
    },
  };
}
