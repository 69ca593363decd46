import { ledgerNames, ledgerTypes } from '../evidence/filed/ledger-types.ts';
import { joined, type Text, verbatim } from '../text.ts';
import type { AssessedFinding } from './assessment.ts';
import type { Profile } from './profile.ts';

type Names = (id: string) => Text | undefined;

/**
 * What a finding's subject is called: a ledger by its type; a paper or a fact by the profile, a paper that the profile does not
 * know by the unit's own title.
 */
export function namesOf(
  { papers, facts }: Pick<Profile, 'papers' | 'facts'>,
  ownTitles: ReadonlyMap<string, string>,
): (finding: Pick<AssessedFinding, 'check' | 'subject'>) => Text | undefined {
  const own: Names = (id) => {
    const title = ownTitles.get(id);
    return title === undefined ? undefined : verbatim(title);
  };
  const paper: Names = (id) => titleIn(papers, id) ?? own(id);
  const fact: Names = (id) => titleIn(facts, id);
  const ledger: Names = (id) => {
    const type = ledgerNames.find((each) => each === id);
    return type && ledgerTypes[type].title;
  };
  return ({ check, subject }) => {
    const order = check.startsWith('ledgers/')
      ? [ledger, fact]
      : check.startsWith('documents/')
        ? [paper, fact]
        : [fact];
    // A sum of facts is called by all of them.
    const parts = subject.split(' + ').map((id) => order.flatMap((names) => names(id) ?? [])[0]);
    return parts.every((part) => part !== undefined) ? joined(parts, '＋', ' + ') : undefined;
  };
}

/** A title by id, where there is one. */
export function titleIn(titles: Readonly<Record<string, Text>>, id: string): Text | undefined {
  const title = Object.hasOwn(titles, id) ? titles[id] : undefined;
  return title && { zh: title.zh, en: title.en };
}
