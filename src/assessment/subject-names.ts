import { isKind, kinds } from '../evidence/kinds.ts';
import type { Observation } from '../evidence/observation.ts';
import { fill, type Text, type TextData } from '../text.ts';
import type { AssessedFinding } from './assessment.ts';
import type { Profile } from './profile.ts';
import { namesOf, titleIn } from './renewal-names.ts';
import type { Usable } from './usable.ts';

/** How reports call what findings and observations are about. */
export type SubjectNames = {
  /** Of a finding in a requirement; nothing where the subject is its own name: a host, an address. */
  readonly ofFinding: (requirement: string, finding: AssessedFinding) => { readonly name?: Text };
  readonly ofObservation: (observation: Pick<Observation, 'kind' | 'subject'>) => { readonly name?: Text };
  /** A check's data with facts and papers by their titles, for its message: an auditor knows no ids. */
  readonly inMessage: (data: TextData) => TextData;
  /** The same for a remedy, with the id behind the title, for it must be written into the platform file. */
  readonly inRemedy: (data: TextData) => TextData;
};

// Where nothing of a kind was observed, checks name the kind itself, or what it would be about.
const others: Readonly<Record<string, Text>> = {
  data: { zh: '数据存放位置', en: 'Where data is kept' },
  endpoints: { zh: '对外服务地址', en: 'Endpoints' },
  platform: { zh: '平台声明', en: 'Declaration of the platform' },
  'remote-login': { zh: '远程登录', en: 'Remote login' },
  stores: { zh: '数据库', en: 'Data stores' },
};
const thisRow: Text = { zh: '本项要求', en: 'This requirement' };
const statement: Text = { zh: '签署声明', en: 'Signed statement' };
const store: Text = { zh: '数据库 {{store}}', en: 'Data store {{store}}' };
const table: Text = { zh: '数据库 {{store}} 的表 {{table}}', en: 'Data store {{store}}, table {{table}}' };

// Placeholders that checks fill with the id of a fact or of a paper.
const idKeys: ReadonlySet<string> = new Set(['fact', 'name', 'document']);

/** Names by the profile's titles, the types of ledgers and the titles that the unit gave its own papers. */
export function subjectNames(
  profile: Pick<Profile, 'papers' | 'facts'>,
  { byId, seen }: Pick<Usable, 'byId' | 'seen'>,
): SubjectNames {
  const filed = namesOf(profile, new Map(seen.documents.map(({ value }) => [value.id, value.title])));
  const stores = new Set(seen.platform.flatMap(({ value }) => value.stores.map(({ name }) => name)));
  const ofKind = (kind: string, subject: string): Text | undefined => {
    if (kind === 'documents') return filed({ check: 'documents/', subject });
    if (kind === 'facts') return filed({ check: 'figures/', subject });
    if (kind === 'ledgers') return filed({ check: 'ledgers/', subject });
    return isKind(kind) && kinds[kind].per.endsWith('store') ? fill(store, { store: subject }) : undefined;
  };
  const ofFinding = (requirement: string, { check, subject, cites, says }: AssessedFinding): Text | undefined => {
    if (subject === requirement) return cites.length > 0 ? statement : thisRow;
    const cited = cites.flatMap((id) => byId.get(id) ?? []);
    const own = cited.find((each) => each.subject === subject);
    if (own) return ofKind(own.kind, subject);
    const inStore = cited.find((each) => subject.startsWith(`${each.subject}/`) && ofKind(each.kind, each.subject));
    if (inStore) return fill(table, { store: inStore.subject, table: subject.slice(inStore.subject.length + 1) });
    if (stores.has(subject)) return fill(store, { store: subject });
    const title = filed({ check, subject });
    // What was not observed is told of by its own subject: a host may be called `firewall` or `data`.
    if (title || says.startsWith('unobserved:')) return title;
    return isKind(subject) ? kinds[subject].title : titleIn(others, subject);
  };
  const titled = (data: TextData, said: (title: Text, id: string) => Text): TextData =>
    Object.fromEntries(
      Object.entries(data).map(([key, value]) => {
        const title =
          idKeys.has(key) && typeof value === 'string'
            ? (titleIn(profile.facts, value) ?? titleIn(profile.papers, value))
            : undefined;
        return [key, title && typeof value === 'string' ? said(title, value) : value];
      }),
    );
  return {
    ofFinding: (requirement, finding) => named(ofFinding(requirement, finding)),
    ofObservation: ({ kind, subject }) => named(ofKind(kind, subject)),
    inMessage: (data) => titled(data, (title) => title),
    inRemedy: (data) => titled(data, ({ zh, en }, id) => ({ zh: `${zh}（${id}）`, en: `${en} (${id})` })),
  };
}

function named(name: Text | undefined): { readonly name?: Text } {
  return name ? { name } : {};
}
