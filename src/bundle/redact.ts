const mark = '[redacted]';

// What a secret looks like in the output of read-only commands; each pattern keeps what names it, so that the gap can be seen.
// `hint` is in every text that the pattern fits: most texts hold none, and to look for it is much cheaper.
const patterns: readonly [hint: RegExp, pattern: RegExp, replacement: string][] = [
  [
    /-----BEGIN /,
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    `-----BEGIN PRIVATE KEY----- ${mark}`,
  ],
  [
    /passw|passphrase|pwd|secret|token|(?:api|access|shared)[_-]?key|credential/i,
    /\b([\w.-]*(?:passw(?:or)?d|passwd|passphrase|pwd|secret|token|(?:api|access|shared)[_-]?key|credential)[\w.-]*["']?\s*[:=]\s*)("[^"\n]*"|'[^'\n]*'|[^\s,;'"]+)/gi,
    `$1${mark}`,
  ],
  [/authorization/i, /\b(authorization["']?\s*[:=]\s*["']?\w+\s+)[^\s"']+/gi, `$1${mark}`],
  // A password may hold what should be escaped in it: it ends at the last `@`. Where that stands in a path instead, too much is hidden.
  [/:\/\//, /\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@]{0,200}:)[^\s"'<>]{1,500}@/gi, `$1${mark}@`],
  [/\$/, /\$(?:1|2[aby]?|5|6|7|y|gy|argon2\w*)\$[^\s:]+/g, mark],
  [/\d{15}/, /\b[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]\b/g, mark],
  [/1[3-9]\d{9}/, /(?<!\d)1[3-9]\d{9}(?!\d)/g, mark],
];

/** Raw output without passwords, keys, tokens, password hashes, identity numbers and mobile numbers. */
export function redact(raw: string): string {
  return patterns.reduce(
    (text, [hint, pattern, replacement]) => (hint.test(text) ? text.replace(pattern, replacement) : text),
    raw,
  );
}
