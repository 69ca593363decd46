import { z } from 'zod';
import { type Account, type Administration, unreadParts } from '../../src/evidence/host/administration.ts';
import { type Hosting, placeOf } from '../../src/evidence/host/hosting.ts';
import { partiesOf, partyTitles } from '../../src/evidence/host/parties.ts';
import { type Signs, sortSigns } from '../../src/evidence/host/signs.ts';
import type { Seen } from '../../src/evidence/observation.ts';
import type { Text } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import { condition, conditionMessages, conditionRemedies, unlessBinding } from '../shared/condition.ts';
import { namesIn as names } from '../shared/names.ts';

const messages = {
  ...conditionMessages,
  ownAdministration: {
    zh: '可登录账号、公钥、sudo 规则和代理程序均为申报的管理方所有：账号 {{accounts}}；代理程序 {{agents}}；登录来源 {{sources}}；运行环境：{{place}}',
    en: 'every account, key, sudo rule and agent is a declared administrator’s: accounts {{accounts}}; agents {{agents}}; logins from {{sources}}; runs on: {{place}}',
  },
  outsideAdministers: {
    zh: '账号 {{account}} 由{{party}}使用，具有 {{rights}} 权限（{{entry}}）；运行环境：{{place}}',
    en: 'account {{account}} is used by {{party}} and has {{rights}} rights ({{entry}}); runs on: {{place}}',
  },
  undeclaredAdministers: {
    zh: '账号 {{account}} 未申报，却具有 {{rights}} 权限且在使用（{{entry}}），使用人属于哪一方未能证明；运行环境：{{place}}',
    en: 'account {{account}} is not declared, yet has {{rights}} rights and is in use ({{entry}}): whose it is has not been shown; runs on: {{place}}',
  },
  outsideAgent: {
    zh: '代理程序 {{agent}} 由{{party}}操作，可从外部操作本机（{{signs}}）；运行环境：{{place}}',
    en: 'agent {{agent}} is operated by {{party}}, who can act on this host through it ({{signs}}); runs on: {{place}}',
  },
  outsideWatches: {
    zh: '监控代理 {{agents}} 由本单位以外的一方操作；能否借此执行命令，本机无法证明',
    en: 'monitoring agents {{agents}} are operated by somebody else; whether they can run commands cannot be seen from here',
  },
  outsidePresent: {
    zh: '以下账号或规则属于本单位以外的一方，但未见其既能登录又有管理权限：{{names}}；其用途须另行说明',
    en: 'these accounts or rules belong to somebody else, though none was seen both to log in and to have rights: {{names}}; what they are for has to be shown',
  },
  undeclaredAccounts: {
    zh: '可登录账号未申报，不知由谁使用：{{accounts}}',
    en: 'accounts that can log in are not declared, so that nobody knows whose they are: {{accounts}}',
  },
  undeclaredKeys: { zh: '登录公钥未申报：{{keys}}', en: 'authorized keys are not declared: {{keys}}' },
  undeclaredGrants: {
    zh: 'sudo、doas 规则所指对象未申报：{{names}}',
    en: 'sudo or doas rules name somebody who is not declared: {{names}}',
  },
  undeclaredAgents: {
    zh: '代理程序未申报由谁操作：{{agents}}',
    en: 'agents whose operator is not declared: {{agents}}',
  },
  undeclaredLogins: {
    zh: '登录记录中有本机现无、亦未申报的账号：{{accounts}}',
    en: 'logins are recorded of accounts that neither exist here nor are declared: {{accounts}}',
  },
  noAdministrators: {
    zh: '平台文件未申报任何管理员，无从判断以下账号属谁：{{accounts}}',
    en: 'the platform file declares no administrator, so that nobody can tell whose these accounts are: {{accounts}}',
  },
  nobody: {
    zh: '未见任何申报的管理员可以登录本机，本机由谁管理未能证明',
    en: 'no declared administrator was seen to be able to log in: who administers this host is not shown',
  },
  unread: { zh: '以下内容未能完整读取：{{parts}}', en: 'these could not be read in full: {{parts}}' },
  directory: {
    zh: '账号还来自目录服务 {{names}}，本机无法列全其中的账号',
    en: 'accounts also come from the directory {{names}}, which cannot be listed in full from here',
  },
  keySource: {
    zh: 'SSH 服务还接受公钥文件以外的凭据：{{names}}',
    en: 'the SSH service also accepts what is in no key file: {{names}}',
  },
  container: {
    zh: '本主机是容器（{{place}}），承载它的机器由谁管理未能看到',
    en: 'this host is a container ({{place}}): who administers the machine under it cannot be seen',
  },
  placeUnknown: { zh: '没有该主机运行环境的证据', en: 'there is no evidence of where this host runs' },
  noDeclaration: { zh: '没有平台声明', en: 'there is no declaration of the platform' },
  noHost: { zh: '没有任何主机的管理权证据', en: 'there is no evidence of who administers any host' },
} as const satisfies Record<string, Text>;

