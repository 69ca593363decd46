/** Compares two versions of Debian packages as dpkg does: negative if `a` is older (deb-version(7)). */
export function compareDebian(a: string, b: string): number {
  const [left, right] = [parted(a), parted(b)];
  return left.epoch - right.epoch || inRuns(left.upstream, right.upstream) || inRuns(left.revision, right.revision);
}

function parted(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch = '0', rest = ''] = version.match(/^(?:(\d{1,9}):)?(.*)$/) ?? [];
  const dash = rest.lastIndexOf('-');
  return {
    epoch: Number(epoch),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

// Runs of other characters and of digits in turn; `~` sorts before the end, letters before all else.
function inRuns(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [runs(a), runs(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [one = '', other = ''] = [left[index], right[index]];
    const order = index % 2 === 0 ? byCharacter(one, other) : byNumber(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

function runs(text: string): string[] {
  return text.split(/(\d+)/);
}

function byCharacter(a: string, b: string): number {
  if (a === b) return 0;
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = rank(a[index]) - rank(b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function rank(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

// Numbers may be longer than a double is exact: 20240101123456789012.
function byNumber(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}

/** Compares `epoch:version-release` of two packages as rpm does: negative if `a` is older (rpm-version(7)). */
export function compareRpm(a: string, b: string): number {
  const [left, right] = [parted(a), parted(b)];
  return (
    left.epoch - right.epoch || bySegments(left.upstream, right.upstream) || bySegments(left.revision, right.revision)
  );
}

function bySegments(a: string, b: string): number {
  const [left, right] = [segments(a), segments(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = bySegment(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function segments(text: string): string[] {
  return text.match(/[A-Za-z]+|\d+|~|\^/g) ?? [];
}

// `~` is older than the end, `^` newer than the end and older than anything else; digits are newer than letters.
function bySegment(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === '~' || b === '~') return a === '~' ? -1 : 1;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  if (a === '^' || b === '^') return a === '^' ? -1 : 1;
  const digits = [/^\d/.test(a), /^\d/.test(b)];
  if (digits[0] !== digits[1]) return digits[0] ? 1 : -1;
  return digits[0] ? byNumber(a, b) : a < b ? -1 : 1;
}
