import type { Evidence } from '../../../checks/check.ts';
import { type Administration, isUsable } from '../../evidence/host/administration.ts';
import type { Text } from '../../text.ts';
import { type Content, type Entry, foundOf, gathered, listed, rowOf, tableOf } from './content.ts';

const parties = {
  unit: { zh: '本单位管理账号（声明）', en: 'Administrators of the unit (declared)' },
  related: { zh: '关联企业管理账号（声明）', en: 'Administrators of related companies (declared)' },
  vendor: { zh: '第三方管理账号（声明）', en: 'Administrators of third parties (declared)' },
} as const satisfies Record<string, Text>;

const head: readonly Text[] = [
  { zh: '主机', en: 'Host' },
  { zh: '可登录的管理账号', en: 'Administrators that can log in' },
  { zh: '远程管理、监控代理程序', en: 'Agents for remote control or monitoring' },
];

/** Who administers the hosts: as declared, and as found on each. */
export function administrators({ platform, administration }: Evidence<'platform' | 'administration'>): Content {
  const rows = administration.map(({ id, subject, value }) =>
    rowOf([subject, accountsOf(value), agentsOf(value)], [id]),
  );
  const title = { zh: '主机管理权（实测）', en: 'Who administers the hosts (as found)' };
  const { tables } = tableOf(title, head, gathered(rows));
  return { entries: platform.flatMap(({ id, value }) => declared(id, value.administrators)), tables };
}

function declared(id: string, all: Evidence<'platform'>['platform'][number]['value']['administrators']): Entry[] {
  return Object.entries(parties).flatMap(([party, label]) => {
    const accounts = all.filter((each) => each.party === party).map(({ account }) => account);
    return accounts.length > 0 ? [{ label, text: listed(accounts), cites: [id] }] : [];
  });
}

function accountsOf({ accounts, logins, unread }: Administration): Text {
  const mighty = accounts.filter((each) => each.privileges.length > 0 && isUsable(each, logins));
  return foundOf(
    mighty.map(({ name }) => name),
    unread.length > 0,
  );
}

function agentsOf({ agents, unread }: Administration): Text {
  const isPartial = unread.some((part) => part === 'processes' || part === 'services' || part === 'paths');
  return foundOf(
    agents.map(({ title }) => title),
    isPartial,
  );
}
