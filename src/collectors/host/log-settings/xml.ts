/** An element of a configuration file in XML; names in lower case. */
export type Element = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
};

const most = 5000;

/** Reads XML without a schema, in time linear in its length: undefined if its root is not closed, or it is no XML. */
export function readXml(text: string): Element | undefined {
  const open: Element[] = [];
  let root: Element | undefined;
  let count = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const skipped = skip(text, at);
    const end = skipped ?? text.indexOf('>', at);
    if (end < 0 || ++count > most || open.length > 50) return undefined;
    const between = text.indexOf('<', end);
    if (skipped === undefined) {
      const tag = text.slice(at + 1, end);
      const element = elementOf(tag);
      if (tag.startsWith('/')) {
        if (open.pop()?.name !== tag.slice(1).trim().toLowerCase()) return undefined;
        if (open.length === 0) return root;
      } else if (element) {
        open.at(-1)?.children.push(element);
        root ??= element;
        if (!tag.endsWith('/')) open.push(element);
        else if (open.length === 0) return root;
      }
    }
    const current = open.at(-1);
    if (current && between > end) current.text += text.slice(end + 1, between);
    at = end;
  }
  return undefined;
}

/** All elements below one, each with the names of those it stands in. */
export function below(
  element: Element,
  within: readonly string[] = [],
): { element: Element; within: readonly string[] }[] {
  return element.children.flatMap((child) => [{ element: child, within }, ...below(child, [...within, child.name])]);
}

/** What an element says under a name: its attribute, or the text of a child. */
export function valueIn({ attributes, children }: Element, name: string): string | undefined {
  return attributes.get(name) ?? children.find((child) => child.name === name)?.text.trim();
}

function skip(text: string, at: number): number | undefined {
  if (text.startsWith('<!--', at)) return after(text, '-->', at);
  if (text.startsWith('<![CDATA[', at)) return after(text, ']]>', at);
  if (text.startsWith('<?', at) || text.startsWith('<!', at)) return after(text, '>', at);
  return undefined;
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length - 1;
}

function elementOf(tag: string): Element | undefined {
  const [, name] = tag.match(/^([A-Za-z][\w:.-]{0,100})(?=[\s/]|$)/) ?? [];
  if (name === undefined) return undefined;
  const attributes = new Map<string, string>();
  for (const [, key = '', double, single] of tag
    .slice(name.length)
    .matchAll(/([\w:.-]{1,100})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)')/g))
    attributes.set(key.toLowerCase(), unescaped(double ?? single ?? ''));
  return { name: name.toLowerCase(), attributes, children: [], text: '' };
}

function unescaped(text: string): string {
  return text.replace(
    /&(lt|gt|quot|apos|amp);/g,
    (_, name: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'" })[name] ?? '&',
  );
}