type Found = Finding<keyof typeof messages>;

/** Each host is administered by the parties that may: shown by accounts, keys, sudo rules, agents and logins. */
export const check = defineCheck({
  id: 'host/hosting-party',
  title: { zh: '主机由谁管理', en: 'Who administers the hosts' },
  about: {
    zh: '把主机上可登录的账号、公钥、sudo 规则、远程控制及厂商代理程序、登录记录，与平台文件申报的管理员和代理操作方逐一比对；虚拟机或云本身不作为符合或不符合的依据。只识别已收录的代理程序。',
    en: 'Compares accounts that can log in, authorized keys, sudo rules, remote-control and vendor agents and recorded logins with the administrators and operators that the platform file declares. A virtual machine or a cloud counts neither way. Only agents in the table are recognised.',
  },
  reads: ['administration', 'facts', 'hosting', 'platform'],
  parameters: z.strictObject({
    /** The parties that may administer. */
    allow: z
      .array(z.enum(['unit', 'related']))
      .min(1)
      .meta(stricter.fewer),
    when: condition.optional(),
  }),
  messages,
  remedies: {
    ...conditionRemedies,
    outsideAdministers: {
      zh: '收回该账号的管理权限，改由获准的一方管理',
      en: 'take the account’s rights away and let a permitted party administer',
    },
    undeclaredAdministers: {
      zh: '查明使用人：属获准一方的，在 administrators 中申报；否则停用',
      en: 'find out who uses it: declare it under administrators if permitted, else disable it',
    },
    outsideAgent: {
      zh: '卸载该代理程序，或改由本单位操作其控制端',
      en: 'remove the agent, or operate its console yourselves',
    },
    undeclaredAccounts: {
      zh: '在 administrators 中申报，或停用',
      en: 'declare them under administrators, or disable them',
    },
    undeclaredKeys: {
      zh: '在 administrators 的 keys 中申报指纹，或删除公钥',
      en: 'declare the fingerprints under administrators, keys, or remove the keys',
    },
    undeclaredGrants: {
      zh: '在 administrators 中申报，或删除规则',
      en: 'declare them under administrators, or remove the rules',
    },
    undeclaredAgents: {
      zh: '在 agents 中申报由谁操作，或卸载',
      en: 'declare under agents who operates them, or remove them',
    },
    noAdministrators: {
      zh: '在 administrators 中申报全部管理员',
      en: 'declare all administrators under administrators',
    },
    unread: {
      zh: '以 root 采集，或在平台文件中允许 sudo，并安装 last 等所缺工具',
      en: 'collect as root or allow sudo in the platform file, and install what is missing, such as last',
    },
    directory: {
      zh: '提供目录服务中可登录本机的账号清单',
      en: 'show which accounts of the directory can log in here',
    },
    container: {
      zh: '在 hosts 中改为声明承载容器的机器',
      en: 'declare under hosts the machine that runs the container instead',
    },
  },

  judge({ administration, facts, hosting, platform }, { allow, when }) {
    const unbound = unlessBinding(facts, when);
    if (unbound) return [unbound];
    if (administration.length === 0) return [unproven('noHost', [], {}, 'administration')];
    const parties = partiesOf(platform.map((each) => each.value));
    return administration.flatMap((seen) => {
      const places = hosting.filter((each) => each.subject === seen.subject);
      const where = places.find((each) => each.value.container) ?? places[0];
      const host: Host = {
        seen: seen.value,
        signs: sortSigns(seen.value, parties, allow),
        where: where?.value,
        place: where ? placeOf(where.value) : { zh: '未知', en: 'unknown' },
        cites: [seen, ...(where ? [where] : []), ...platform],
        anyDeclared: parties.anyDeclared,
      };
      const found = [
        ...(platform.length === 0 ? [unproven('noDeclaration', host.cites)] : []),
        ...outsideFindings(host),
        ...undeclaredFindings(host),
        ...unseenFindings(host),
      ];
      return found.length > 0 ? found : [ownAdministration(host)];
    });
  },
});

