import type { RemoteLogin } from '../../../evidence/host/remote-login.ts';
import { clean, linesOf } from '../output.ts';

type Rule = {
  readonly type: string;
  readonly control: string;
  readonly module: string;
  readonly words: readonly string[];
};
type Lockout = NonNullable<RemoteLogin['lockout']>;

const deepestInclude = 8;
const mostRules = 500;

/** Modules that ask for more than the password. */
const factors =
  /^pam_(google_authenticator|oath|otp.*|totp.*|radius.*|yubico|u2f|duo|pkcs11|usb|fprintd|securid|sms.*|two.*factor.*|2fa.*)\.so$/;

/** What the PAM rules of the SSH service do besides asking for a password; undefined if there are no rules for it. */
export function readPam(output: string): Pick<RemoteLogin, 'lockout' | 'secondFactors'> | undefined {
  const files = new Map<string, Rule[]>();
  for (const line of linesOf(output, 'pam:')) {
    const [file = '', type = '', control = '', module = '', args = ''] = line.split('\t');
    const rules = files.get(file) ?? [];
    files.set(file, rules);
    rules.push({ type, control, module, words: args.split(' ').filter(Boolean) });
  }
  if (!files.has('sshd')) return undefined;
  const rules = stack(files, 'sshd', 'any', 0).slice(0, mostRules);
  const auth = rules.filter((rule) => rule.type === 'auth' && rule.control !== 'optional');
  const lockout = faillock(auth, linesOf(output, 'faillock:')) ?? tally(auth);
  const secondFactors = auth.map((rule) => rule.module).filter((module) => factors.test(module));
  return {
    ...(lockout ? { lockout } : {}),
    secondFactors: [...new Set(secondFactors.map(clean))].toSorted(),
  };
}

// pam.d(5): include and substack take the rules of one type, Debian's @include those of all.
function stack(files: ReadonlyMap<string, readonly Rule[]>, name: string, type: string, depth: number): Rule[] {
  if (depth > deepestInclude) return [];
  return (files.get(name) ?? []).slice(0, mostRules).flatMap((rule) => {
    if (type !== 'any' && rule.type !== 'any' && rule.type !== type) return [];
    if (rule.control !== 'include' && rule.control !== 'substack') return [rule];
    return stack(files, rule.module, rule.type === 'any' ? type : rule.type, depth + 1);
  });
}

// pam_faillock(8): counts only where a failure reaches `authfail`, locks only where `preauth` asks before, both with one limit; 3 by default.
function faillock(auth: readonly Rule[], settings: readonly string[]): Lockout | undefined {
  const rules = auth.filter((rule) => rule.module === 'pam_faillock.so');
  if (rules.length === 0) return undefined;
  const at = (word: string): number => auth.findIndex((rule) => rules.includes(rule) && rule.words.includes(word));
  const works = at('preauth') >= 0 && at('preauth') < at('authfail') && at('authfail') < firstOf(auth, 'pam_deny.so');
  const given = limitIn(rules.flatMap((rule) => rule.words)) ?? limitIn(settings) ?? 3;
  const isElsewhere = rules.some((rule) => rule.words.some((word) => word.startsWith('conf=')));
  return {
    module: 'pam_faillock',
    ...(works && given > 0 && !isElsewhere ? { after: given } : {}),
    root: [...rules.flatMap((rule) => rule.words), ...settings].includes('even_deny_root'),
  };
}

// pam_tally2(8), pam_tally(8): without `deny` they only count.
function tally(auth: readonly Rule[]): Lockout | undefined {
  const rules = auth.filter((rule) => /^pam_tally2?\.so$/.test(rule.module));
  const [first] = rules;
  if (!first) return undefined;
  const words = rules.flatMap((rule) => rule.words);
  const given = limitIn(words) ?? 0;
  return {
    module: first.module.replace(/\.so$/, ''),
    ...(given > 0 && auth.indexOf(first) < firstOf(auth, 'pam_unix.so') ? { after: given } : {}),
    root: words.some((word) => word.startsWith('even_deny_root')),
  };
}

function firstOf(rules: readonly Rule[], module: string): number {
  const index = rules.findIndex((rule) => rule.module === module);
  return index < 0 ? rules.length : index;
}

// Where two rules differ, the laxer one counts.
function limitIn(words: readonly string[]): number | undefined {
  const limits = words.flatMap((word) => word.match(/^deny=(\d{1,6})$/)?.[1] ?? []).map(Number);
  if (limits.length === 0) return undefined;
  return limits.includes(0) ? 0 : Math.max(...limits);
}
