import type { Signer } from '../../signing/signer.ts';

/**
 * Margins of an A4 page, millimetres: GB/T 9704-2012, 5.2.1 asks 37 mm above, 28 mm at the binding edge and a type area of
 * 156 mm by 225 mm. A page that lies on its side is the same one turned, its head at the binding edge. The PDF's link targets
 * are corrected by them.
 */
export const margin = { top: 37, right: 26, bottom: 35, left: 28 } as const;
export const sideways = { top: 28, right: 37, bottom: 26, left: 35 } as const;

/** What stands on paper, and only there: page numbers in the table of contents, and the block that shows the electronic signature. */
export type Paper = {
  readonly pages?: ReadonlyMap<string, number>;
  readonly signer?: Pick<Signer, 'name' | 'at' | 'certificate' | 'stamping'> | undefined;
};
