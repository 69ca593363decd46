/** Whether a path matches a glob(7) pattern, part by part; a pattern that ends in `/` matches all below it. */
export function matchesGlob(pattern: string, path: string): boolean {
  return globMatcher(pattern)(path);
}

/** The same with the pattern read once, for many paths. */
export function globMatcher(pattern: string): (path: string) => boolean {
  const literal = pattern.search(/[*?[\\]/);
  const prefix = literal < 0 ? pattern : pattern.slice(0, literal);
  const wanted = pattern.split('/');
  const below = wanted.at(-1) === '' && wanted.length > 1;
  if (below) wanted.pop();
  else if (literal < 0) return (path) => path === pattern;
  return (path) => {
    if (!path.startsWith(prefix)) return false;
    const given = path.split('/');
    if (below ? given.length <= wanted.length : given.length !== wanted.length) return false;
    return wanted.every((part, index) => matchesPart(part, given[index] ?? ''));
  };
}

// Two pointers instead of a regular expression: patterns come from scanned hosts and must not be able to cost more than n × m.
function matchesPart(pattern: string, text: string): boolean {
  const tokens = pattern.match(/\[!?\]?[^\]]*\]|\\.|[\s\S]/g) ?? [];
  let [at, to, star, mark] = [0, 0, -1, 0];
  while (to < text.length) {
    const token = tokens[at];
    if (token === '*') [star, mark, at] = [at, to, at + 1];
    else if (token !== undefined && matchesOne(token, text.charAt(to))) [at, to] = [at + 1, to + 1];
    else if (star >= 0) [mark, at, to] = [mark + 1, star + 1, mark + 1];
    else return false;
  }
  return tokens.slice(at).every((token) => token === '*');
}

function matchesOne(token: string, character: string): boolean {
  if (token === '?') return true;
  if (token.length === 1) return token === character;
  if (token.startsWith('\\')) return token.slice(1) === character;
  const negated = token.startsWith('[!') || token.startsWith('[^');
  const set = token.slice(negated ? 2 : 1, -1);
  return inSet(set, character) !== negated;
}

function inSet(set: string, character: string): boolean {
  for (let index = 0; index < set.length; index++) {
    if (set[index + 1] === '-' && index + 2 < set.length) {
      if (set.charAt(index) <= character && character <= set.charAt(index + 2)) return true;
      index += 2;
    } else if (set.charAt(index) === character) return true;
  }
  return false;
}
