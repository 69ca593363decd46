/** Addresses that follow each other are told by the first and the last from so many on. */
const fewest = 3;

/** IPv4 addresses in their order, those that follow each other as `10.20.0.1–10.20.0.200`, then all others as they came. */
export function addressRanges(addresses: readonly string[]): { text: string; addresses: readonly string[] }[] {
  const numbers = new Map(
    addresses.flatMap((address) => numberOf(address).map((number) => [number, address] as const)),
  );
  const runs: string[][] = [];
  let before: number | undefined;
  for (const [number, address] of [...numbers].toSorted(([one], [other]) => one - other)) {
    const last = runs.at(-1);
    if (last && number - 1 === before) last.push(address);
    else runs.push([address]);
    before = number;
  }
  const known = new Set(numbers.values());
  const others = [...new Set(addresses)].filter((address) => !known.has(address));
  return [
    ...runs.flatMap((run) => (run.length < fewest ? run.map((each) => [each]) : [run])),
    ...others.map((each) => [each]),
  ].map((run) => ({ text: run.length < fewest ? run.join('') : `${run[0]}–${run.at(-1)}`, addresses: run }));
}

// Nothing for what is no plain IPv4 address: a name, IPv6, 010.0.0.1.
function numberOf(address: string): number[] {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number) ?? [];
  return parts.length === 4 && parts.every((part) => part < 256) && parts.join('.') === address
    ? [parts.reduce((sum, part) => sum * 256 + part, 0)]
    : [];
}