type Host = {
  readonly seen: Administration;
  readonly signs: Signs;
  readonly where: Hosting | undefined;
  readonly place: Text;
  readonly cites: readonly [Seen<unknown>, ...Seen<unknown>[]];
  readonly anyDeclared: boolean;
};

function outsideFindings(host: Host): Found[] {
  const { signs, cites, place } = host;
  return [
    ...signs.outsideAdministrators.map(({ account, party }) =>
      unmet('outsideAdministers', cites, { ...useOf(account, host), party: partyTitles[party] }),
    ),
    ...signs.outsideAgents.map(({ agent, party }) =>
      unmet('outsideAgent', cites, { agent: agent.title, party: partyTitles[party], signs: names(agent.signs), place }),
    ),
    ...some(signs.outsideWatchers, (agents) => unproven('outsideWatches', cites, { agents })),
    ...some(signs.outsideOthers, (found) => unproven('outsidePresent', cites, { names: found })),
  ];
}

function undeclaredFindings(host: Host): Found[] {
  const { signs, cites } = host;
  const strangers = host.anyDeclared
    ? some(signs.otherStrangers, (accounts) => unproven('undeclaredAccounts', cites, { accounts }))
    : [unproven('noAdministrators', cites, { accounts: names(signs.otherStrangers) })];
  return [
    ...signs.activeStrangers.map((account) => unproven('undeclaredAdministers', cites, useOf(account, host))),
    ...strangers,
    ...some(signs.undeclaredKeys, (keys) => unproven('undeclaredKeys', cites, { keys })),
    ...some(signs.undeclaredGrants, (found) => unproven('undeclaredGrants', cites, { names: found })),
    ...some(signs.undeclaredAgents, (agents) => unproven('undeclaredAgents', cites, { agents })),
    ...some(signs.undeclaredLogins, (accounts) => unproven('undeclaredLogins', cites, { accounts })),
  ];
}

function unseenFindings({ seen, signs, where, place, cites, anyDeclared }: Host): Found[] {
  const parts = seen.unread.map((part) => unreadParts[part]);
  const list = { zh: parts.map((part) => part.zh).join('、'), en: parts.map((part) => part.en).join(', ') };
  return [
    ...(parts.length > 0 ? [unproven('unread', cites, { parts: list })] : []),
    ...some(seen.directories, (found) => unproven('directory', cites, { names: found })),
    ...some(seen.keySources, (found) => unproven('keySource', cites, { names: found })),
    ...(where ? [] : [unproven('placeUnknown', cites)]),
    ...(where?.container ? [unproven('container', cites, { place })] : []),
    ...(anyDeclared && signs.own.length === 0 ? [unproven('nobody', cites)] : []),
  ];
}

function ownAdministration({ seen, signs, cites, place }: Host): Found {
  return met('ownAdministration', cites, {
    accounts: names(signs.own.map((each) => each.name)),
    agents: names(seen.agents.map((agent) => agent.name)),
    sources: names(seen.logins.flatMap((login) => login.from ?? [])),
    place,
  });
}

const rights: Readonly<Record<Account['privileges'][number], Text>> = {
  root: { zh: 'root', en: 'root' },
  sudo: { zh: 'sudo', en: 'sudo' },
  group: { zh: '等同 root 的用户组', en: 'root-like group' },
};

function useOf({ name, privileges, keys }: Account, { seen, place }: Host) {
  const logins = seen.logins.filter((login) => login.account === name);
  const count = logins.reduce((sum, login) => sum + login.count, 0);
  const from = names(logins.flatMap((login) => login.from ?? []));
  return {
    account: name,
    rights: {
      zh: privileges.map((each) => rights[each].zh).join('、'),
      en: privileges.map((each) => rights[each].en).join(', '),
    },
    entry: {
      zh: `公钥 ${keys.length} 个，登录记录 ${count} 次，来源 ${from.zh}`,
      en: `${keys.length} keys, ${count} logins, from ${from.en}`,
    },
    place,
  };
}

function some(items: readonly string[], say: (list: Text) => Found): Found[] {
  return items.length > 0 ? [say(names(items))] : [];
}
