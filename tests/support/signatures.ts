import { encoded } from '../../src/signing/ber.ts';
import { childrenOf, type DerValue, readDer, tags } from '../../src/signing/der.ts';

/** A CMS signature without its unsigned attributes, which nothing in it protects; with those of another, where one is given. */
export function withoutStamps(signature: Uint8Array, instead?: Uint8Array): Buffer {
  const { type, parts, signer } = partsOf(signature);
  const kept = signer.filter(({ tag }) => tag !== tags.context1);
  const others = instead ? partsOf(instead).signer.filter(({ tag }) => tag === tags.context1) : [];
  const bytesOf = (values: readonly DerValue[]): Uint8Array[] => values.map(({ bytes }) => bytes);
  const info = encoded(tags.set, [encoded(tags.sequence, bytesOf([...kept, ...others]))]);
  const body = encoded(tags.sequence, [...bytesOf(parts.slice(0, -1)), info]);
  return encoded(tags.sequence, [...bytesOf(type), encoded(tags.context0, [body])]);
}

function partsOf(signature: Uint8Array): { type: DerValue[]; parts: DerValue[]; signer: DerValue[] } {
  const [type, content] = childrenOf(readDer(signature, 'zeros'));
  const parts = content ? childrenOf(content).flatMap(childrenOf) : [];
  const signer = parts.slice(-1).flatMap(childrenOf).flatMap(childrenOf);
  return { type: type ? [type] : [], parts, signer };
}

/** A PDF with another signature in the place of its last one. */
export function withSignature(pdf: Uint8Array, change: (signature: Buffer) => Uint8Array): Buffer {
  const text = Buffer.from(pdf).toString('latin1');
  const start = text.lastIndexOf('/Contents <') + '/Contents <'.length;
  const end = text.indexOf('>', start);
  const changed = Buffer.from(change(Buffer.from(text.slice(start, end), 'hex'))).toString('hex');
  return Buffer.from(text.slice(0, start) + changed.padEnd(end - start, '0') + text.slice(end), 'latin1');
}
