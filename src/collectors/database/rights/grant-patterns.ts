/** Whether two names are the same to a server. */
export function same(one: string, other: string, isCaseless: boolean): boolean {
  return isCaseless ? one.toLowerCase() === other.toLowerCase() : one === other;
}

/** `%` is any text, `_` any character, unless a backslash stands before (mariadb.com/kb “GRANT”). Without backtracking, for patterns may be hostile. */
export function matches(pattern: string, name: string, isCaseless: boolean): boolean {
  const wanted = [...(isCaseless ? pattern.toLowerCase() : pattern).matchAll(/\\([\s\S])|([\s\S])/gu)];
  // Whether what was read of the pattern matches the first n characters.
  const characters = [...(isCaseless ? name.toLowerCase() : name)];
  let reached = [true, ...characters.map(() => false)];
  for (const [, escaped, plain] of wanted) {
    const before = reached;
    if (plain === '%') reached = before.map((_, index) => before.slice(0, index + 1).includes(true));
    else {
      const isMatch = (character: string): boolean =>
        escaped === undefined && plain === '_' ? true : character === (escaped ?? plain);
      reached = [false, ...characters.map((character, index) => before[index] === true && isMatch(character))];
    }
  }
  return reached.at(-1) === true;
}

/**
 * Whether a grant to one host part holds for who logs in by an account of another: the server compares grants on databases, tables and routines with
 * the client’s host, not with the account’s. Of a range with a mask it is assumed. A role of MariaDB has no host.
 */
export function hostsMeet(grant: string, account: string): boolean {
  if (grant === account) return true;
  if (grant === '' || account === '') return false;
  // A pattern within another is matched by it as it is written; who comes from within has the narrower account.
  return grant.includes('/') || matches(grant, account, true);
}
