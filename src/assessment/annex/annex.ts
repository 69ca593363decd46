import type { Evidence } from '../../../checks/check.ts';
import type { Kind } from '../../evidence/kinds.ts';
import type { AssessedRequirement } from '../assessment.ts';
import type { Exhibits } from '../exhibits.ts';
import type { Profile } from '../profile.ts';
import type { Usable } from '../usable.ts';
import { administrators } from './administrators.ts';
import type { Show } from './annex-file.ts';
import type { AnnexTopic } from './annex-links.ts';
import type { AssessedAnnex } from './annex-schema.ts';
import { type Content, type Entry, filled } from './content.ts';
import { filedContent, placesIn } from './filed.ts';
import { hosts, protection } from './hosts.ts';
import { outbound, ports } from './network.ts';
import { invoices, logs, stores, volumes } from './stores.ts';

/** What is shown is made of: usable evidence, and the exhibits that were made of it. */
export type Shown = { readonly seen: Evidence<Kind>; readonly exhibits: Exhibits };

const contents: Readonly<Record<Show, (shown: Shown) => Content>> = {
  administrators: ({ seen }) => administrators(seen),
  hosts: ({ seen }) => hosts(seen),
  invoices: ({ seen }) => invoices(seen),
  logs: ({ exhibits }) => logs(exhibits.spans),
  outbound: ({ seen }) => outbound(seen),
  ports: ({ exhibits }) => ports(exhibits.map),
  protection: ({ seen }) => protection(seen),
  stores: ({ seen }) => stores(seen),
  volumes: ({ seen }) => volumes(seen),
};

/** The annex of an assessment; none where the profile arranges none. */
export function annexIn(
  { annex, facts, papers }: Pick<Profile, 'annex' | 'facts' | 'papers'>,
  requirements: readonly AssessedRequirement[],
  { seen, byId }: Pick<Usable, 'seen' | 'byId'>,
  exhibits: Exhibits,
): AssessedAnnex | undefined {
  if (!annex) return undefined;
  const rows = new Map(requirements.map((row) => [row.id, row]));
  const isSeen = (id: string): boolean => byId.get(id)?.observed !== undefined;
  const topicOf = (asked: AnnexTopic): AssessedAnnex['parts'][number]['topics'][number] => {
    const given = { seen, facts, papers, paper: annex.paper };
    const all = [filedContent(asked, given), ...asked.shows.map((show) => contents[show]({ seen, exhibits }))];
    const entries = all.flatMap((each) => each.entries);
    const tables = all.flatMap((each) => each.tables);
    const cited = asked.requirements.flatMap((id) => rows.get(id)?.findings.flatMap(({ cites }) => cites) ?? []);
    const isUnseen = entries.length === 0 && tables.length === 0 && !cited.some(isSeen);
    const { key, title } = asked;
    return {
      ...{ key, title, entries: [...placesIn(asked, given), ...entries].map(written), tables },
      requirements: [...asked.requirements],
      ...(isUnseen ? { unseen: true as const } : {}),
    };
  };
  const parts = annex.parts.map(({ title, topics }) => ({ title, topics: topics.map(topicOf) }));
  return { title: annex.title, cites: [...annex.cites], parts };
}

function written({ label, text, cites }: Entry): Entry {
  return { label: filled(label), text: filled(text), cites };
}
