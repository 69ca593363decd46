import { PDFArray, PDFDict, type PDFDocument, type PDFObject, PDFString } from '@cantoo/pdf-lib';

type Place = { readonly name: string; readonly replace: (value: PDFString) => void };

/**
 * Numbers the ids of structure elements anew, in their own order. Chromium counts them from wherever its page happens to stand, so
 * that two prints of one report would differ in nothing else.
 */
export function renumberTags(document: PDFDocument): void {
  const places = document.context.enumerateIndirectObjects().flatMap(([, object]) => placesIn(object));
  const names = [...new Set(places.map((place) => place.name))].toSorted();
  const numbered = new Map(names.map((name, index) => [name, `node${String(index + 1).padStart(8, '0')}`]));
  for (const { name, replace } of places) replace(PDFString.of(numbered.get(name) ?? name));
}

function placesIn(object: PDFObject): Place[] {
  if (object instanceof PDFDict)
    return object.entries().flatMap(([key, value]) => placeOf(value, (changed) => object.set(key, changed)));
  if (object instanceof PDFArray)
    return object.asArray().flatMap((value, index) => placeOf(value, (changed) => object.set(index, changed)));
  return [];
}

function placeOf(value: PDFObject, replace: Place['replace']): Place[] {
  if (!(value instanceof PDFString)) return placesIn(value);
  const name = value.asString();
  return /^node\d{8}$/.test(name) ? [{ name, replace }] : [];
}
