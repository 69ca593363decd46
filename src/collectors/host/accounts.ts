import { addDays, isDate, type PlainDate } from '../../evidence/dates.ts';
import { type AccountPart, type AccountState, accountParts } from '../../evidence/host/accounts.ts';
import { type CommandResult, defineHostCollector, Unavailable } from '../collector.ts';
import { clean, isComplete, linesOf, ranAsRoot } from './output.ts';

/** Age of passwords and last logins: shadow(5), login.defs(5), lastlog(8). */
export const accounts = defineHostCollector({
  id: 'host/accounts',
  kind: 'accounts',
  dated: true,
  ask: () => [
    {
      name: 'account-use',
      why: 'how old passwords are and when accounts were last used, never a hash or a person’s name',
      asRoot: true,
      // lastlog2 is what newer distributions have; where there is neither, nothing is known of logins.
      script: `export LC_ALL=C TZ=UTC0
echo "uid:$(id -u)"
awk -F: '$7 !~ /(^|\\/)(nologin|false|true|sync|halt|shutdown)[ \\t]*$/ && $1 !~ /^[+-]/ { print "account:" $1 ":" $3 ":" ($2 == "" ? "empty" : $2 ~ /^[!*]/ ? "locked" : $2 == "x" ? "shadow" : "set") }' /etc/passwd && echo listed
[ -r /etc/login.defs ] && awk '$1 == "UID_MIN" { print "minimum:" $2 }' /etc/login.defs
[ -r /etc/shadow ] && awk -F: '{ print "age:" $1 ":" ($2 == "" ? "empty" : $2 ~ /^[!*]/ ? "locked" : "set") ":" $3 ":" $5 ":" $8 }' /etc/shadow && echo aged
for program in lastlog lastlog2; do
  command -v "$program" >/dev/null 2>&1 || continue
  [ "$program" = lastlog2 ] || [ -r /var/log/lastlog ] || continue
  answer=$("$program" 2>/dev/null </dev/null) || continue
  printf '%s\\n' "$answer" | awk 'NR > 1 { print "latest:" $1 ":" (/\\*\\*Never logged in\\*\\*/ ? "never" : $NF "-" $(NF - 4) "-" $(NF - 3)) }'
  echo recorded
  break
done
echo end`,
    },
  ],
  read: (results) => {
    const result = results('account-use');
    const found = isComplete(result) ? readAccounts(result.stdout) : [];
    if (found.length === 0) {
      const reason = result.timedOut ? 'timed-out' : result.truncated ? 'too-large' : 'denied';
      throw new Unavailable(reason, result.stderr || '/etc/passwd');
    }
    return { accounts: found, unread: unreadOf(result) };
  },
});

function unreadOf(result: CommandResult): AccountPart[] {
  const says = (line: string): boolean => `\n${result.stdout}`.includes(`\n${line}\n`);
  const missing: Record<AccountPart, boolean> = {
    accounts: !says('listed'),
    shadow: !ranAsRoot(result) || !says('aged'),
    'last-logins': !says('recorded'),
  };
  return (Object.keys(accountParts) as AccountPart[]).filter((part) => missing[part]);
}

// login.defs(5) of Debian, RHEL and their like.
const usualMinimum = 1000;

function readAccounts(output: string): AccountState[] {
  const [given = ''] = linesOf(output, 'minimum:');
  const minimum = /^\d{1,6}$/.test(given) ? Number(given) : usualMinimum;
  const ages = byName(linesOf(output, 'age:'));
  const logins = byName(linesOf(output, 'latest:'));
  const unique = new Map<string, AccountState>();
  for (const line of linesOf(output, 'account:')) {
    const [name = '', uid = '', state = ''] = line.split(':');
    const known = clean(name);
    if (known === '' || !/^\d{1,10}$/.test(uid) || unique.has(known)) continue;
    const [hash, ...age] = ages.get(known) ?? [];
    unique.set(known, {
      name: known,
      uid: Number(uid),
      system: Number(uid) > 0 && Number(uid) < minimum,
      password: passwordOf(state === 'shadow' ? hash : state),
      ...ageOf(age),
      ...loginOf(logins.get(known)?.[0]),
    });
  }
  return [...unique.values()];
}

function byName(lines: readonly string[]): Map<string, string[]> {
  return new Map(
    lines.map((line) => {
      const [name = '', ...rest] = line.split(':');
      return [clean(name), rest];
    }),
  );
}

function passwordOf(state: string | undefined): AccountState['password'] {
  return state === 'set' || state === 'locked' || state === 'empty' ? state : 'unknown';
}

// shadow(5): days since 1970; a maximum of 99999 days is what Debian and RHEL write for "for ever".
function ageOf([changed = '', maximum = '', expires = '']: readonly string[]): Partial<AccountState> {
  const maxDays = /^\d{1,6}$/.test(maximum) ? Number(maximum) : undefined;
  const changedOn = dayOf(changed);
  const expiresOn = dayOf(expires);
  return {
    ...(changedOn ? { passwordChanged: changedOn } : {}),
    ...(maxDays !== undefined && maxDays < 99_999 ? { maxDays } : {}),
    ...(expiresOn ? { expires: expiresOn } : {}),
  };
}

function dayOf(days: string): PlainDate | undefined {
  return /^[1-9]\d{0,5}$/.test(days) ? addDays('1970-01-01', Number(days)) : undefined;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function loginOf(text: string | undefined): Partial<AccountState> {
  if (text === 'never') return { neverLoggedIn: true };
  const [, year = '', name = '', day = ''] = text?.match(/^(\d{4})-([A-Z][a-z]{2})-(\d{1,2})$/) ?? [];
  const date = `${year}-${String(months.indexOf(name) + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(date) ? { lastLogin: date } : {};
}
