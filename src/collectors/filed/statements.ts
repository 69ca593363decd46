import { defineCollector, Unavailable } from '../collector.ts';
import { paperLink } from './paper.ts';
import { maskedName } from './persons.ts';

/** Signed statements by the requirement they answer; of several for one requirement, the one signed last. */
export const statements = defineCollector({
  id: 'filed/statements',
  kind: 'statements',
  subjects: (platform) => [...new Set(platform.statements.map((statement) => statement.requirement))],
  collect: async (subject, { platform, signal }) => {
    const mine = platform.statements.filter((statement) => statement.requirement === subject);
    const last = mine.toSorted((a, b) => (a.signedOn < b.signedOn ? -1 : 1)).at(-1);
    if (!last) throw new Unavailable('not-declared', subject);
    const { requirement, capacity, by, signedOn, validUntil, document } = last;
    const link = await paperLink(platform, document, signal);
    const value = { requirement, capacity, by: maskedName(by), signedOn, document: link };
    return {
      value: validUntil === undefined ? value : { ...value, validUntil },
      method: `platform file: statements; SHA-256 of paper ${document}`,
    };
  },
});
