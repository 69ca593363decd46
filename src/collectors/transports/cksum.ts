const polynomial = 0x04c11db7;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 0x80000000 ? (rest << 1) ^ polynomial : rest << 1;
  return rest;
});

/**
 * What `cksum` prints of bytes on standard input, `CRC LENGTH` (POSIX.1-2017, cksum). It shows what was cut or edited by mistake, no more.
 * @param bytes one character a byte
 */
export function cksum(bytes: string): string {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 1) sum = step(sum, bytes.charCodeAt(index));
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) sum = step(sum, length % 256);
  return `${~sum >>> 0} ${bytes.length}`;
}

function step(sum: number, byte: number): number {
  return (sum << 8) ^ (table[(sum >>> 24) ^ byte] ?? 0);
}
