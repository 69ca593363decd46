import type { Clock } from '../../evidence/host/clock.ts';
import { type CommandResult, type CommandResults, defineHostCollector, Unavailable } from '../collector.ts';

/** Which time service runs and what it says of itself: chronyc(1), ntpq(8), timedatectl(1). */
export const clock = defineHostCollector({
  id: 'host/clock',
  kind: 'clock',
  dated: true,
  ask: () => [
    {
      name: 'time-services',
      why: 'which time service runs',
      // /proc is read instead of ps: busybox prints other columns.
      script: `found=no
for comm in /proc/[0-9]*/comm; do
  read -r name < "$comm" 2>/dev/null || continue
  case $name in chronyd|ntpd|openntpd|systemd-timesyn*) echo "$name" ;; esac
  found=yes
done
echo "processes-read=$found"`,
    },
    {
      name: 'chrony',
      why: 'chrony: reference and offset',
      script: 'command -v chronyc >/dev/null && chronyc -n -c tracking',
    },
    {
      name: 'ntp',
      why: 'ntpd: reference and offset',
      script: "command -v ntpq >/dev/null && ntpq -n -c 'rv 0 leap,stratum,refid,offset'",
    },
    {
      name: 'timesync',
      why: 'systemd-timesyncd: synchronised or not',
      script:
        'command -v timedatectl >/dev/null && timedatectl show && { timedatectl timesync-status 2>/dev/null || true; }',
    },
    {
      name: 'servers',
      why: 'time servers in the configuration',
      script: `cat /etc/chrony/chrony.conf /etc/chrony.conf /etc/chrony/conf.d/*.conf /etc/chrony/sources.d/*.sources /etc/ntp.conf /etc/ntpsec/ntp.conf \\
  /etc/systemd/timesyncd.conf /etc/systemd/timesyncd.conf.d/*.conf 2>/dev/null | grep -E '^[[:space:]]*(server|pool|peer|refclock|NTP=|FallbackNTP=)'; true`,
    },
  ],
  read: (results) => {
    const listing = results('time-services').stdout;
    if (!listing.includes('processes-read=yes'))
      throw new Unavailable('denied', results('time-services').stderr || '/proc');
    const services = [
      ...new Set(listing.split('\n').filter((line) => line !== '' && !line.startsWith('processes-read='))),
    ]
      .map((name) => (name.startsWith('systemd-timesyn') ? 'systemd-timesyncd' : name))
      .toSorted();
    const servers = serversIn(results('servers').stdout);
    return { services, servers, ...stateOf(services, results) };
  },
});

type State = Pick<Clock, 'synchronised' | 'reference' | 'offsetSeconds'>;

// Only a service that runs is asked: a stopped daemon's tool prints a stale or misleading state.
function stateOf(services: readonly string[], results: CommandResults): State {
  if (services.includes('chronyd')) return chronyState(wholeOutput(results('chrony')));
  if (services.includes('ntpd')) return ntpState(wholeOutput(results('ntp')));
  if (services.includes('systemd-timesyncd')) return timesyncState(wholeOutput(results('timesync')));
  return {};
}

// Of an answer that was cut the offset may be missing, or short of digits.
function wholeOutput({ status, truncated, timedOut, stdout }: CommandResult): string {
  return status === 0 && !truncated && !timedOut && stdout.endsWith('\n') ? stdout : '';
}

const leaps: readonly string[] = ['Normal', 'Insert second', 'Delete second', 'Not synchronised'];

// chronyc -c tracking: reference id, reference name, stratum, ref time, system time offset, …, leap status (14 fields).
function chronyState(csv: string): State {
  const fields = csv.trim().split(',');
  const leap = fields[13] ?? '';
  if (fields.length !== 14 || !leaps.includes(leap)) return {};
  // 7F7F0101 is chrony's "local" reference: the clock follows only itself (chrony.conf(5), local).
  return {
    synchronised: leap !== 'Not synchronised' && fields[0] !== '7F7F0101',
    ...referenceOf(fields[1] ?? ''),
    ...offsetOf(Number(fields[4])),
  };
}

// ntpq rv: leap=00, stratum=2, refid=…, offset=-0.512 (milliseconds); leap 11 and stratum 16 mean unsynchronised (RFC 5905, 7.3).
function ntpState(variables: string): State {
  const value = (name: string): string | undefined => variables.match(new RegExp(`\\b${name}=([^,\\s]+)`))?.[1];
  const stratum = Number(value('stratum'));
  if (!value('leap') || Number.isNaN(stratum)) return {};
  // 127.127.1.n and LOCAL(n) are the local clock driver: the clock follows only itself (refclock(5), driver 1).
  const alone = /^(127\.127\.1\.\d+|\.?LOCAL|LOCL)/.test(value('refid') ?? '');
  return {
    synchronised: value('leap') !== '11' && stratum < 16 && !alone,
    ...referenceOf(value('refid') ?? ''),
    ...offsetOf(Number(value('offset')) / 1000),
  };
}

function timesyncState(properties: string): State {
  const answer = properties.match(/^NTPSynchronized=(yes|no)$/m)?.[1];
  const offset = properties.match(/^ *Offset: ([+-]?)([\d.a-z ]{1,60})$/m);
  const seconds = offset ? secondsIn(offset[2] ?? '') : Number.NaN;
  return answer ? { synchronised: answer === 'yes', ...offsetOf(offset?.[1] === '-' ? -seconds : seconds) } : {};
}

const unitSeconds: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86_400 };

// A time span as systemd prints it: `1.853ms`, `1min 2.5s`.
function secondsIn(span: string): number {
  const parts = span.trim().split(/ +/);
  return parts.reduce((sum, part) => {
    const [, number, unit = ''] = part.match(/^(\d+(?:\.\d+)?)([a-z]+)$/) ?? [];
    return sum + Number(number) * (unitSeconds[unit] ?? Number.NaN);
  }, 0);
}

function referenceOf(reference: string): State {
  return reference === '' ? {} : { reference };
}

function offsetOf(offsetSeconds: number): State {
  return Number.isFinite(offsetSeconds) ? { offsetSeconds } : {};
}

function serversIn(configuration: string): string[] {
  const names = configuration.split('\n').flatMap((line) => {
    const [, key = '', rest = ''] = line.match(/^\s*(server|pool|peer|refclock|NTP=|FallbackNTP=)\s*(.*)$/) ?? [];
    const words = rest.split(/\s+/).filter((word) => word !== '');
    return key.endsWith('=') ? words : key === 'refclock' ? [words.slice(0, 2).join(' ')] : words.slice(0, 1);
  });
  return [...new Set(names)].toSorted();
}
