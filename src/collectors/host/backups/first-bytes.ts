// By first bytes, in hexadecimal.
const encrypted: readonly RegExp[] = [
  // age: age-encryption.org/v1; `-----BEGIN AGE` and `-----BEGIN PGP MESSAGE`
  /^6167652d656e6372797074696f6e2e6f7267/,
  /^2d2d2d2d2d424547494e20(414745|504750204d455353414745)/,
  // openssl enc, also pgBackRest: `Salted__`
  /^53616c7465645f5f/,
  // OpenPGP (RFC 9580, 4.2): a session key packet of tag 1 or 3, old and new form
  /^(84|85|8c|8d)....0[2-6]/,
  /^(84|85|8c|8d)..0[2-6]/,
  /^c[13]..0[2-6]/,
  // LUKS\xba\xbe, XBCRYP of xtrabackup
  /^4c554b53babe/,
  /^584243525950/,
];

const plain: readonly RegExp[] = [
  // gzip, bzip2, xz, zstd, lz4, zip without the flag of encryption (APPNOTE 4.4.4), 7z keeps it to itself
  /^1f8b08/,
  /^425a683/,
  /^fd377a585a00/,
  /^28b52ffd/,
  /^04224d18/,
  /^504b0304....[0-9a-f][02468ace]/,
  // PGDMP, SQLite format 3, `-- ` and `/*` of dumps, XBSTCK01, a few words that SQL begins with
  /^5047444d50/,
  /^53514c69746520666f726d6174/,
  /^2d2d20/,
  /^2f2a/,
  /^58425354434b3031/,
  /^(53455420|43524541544520|494e5345525420|44524f5020|7b22|5b7b)/i,
];

/** Whether a file is encrypted, by its first bytes or, where these say nothing, by the ending of its name. */
export function stateOf(hex: string, named: boolean): 'yes' | 'no' | 'unknown' {
  // What is compressed or a plain dump is not encrypted, whatever it is called.
  if (plain.some((pattern) => pattern.test(hex))) return 'no';
  if (encrypted.some((pattern) => pattern.test(hex))) return 'yes';
  return named && /^[\da-f]{8,}$/.test(hex) && !isText(hex) ? 'yes' : 'unknown';
}

function isText(hex: string): boolean {
  return (hex.match(/../g) ?? []).every((byte) => /^(0[9ad]|[2-6][\da-f]|7[\da-e])$/.test(byte));
}
