/** Names of forms of time that entries are often dated in. */
export const namedTimes = {
  /** `2026-05-01T10:00:00.123+08:00`, also with a blank, without fraction or zone. */
  iso8601: '%F%L',
  /** Seconds since 1970: `1777600800`. */
  'epoch-seconds': '%s',
  /** Milliseconds since 1970. */
  'epoch-milliseconds': '%Q',
  /** nginx and Apache: `01/May/2026:10:00:00 +0800`. */
  common: '%d/%b/%Y:%H:%M:%S %z',
  /** RFC 3164: `May  1 10:00:00`, without a year. */
  syslog: '%b %e %H:%M',
} as const;

/**
 * One part of a form of time: what it says, and an extended regular expression of it that every awk reads. `year`, `short` (of
 * two digits), `month`, `named` (month), `day`, `hour`, `zone`, `seconds`, `milliseconds`; `-`: nothing that is needed.
 */
export type TimeStep = readonly [says: string, expression: string];

const two = (first: string): string => `[${first}][0-9]`;
const loose = (first: string): string => `[ ${first}]?[0-9]`;
const names = '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const ten = '[0-9]'.repeat(10);
const zone = '(Z|[-+][0-9][0-9]:?[0-9][0-9])';
const year: TimeStep = ['year', '[12][0-9][0-9][0-9]'];

// strptime(3), and two of our own: %Q for milliseconds since 1970, and %L.
const percent: Readonly<Record<string, readonly TimeStep[]>> = {
  Y: [year],
  y: [['short', '[0-9][0-9]']],
  m: [['month', two('01')]],
  b: [['named', names]],
  B: [['named', `${names}[a-z]*`]],
  d: [['day', two('0-3')]],
  e: [['day', loose('0-3')]],
  H: [['hour', two('0-2')]],
  I: [['-', loose('01')]],
  M: [['-', two('0-5')]],
  S: [['-', two('0-6')]],
  f: [['-', '[0-9]+']],
  p: [['-', '[AP]M']],
  a: [['-', '[A-Z][a-z][a-z]']],
  z: [['zone', zone]],
  s: [['seconds', ten]],
  Q: [['milliseconds', `${ten}[0-9][0-9][0-9]`]],
  F: [year, ['-', '-'], ['month', two('01')], ['-', '-'], ['day', two('0-3')]],
  T: [
    ['hour', two('0-2')],
    ['-', `:${two('0-5')}:${two('0-6')}`],
  ],
  // Of ISO 8601: what may follow a date.
  L: [
    ['hour', `([T ]${two('0-2')})?`],
    ['-', `(:${two('0-5')}(:${two('0-6')})?([.,][0-9]+)? ?)?`],
    ['zone', `${zone}?`],
  ],
  '%': [['-', '%']],
};

// java.time's DateTimeFormatter and SimpleDateFormat, as logback, log4j2 and .NET write them.
const letters: readonly (readonly [RegExp, TimeStep])[] = [
  [/^([yu]{4}|[yu])(?![yu])/, year],
  [/^[yu]{2}(?![yu])/, ['short', '[0-9][0-9]']],
  [/^M{4}/, ['named', `${names}[a-z]*`]],
  [/^MMM/, ['named', names]],
  [/^MM/, ['month', two('01')]],
  [/^M/, ['month', '[01]?[0-9]']],
  [/^dd/, ['day', two('0-3')]],
  [/^d/, ['day', '[0-3]?[0-9]']],
  [/^H{1,2}/, ['hour', '[0-2]?[0-9]']],
  [/^[hKk]{1,2}/, ['-', '[0-2]?[0-9]']],
  [/^(m{1,2}|s{1,2})/, ['-', '[0-6]?[0-9]']],
  [/^(S{1,9}|f{1,9})/, ['-', '[0-9]+']],
  [/^(a|tt)/, ['-', '[AP]M']],
  [/^E{1,4}/, ['-', '[A-Z][a-z]+']],
  [/^(X{1,3}|x{1,3}|Z{1,5}|zzz)/, ['zone', zone]],
];

/** The steps of a declared form of time: a name, strptime(3), or Java's letters; undefined if it does not say a day. */
export function timeSteps(format: string): TimeStep[] | undefined {
  const form = (namedTimes as Readonly<Record<string, string>>)[format] ?? format;
  const steps = form.includes('%') ? ofPercent(form) : ofLetters(form);
  const says = new Set(steps?.map(([word]) => word));
  const dated = says.has('day') && (says.has('month') || says.has('named'));
  return steps && (dated || says.has('seconds') || says.has('milliseconds')) ? steps : undefined;
}

function ofPercent(form: string): TimeStep[] | undefined {
  const steps: TimeStep[] = [];
  for (const [, letter, text = ''] of form.matchAll(/%([a-zA-Z%])|([^%]+|%)/g)) {
    const known = letter === undefined ? [literal(text)] : percent[letter];
    if (!known || text === '%') return undefined;
    steps.push(...known);
  }
  return steps;
}

function ofLetters(form: string): TimeStep[] | undefined {
  const steps: TimeStep[] = [];
  for (let rest = form; rest !== ''; ) {
    const quoted = rest.match(/^'([^']*)'/);
    const known = letters.find(([pattern]) => pattern.test(rest));
    const taken = quoted?.[0] ?? rest.match(known?.[0] ?? /^[^A-Za-z']/)?.[0];
    if (taken === undefined) return undefined;
    steps.push(quoted ? literal(quoted[1] || "'") : (known?.[1] ?? literal(taken)));
    rest = rest.slice(taken.length);
  }
  return steps;
}

// A blank stands for one or more: syslog pads days with it. Of other characters only those that expressions use are escaped.
function literal(text: string): TimeStep {
  return [
    '-',
    text
      .replace(/[\\.*+?()[\]{}|^$/]/g, '[$&]')
      .replace(/\[([\\^])\]/g, '\\$1')
      .replace(/ +/g, ' +'),
  ];
}
