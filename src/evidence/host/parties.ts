import type { Text } from '../../text.ts';
import type { PlatformDeclaration } from '../filed/platform.ts';
import type { Agent } from './administration.ts';

/** For whom somebody works: the unit, a related company, anybody else. */
export type Party = PlatformDeclaration['administrators'][number]['party'];

export const partyTitles: Readonly<Record<Party, Text>> = {
  unit: { zh: '本单位', en: 'the unit' },
  related: { zh: '关联企业', en: 'a related company' },
  vendor: { zh: '第三方服务商', en: 'a third party' },
};

// The further from the unit, the earlier: who is declared for two parties counts as the more distant one.
const distance: readonly Party[] = ['vendor', 'related', 'unit'];

/** Who is who, as the unit declares it; undefined for what is not declared. */
export type Parties = {
  readonly anyDeclared: boolean;
  account(name: string): Party | undefined;
  key(fingerprint: string): Party | undefined;
  agent(agent: Pick<Agent, 'name' | 'title'>): Party | undefined;
};

/** Reads the declarations: a key belongs to whoever lists it, in whatever account it is found. */
export function partiesOf(declarations: readonly PlatformDeclaration[]): Parties {
  const administrators = declarations.flatMap((each) => each.administrators);
  const agents = declarations.flatMap((each) => each.agents);
  return {
    anyDeclared: administrators.length > 0,
    account: (name) => mostDistant(administrators.filter((each) => each.account === name).map((each) => each.party)),
    key: (fingerprint) =>
      mostDistant(administrators.filter((each) => each.keys.includes(fingerprint)).map((each) => each.party)),
    agent: ({ name, title }) => {
      const names = [name, title.zh, title.en].map((each) => each.toLowerCase());
      const declared = agents.filter((each) => names.includes(each.name.trim().toLowerCase()));
      return mostDistant(declared.map((each) => each.operator));
    },
  };
}

function mostDistant(parties: readonly Party[]): Party | undefined {
  return distance.find((party) => parties.includes(party));
}
