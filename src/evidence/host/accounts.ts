import { z } from 'zod';
import type { Text } from '../../text.ts';
import { plainDate } from '../schemas.ts';

/** What could not be read, or not all of it; whatever is missing from it proves nothing. */
export const accountParts = {
  accounts: { zh: '账号清单', en: 'the list of accounts' },
  shadow: { zh: '口令状态和期限（/etc/shadow）', en: 'state and age of passwords (/etc/shadow)' },
  'last-logins': { zh: '各账号的最近登录（lastlog）', en: 'the last login of each account (lastlog)' },
} as const satisfies Record<string, Text>;

export type AccountPart = keyof typeof accountParts;

/** How old the passwords of a host's own accounts are, and when each was last used. No hash and no person's name is kept. */
export const accounts = {
  origin: 'host',
  per: 'host',
  title: { zh: '账号使用情况与口令期限', en: 'Use of accounts and age of passwords' },
  value: z.strictObject({
    /** Local accounts with a login shell. */
    accounts: z.array(
      z.strictObject({
        name: z.string(),
        uid: z.int().nonnegative(),
        /** Below UID_MIN of login.defs(5), and not 0: it belongs to a program, not to a person. */
        system: z.boolean(),
        password: z.enum(['set', 'locked', 'empty', 'unknown']),
        passwordChanged: plainDate.optional(),
        /** Days that a password may be used; absent: for ever, unless `shadow` is unread. */
        maxDays: z.int().nonnegative().optional(),
        expires: plainDate.optional(),
        /** UTC. Only sessions with a terminal are recorded: lastlog(8). */
        lastLogin: plainDate.optional(),
        /** It stands in the record, without a login. */
        neverLoggedIn: z.literal(true).optional(),
      }),
    ),
    unread: z.array(z.enum(Object.keys(accountParts) as [AccountPart, ...AccountPart[]])),
  }),
} as const;

export type Accounts = z.output<typeof accounts.value>;
export type AccountState = Accounts['accounts'][number];
