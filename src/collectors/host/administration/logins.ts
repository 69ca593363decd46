import type { Instant } from '../../../evidence/dates.ts';
import type { Administration } from '../../../evidence/host/administration.ts';
import { clean } from '../output.ts';

type Login = Administration['logins'][number];

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// Lines of last(1) that record the machine, not a person.
const pseudo = new Set(['reboot', 'runlevel', 'shutdown', 'crash', 'wtmp', 'wtmp.1', 'wtmpdb', 'USER']);

/** Reads what last(1) prints in UTC: account, terminal, address, time. Consoles show 0.0.0.0 or no address. */
export function readLogins(output: string): Login[] {
  const found = new Map<string, Login>();
  for (const line of output.split('\n')) {
    const login = readLine(line);
    if (!login) continue;
    const key = `${login.account}\n${login.from ?? ''}`;
    const known = found.get(key);
    if (!known) found.set(key, login);
    else {
      known.count += 1;
      if (login.last !== undefined && (known.last === undefined || login.last > known.last)) known.last = login.last;
    }
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, login]) => login);
}

function readLine(line: string): Login | undefined {
  if (line.length > 500 || /^(read|unread):|^end$|^\s|^wtmp\S* begins/.test(line)) return undefined;
  const [account = '', terminal = '', third = ''] = line.split(/\s+/);
  if (terminal === '' || pseudo.has(account)) return undefined;
  const from = isConsole(terminal, third) ? undefined : clean(third);
  const last = timeIn(line);
  return { account: clean(account), ...(from ? { from } : {}), count: 1, ...(last ? { last } : {}) };
}

// Without an address the third column is already the day of the week or the month.
function isConsole(terminal: string, third: string): boolean {
  const day = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)$/.test(third) || months.includes(third);
  return day || ['', '0.0.0.0', '::', 'localhost'].includes(third) || third.startsWith(':') || terminal === '~';
}

function timeIn(line: string): Instant | undefined {
  const [, monthName = '', day = '', time = '', year = ''] =
    line.match(/\b([A-Z][a-z]{2}) ([ \d]\d) (\d{2}:\d{2}:\d{2}) (\d{4})\b/) ?? [];
  const month = months.indexOf(monthName) + 1;
  if (month === 0) return undefined;
  const text = `${year}-${String(month).padStart(2, '0')}-${day.trim().padStart(2, '0')}T${time}Z`;
  return Number.isNaN(Date.parse(text)) ? undefined : text;
}
