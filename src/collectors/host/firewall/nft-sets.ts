/** What the sets and maps of nftables hold, by table and name: `inet filter ops` → its elements. */
export type Sets = ReadonlyMap<string, readonly string[]>;

/** Reads the sets and maps of what `nft list ruleset` printed; elements lose their timeouts and counters. */
export function readSets(lines: readonly string[]): Sets {
  const sets = new Map<string, string[]>();
  let table = '';
  let open: { name: string; text: string } | undefined;
  for (const raw of lines) {
    const line = raw.trim();
    table = line.match(/^table (\w+ \S+) \{/)?.[1] ?? table;
    const name = line.match(/^(?:set|map) (\S+) \{/)?.[1];
    if (name !== undefined) open = { name, text: '' };
    else if (open && line === '}') {
      const elements = elementsOf(open.text);
      if (elements) sets.set(`${table} ${open.name}`, elements);
      open = undefined;
    } else if (open) open.text += ` ${line}`;
  }
  return sets;
}

// Of a list whose end was cut it is not known what else it holds.
function elementsOf(text: string): string[] | undefined {
  if (!text.includes('elements = {')) return [];
  const body = text.match(/elements = \{([^}]*)\}/)?.[1];
  return body === undefined ? undefined : itemsIn(body);
}

/** The elements of `a, b timeout 1m, "c" : accept`: what they are, and what a map makes of them. */
export function itemsIn(body: string): string[] {
  return body
    .split(',')
    .map((item) => item.trim().replace(/ (timeout|expires|counter|limit|comment)\b.*?(?= : |$)/, ''))
    .filter((item) => item !== '');
}
