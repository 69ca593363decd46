import { PDFArray, PDFDict, type PDFDocument, PDFName, type PDFObject, PDFString } from '@cantoo/pdf-lib';

type Place = { readonly name: string; readonly replace: (value: PDFString) => void };

/**
 * Numbers the ids of structure elements anew, in the order in which the elements stand in the document. Chromium counts them from
 * wherever its page happens to stand, and in the order in which it came to them, so that two prints of one report would differ in
 * nothing else.
 */
export function renumberTags(document: PDFDocument): void {
  const objects = document.context.enumerateIndirectObjects().map(([, object]) => object);
  const own = objects.flatMap((object) => (object instanceof PDFDict ? nameIn(object.get(PDFName.of('ID'))) : []));
  const places = objects.flatMap(placesIn);
  const names = [...new Set([...own, ...places.map((place) => place.name).toSorted()])];
  const numbered = new Map(names.map((name, index) => [name, `node${String(index + 1).padStart(8, '0')}`]));
  for (const { name, replace } of places) replace(PDFString.of(numbered.get(name) ?? name));
  const tags = document.catalog.lookupMaybe(PDFName.of('StructTreeRoot'), PDFDict);
  const tree = tags?.lookupMaybe(PDFName.of('IDTree'), PDFDict);
  if (tree) sortNameTree(tree);
}

function nameIn(value: PDFObject | undefined): string[] {
  return value instanceof PDFString && /^node\d{8}$/.test(value.asString()) ? [value.asString()] : [];
}

function placesIn(object: PDFObject): Place[] {
  if (object instanceof PDFDict)
    return object.entries().flatMap(([key, value]) => placeOf(value, (changed) => object.set(key, changed)));
  if (object instanceof PDFArray)
    return object.asArray().flatMap((value, index) => placeOf(value, (changed) => object.set(index, changed)));
  return [];
}

function placeOf(value: PDFObject, replace: Place['replace']): Place[] {
  const [name] = nameIn(value);
  return name === undefined ? placesIn(value) : [{ name, replace }];
}

// Readers look names up by halving: the leaves of the tree must be in order (ISO 32000-1, 7.9.6).
function sortNameTree(tree: PDFDict): void {
  const leaves = leavesOf(tree);
  const pairs = leaves.flatMap(({ names }) =>
    Array.from({ length: names.size() / 2 }, (_, index) => [names.get(index * 2), names.get(index * 2 + 1)] as const),
  );
  const sorted = pairs.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  for (const { node, names } of leaves) {
    const mine = sorted.splice(0, names.size() / 2);
    for (const [index, [name, value]] of mine.entries()) {
      names.set(index * 2, name);
      names.set(index * 2 + 1, value);
    }
    const [first, last] = [mine[0]?.[0], mine.at(-1)?.[0]];
    const limits = node.lookupMaybe(PDFName.of('Limits'), PDFArray);
    if (limits && first && last) {
      limits.set(0, first);
      limits.set(1, last);
    }
  }
}

function leavesOf(node: PDFDict): { node: PDFDict; names: PDFArray }[] {
  const names = node.lookupMaybe(PDFName.of('Names'), PDFArray);
  if (names) return [{ node, names }];
  const kids = node.lookupMaybe(PDFName.of('Kids'), PDFArray);
  return Array.from({ length: kids?.size() ?? 0 }, (_, index) => kids?.lookupMaybe(index, PDFDict)).flatMap((kid) =>
    kid ? leavesOf(kid) : [],
  );
}
