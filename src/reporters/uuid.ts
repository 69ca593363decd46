import { createHash } from 'node:crypto';

/** The namespace of every UUID that the reports carry; drawn once, at random. */
const namespace = Buffer.from('6f1d0c0e7a594e0e9a3c5b0c1f7a2d48', 'hex');

/** The UUID of a name: the same name gives the same UUID, on any machine (RFC 9562 5.5, version 5). */
export function uuidOf(...name: readonly string[]): string {
  const hash = createHash('sha1').update(namespace).update(JSON.stringify(name), 'utf8').digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
