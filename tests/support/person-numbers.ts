/** Numbers from a seed: the same seed gives the same ones (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Makes numbers of persons that nobody bears on purpose, each with the right check characters, and others of their shape. */
export function createNumbers(seed: number) {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = (from: readonly string[]): string => from[below(from.length)] ?? '';
  const digits = (count: number): string => Array.from({ length: count }, () => below(10)).join('');
  const two = (value: number): string => String(value).padStart(2, '0');
  const luhn = (body: string): string =>
    body + ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'].find((last) => luhnSum(body + last) % 10 === 0);

  return {
    below,
    digits,
    identityNumber(): string {
      const body = `${pick(['370202', '350203', '420106', '110101'])}${1950 + below(55)}${two(1 + below(12))}${two(1 + below(28))}${digits(3)}`;
      const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
      const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
      return body + '10X98765432'.charAt(sum % 11);
    },
    bankCard: (): string => luhn(`${pick(['622202', '621700', '623058'])}${digits(12)}`),
    creditCode(): string {
      const organisation = digits(8);
      const weights = [3, 7, 9, 10, 5, 8, 4, 2];
      const sum = weights.reduce((total, weight, index) => total + weight * Number(organisation[index]), 0);
      const body = `91510104${organisation}${'0123456789X'.charAt((11 - (sum % 11)) % 11)}`;
      const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
      const total = [...body].reduce((all, each, index) => all + alphabet.indexOf(each) * (3 ** index % 31), 0);
      return body + alphabet.charAt((31 - (total % 31)) % 31);
    },
    mobile: (): string =>
      `${pick(['138', '139', '150', '159', '133', '186', '177', '199', '135', '151', '188', '152', '166', '173', '130', '131', '155', '156', '185', '176', '191', '147', '136', '137', '157', '158', '178', '182', '183', '187'])}${digits(8)}`,
    name: (): string =>
      `${pick([...'王李张刘陈杨黄赵吴周徐孙马朱胡'])}${pick([...'伟芳娜敏静丽强磊军洋勇艳杰娟涛'])}${pick([...'华明秀英文玉平志', ''])}`,
  };
}

export type Numbers = ReturnType<typeof createNumbers>;

function luhnSum(number: string): number {
  return [...number].toReversed().reduce((sum, each, index) => {
    const weighed = index % 2 === 0 ? Number(each) : Number(each) * 2;
    return sum + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
}
