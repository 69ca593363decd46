import { PDFArray, PDFDict, PDFDocument, PDFName, PDFString } from '@cantoo/pdf-lib';
import { expect, test } from 'vitest';
import { renumberTags } from '../../../src/reporters/pdf/tags.ts';

/** A document whose three structure elements, in this order, carry the given numbers, with a name tree in two leaves. */
async function tagged(numbers: readonly [number, number, number]): Promise<PDFDocument> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const { context } = document;
  const id = (number: number): PDFString => PDFString.of(`node${String(number).padStart(8, '0')}`);
  const elements = numbers.map((number, index) =>
    context.register(context.obj({ S: 'TD', ID: id(number), A: [{ Headers: [id(numbers[0])] }], Index: index })),
  );
  const byName = numbers
    .map((number, index) => ({ name: id(number), element: elements[index] }))
    .toSorted((a, b) => (a.name.asString() < b.name.asString() ? -1 : 1));
  const leaf = (entries: typeof byName) =>
    context.register(
      context.obj({
        Limits: [entries[0]?.name ?? id(0), entries.at(-1)?.name ?? id(0)],
        Names: entries.flatMap(({ name, element }) => (element ? [name, element] : [])),
      }),
    );
  const tree = context.register(context.obj({ Kids: [leaf(byName.slice(0, 2)), leaf(byName.slice(2))] }));
  document.catalog.set(PDFName.of('StructTreeRoot'), context.register(context.obj({ IDTree: tree })));
  renumberTags(document);
  return document;
}

test.each([[[5, 6, 7]], [[70, 6, 800]], [[9, 8, 7]]] as const)(
  'elements numbered %j come out alike',
  async (numbers) => {
    const document = await tagged(numbers);
    expect(await document.save({ useObjectStreams: false })).toEqual(
      await (await tagged([1, 2, 3])).save({ useObjectStreams: false }),
    );
  },
);

test('names lead to their elements, in order, within the limits of their leaf', async () => {
  const document = await tagged([9, 800, 7]);
  const tree = document.catalog.lookup(PDFName.of('StructTreeRoot'), PDFDict).lookup(PDFName.of('IDTree'), PDFDict);
  const kids = tree.lookup(PDFName.of('Kids'), PDFArray);
  const leaves = [0, 1].map((index) => kids.lookup(index, PDFDict));
  const names = leaves.flatMap((leaf) => leaf.lookup(PDFName.of('Names'), PDFArray).asArray());
  const pairs = [0, 2, 4].map((at) => [names[at], document.context.lookup(names[at + 1], PDFDict)] as const);
  expect(pairs.map(([name]) => name?.toString())).toEqual(['(node00000001)', '(node00000002)', '(node00000003)']);
  for (const [name, element] of pairs) expect(element.get(PDFName.of('ID'))?.toString()).toBe(name?.toString());
  expect(leaves.map((leaf) => leaf.lookup(PDFName.of('Limits'), PDFArray).toString())).toEqual([
    '[ (node00000001) (node00000002) ]',
    '[ (node00000003) (node00000003) ]',
  ]);
});
