import type { Protection } from '../../../evidence/database/clear-text.ts';

/** What a value's shape tells of how it is protected; undefined for anything else, clear text among it. */
export function protectionOf(value: string): Protection | undefined {
  if (value.length > 60 && /^\s*[{[<]/.test(value)) return undefined;
  if (isMasked(value)) return 'masked';
  if (isUuid(value)) return undefined;
  if (isHash(value)) return 'hash';
  if (isCiphertext(value)) return 'ciphertext';
  return undefined;
}

// 138****1234, 3702**********1234, 张*三, a***@example.com.
function isMasked(value: string): boolean {
  return value.length <= 64 && (/[*＊•●]{2,}/.test(value) || /^\p{Script=Han}[*＊]/u.test(value));
}

// RFC 9562: version and variant; without hyphens it has the length of an MD5.
function isUuid(value: string): boolean {
  return /^[0-9a-f]{12}[1-8][0-9a-f]{3}[89ab][0-9a-f]{15}$/i.test(value);
}

// MD5, SM3 or SHA in hexadecimal or base64, and crypt(5)’s.
function isHash(value: string): boolean {
  if (/^\$(?:2[abxy]|argon2\w*|[156y]|scrypt|pbkdf2\S*)\$|^\{S?(?:SHA|MD5)\d*\}/i.test(value)) return true;
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i.test(value))
    return /[a-f]/i.test(value) && /\d/.test(value);
  return (
    /^(?:[0-9A-Za-z+/]{22}==|[0-9A-Za-z+/]{27}=|[0-9A-Za-z+/]{43}=|[0-9A-Za-z+/]{86}==)$/.test(value) && isMixed(value)
  );
}

function isCiphertext(value: string): boolean {
  if (/^(?:ENC\(|\{cipher\}|vault:v\d+:|-----BEGIN PGP MESSAGE)/.test(value)) return true;
  if (/^(?:[0-9a-f]{16}){2,}$/i.test(value))
    return /[a-f]/i.test(value) && /\d/.test(value) && entropy(value.toLowerCase()) > 3.2;
  const isBase64 = value.length >= 24 && value.length % 4 === 0 && /^[0-9A-Za-z+/]+={0,2}$/.test(value);
  return isBase64 && isMixed(value) && entropy(value) > 3.8;
}

function isMixed(value: string): boolean {
  return /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
}

// Bits a character; a random text of 24 characters in base64 has about 4.4, one of 32 hexadecimal digits about 3.6.
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const each of value) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}

// About a hundred of the most common, and common ones of two characters: most people bear one of them.
const surnames = new Set(
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤',
);
const double = /^(?:欧阳|上官|司马|诸葛|司徒|东方|独孤|南宫|夏侯|皇甫|尉迟|公孙|慕容|长孙|令狐)/;

/** Whether it may be the name of a Chinese person: two to four characters, a common surname first. */
export function looksLikeName(value: string): boolean {
  const name = value.trim();
  if (!/^[\p{Script=Han}·]{2,4}$/u.test(name)) return false;
  return surnames.has(name.slice(0, 1)) || double.test(name);
}
