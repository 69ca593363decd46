/** Words that may be an encoding of others; as many as are looked at. */
const coded = /[A-Za-z0-9+/_-]{15,}={0,2}/g;
const most = 8;

/**
 * A text, and what it is if something in it is written for machines: `\\u5f20` as PHP and Python write JSON, `%3D`, two bytes a character, base64,
 * hexadecimal. None of these protects anything. Ciphertext and hashes hardly ever decode to printable characters.
 */
export function readingsOf(text: string): string[] {
  const readings = new Set([text]);
  if (text.includes('\\u')) readings.add(text.replace(/\\u([0-9a-fA-F]{4})/g, (_, code) => characterOf(code)));
  if (text.includes('%')) readings.add(text.replace(/%([0-7][0-9a-fA-F])/g, (_, code) => characterOf(code)));
  if (text.includes('\0')) readings.add(text.replaceAll('\0', ''));
  for (const [word] of [...text.matchAll(coded)].slice(0, most)) {
    const decoded = fromHexadecimal(word) ?? fromBase64(word);
    if (decoded !== undefined) readings.add(decoded);
  }
  return [...readings];
}

function characterOf(code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16));
}

function fromHexadecimal(word: string): string | undefined {
  return /^(?:[0-9a-fA-F]{2}){11,}$/.test(word) ? printable(Buffer.from(word, 'hex')) : undefined;
}

function fromBase64(word: string): string | undefined {
  return printable(Buffer.from(word, 'base64'));
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function printable(bytes: Buffer): string | undefined {
  try {
    const text = decoder.decode(bytes);
    return /^[^\p{Cc}\p{Cn}\p{Co}]+$/u.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
