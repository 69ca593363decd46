import type { Account, Administration } from './administration.ts';

/** Whether an account can become root: surely, perhaps (a rule names commands that lead to more), or not as far as is seen. */
export function rootMeans(account: Account, grants: Administration['grants']): 'yes' | 'unclear' | 'no' {
  if (account.uid === 0 || account.privileges.includes('group')) return 'yes';
  const own = grants.filter((grant) => grant.accounts?.includes(account.name));
  if (own.some((grant) => grant.anyCommand && !grant.notRoot)) return 'yes';
  return own.some((grant) => grant.openCommand) ? 'unclear' : 'no';
}
