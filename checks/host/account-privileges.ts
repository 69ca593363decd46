import { z } from 'zod';
import { accountParts } from '../../src/evidence/host/accounts.ts';
import { unreadParts } from '../../src/evidence/host/administration.ts';
import { partiesOf, partyTitles } from '../../src/evidence/host/parties.ts';
import { joined } from '../../src/text.ts';
import { defineCheck, type Finding, met, stricter, unmet, unproven } from '../check.ts';
import {
  type AccountDemand,
  accountDemands,
  faultsIn,
  type Host,
  idleAccounts,
  rootHolders,
  staleParts,
  stalePasswords,
} from '../shared/account-rights.ts';
import { messages, remedies } from '../shared/account-words.ts';
import { namesIn } from '../shared/names.ts';

/** Root means are held by few and known accounts: those of declared administrators of a permitted party. */
export const check = defineCheck({
  id: 'host/account-privileges',
  title: { zh: '账号权限最小化', en: 'Least privilege of accounts' },
  about: {
    zh: '以账号、口令状态、sudo、doas 和 polkit 规则、等同 root 的用户组和登录公钥判定谁能取得 root 权限，并与平台文件申报的管理员比对。不读取口令、公钥内容和姓名。',
    en: 'Judges by accounts, states of passwords, rules of sudo, doas and polkit, root-like groups and authorized keys who can become root, and compares them with the declared administrators. No password, key or person’s name is read.',
  },
  reads: ['accounts', 'administration', 'platform'],
  parameters: z.strictObject({
    /** The parties whose accounts may have root means. */
    administrators: z
      .array(z.enum(['unit', 'related', 'vendor']))
      .min(1)
      .meta(stricter.fewer),
    forbid: z.array(z.enum(Object.keys(accountDemands) as [AccountDemand, ...AccountDemand[]])).default([]),
    /** Days without a login after which an account has to be explained. */
    maxIdleDays: z.int().positive().meta(stricter.lower).optional(),
    /** Days after which a password must have been changed. */
    maxPasswordDays: z.int().positive().meta(stricter.lower).optional(),
  }),
  messages,
  remedies,

  judge({ accounts, administration, platform }, asked) {
    if (administration.length === 0) return [unproven('noHost', [], {}, 'administration')];
    const parties = partiesOf(platform.map((each) => each.value));
    return administration.flatMap((seen) => {
      const uses = accounts.filter((each) => each.subject === seen.subject);
      const host: Host = {
        seen: seen.value,
        uses: uses.map((each) => each.value),
        on: seen.on,
        cites: [seen, ...uses, ...platform],
      };
      const holders = rootHolders(host, parties, asked.administrators);
      const found = [
        ...holderFindings(holders, host),
        ...faultsIn(host, asked.forbid).map(({ fault, names }) => unmetOrOpen(fault, names, host)),
        ...ageFindings(host, asked),
        ...unseenFindings(host, asked),
      ];
      if (found.length > 0) return found;
      return [met('bounded', host.cites, { holders: namesIn(holders.own), others: holders.others })];
    });
  },
});

type Found = Finding<keyof typeof messages>;
type Limits = {
  readonly maxIdleDays?: number | undefined;
  readonly maxPasswordDays?: number | undefined;
  readonly forbid: readonly AccountDemand[];
};

function holderFindings(holders: ReturnType<typeof rootHolders>, { cites }: Host): Found[] {
  return [
    ...holders.outside.map(({ account, party }) =>
      unmet('outsideRoot', cites, { account: account.name, party: partyTitles[party] }),
    ),
    ...holders.outsideUnclear.map(({ account, party }) =>
      unproven('outsideUnclear', cites, { account: account.name, party: partyTitles[party] }),
    ),
    ...some(holders.undeclared, (names) => unproven('undeclared', cites, { names })),
    ...some(holders.unresolved, (names) => unproven('unresolved', cites, { names })),
  ];
}

function unmetOrOpen(fault: AccountDemand, names: readonly string[], { cites }: Host): Found {
  const data = { fault: accountDemands[fault], names: namesIn(names) };
  // Several keys may be one person’s: the host alone does not show that an account is shared.
  return fault === 'shared-accounts' ? unproven('perhapsShared', cites, data) : unmet('fault', cites, data);
}

function ageFindings(host: Host, { maxIdleDays, maxPasswordDays }: Limits): Found[] {
  const idle = maxIdleDays === undefined ? [] : idleAccounts(host, maxIdleDays);
  const stale = maxPasswordDays === undefined ? [] : stalePasswords(host, maxPasswordDays);
  return [
    ...some(idle, (names) => unproven('idle', host.cites, { names, days: maxIdleDays ?? 0 })),
    ...some(stale, (names) => unmet('stalePasswords', host.cites, { names, days: maxPasswordDays ?? 0 })),
  ];
}

// Who can use an account decides everything else: without it nothing is shown.
const needed = ['accounts', 'shadow', 'sudoers', 'ssh-settings', 'authorized-keys'] as const;

function unseenFindings({ seen, uses, cites }: Host, asked: Limits): Found[] {
  const unused = uses.flatMap((each) => staleParts(each.unread, asked)).map((part) => accountParts[part]);
  const parts = [...needed.filter((part) => seen.unread.includes(part)).map((part) => unreadParts[part]), ...unused];
  const asksUse =
    asked.maxIdleDays !== undefined || asked.maxPasswordDays !== undefined || asked.forbid.includes('system-logins');
  return [
    ...(parts.length > 0 ? [unproven('unread', cites, { parts: joined(parts, '、', ', ') })] : []),
    ...(asksUse && uses.length === 0 ? [unproven('unusedUnknown', cites)] : []),
    ...some(seen.directories, (names) => unproven('directory', cites, { names })),
    ...some(seen.keySources, (names) => unproven('keySource', cites, { names })),
  ];
}

function some(items: readonly string[], say: (list: ReturnType<typeof namesIn>) => Found): Found[] {
  return items.length > 0 ? [say(namesIn(items))] : [];
}
