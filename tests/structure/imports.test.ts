import { describe, expect, test } from 'vitest';
import { withoutComments } from './reach.ts';
import { importsOf, sourcesBelow, textOf } from './tree.ts';

/**
 * What each folder may import, besides its own files: the arrows of docs/architecture.md. A path stands for itself and all below it.
 */
const arrows: Readonly<Record<string, readonly string[]>> = {
  checks: ['src/evidence', 'src/text.ts', 'zod'],
  'src/evidence': ['src/text.ts', 'zod', 'big.js', 'ipaddr.js'],
  'src/bundle': [
    'src/evidence',
    'src/errors.ts',
    'src/occasion.ts',
    'src/canonical-json.ts',
    'src/text.ts',
    'node:',
    'zod',
    'yazl',
    'yauzl',
  ],
  'src/collectors': [
    'src/evidence',
    'src/errors.ts',
    'src/gate.ts',
    'src/platform.ts',
    'src/platform-declaration.ts',
    'src/platform-log-stores.ts',
    'src/platform-object-stores.ts',
    'src/platform-stores.ts',
    'src/secrets.ts',
    'src/text.ts',
    'src/yaml-syntax.ts',
    'node:',
    'zod',
    'bson',
    'csv-parse',
    'fast-xml-parser',
    'ipaddr.js',
    'mysql2',
    'pg',
    'saxes',
    'ssh2',
    'yaml',
    'yauzl',
  ],
  'src/assessment': [
    'checks',
    'src/evidence',
    'src/errors.ts',
    'src/occasion.ts',
    'src/canonical-json.ts',
    'src/package-root.ts',
    'src/text.ts',
    'src/yaml.ts',
    'node:crypto',
    'node:fs',
    'node:path',
    'zod',
  ],
  'src/reporters': [
    'src/assessment',
    'src/evidence',
    'src/signing',
    'src/errors.ts',
    'src/gate.ts',
    'src/occasion.ts',
    'src/package-root.ts',
    'src/text.ts',
    'checks/check.ts',
    'node:',
    'zod',
    'handlebars',
    'ical-generator',
    'puppeteer-core',
    'write-excel-file',
    '@cantoo/pdf-lib',
  ],
  'src/signing': [
    'src/errors.ts',
    'src/text.ts',
    'node:crypto',
    'node:fs',
    '@cantoo/pdf-lib',
    'asn1js',
    'node-forge',
    'pkijs',
  ],
  'src/doctor': [
    'src/assessment',
    'src/collectors',
    'src/evidence',
    'src/reporters',
    'src/errors.ts',
    'src/gate.ts',
    'src/occasion.ts',
    'src/package-root.ts',
    'src/platform.ts',
    'src/platform-declaration.ts',
    'src/platform-log-stores.ts',
    'src/platform-object-stores.ts',
    'src/platform-stores.ts',
    'src/text.ts',
    'node:fs',
    'node:path',
    'node:timers',
    'node:util',
    'zod',
  ],
  'src/starter': [
    'src/assessment',
    'src/evidence',
    'src/occasion.ts',
    'src/package-root.ts',
    'src/text.ts',
    'node:fs',
    'node:path',
  ],
  'src/commands': ['src', 'node:fs', 'node:path', 'node:readline', 'commander', 'zod'],
};

describe.each(Object.keys(arrows))('%s', (folder) => {
  test.each(sourcesBelow(folder))('%s imports only what it may', (path) => {
    const allowed = [folder, ...(arrows[folder] ?? [])];
    const strangers = importsOf(path).filter(
      (target) => !allowed.some((each) => target === each || target.startsWith(each.endsWith(':') ? each : `${each}/`)),
    );
    expect(strangers, `${path} may import: ${allowed.join(', ')}`).toEqual([]);
  });
});

const everything = [...sourcesBelow('src'), ...sourcesBelow('checks')];

/** Where a capability may be used; everywhere else it is a way around the clock or the exit status. Sockets: reach.test.ts. */
const fences: readonly { what: string; pattern: RegExp; only: readonly string[] }[] = [
  { what: 'process.exit', pattern: /\bprocess\.exit\(/, only: ['src/cli.ts'] },
  { what: 'the clock', pattern: /\bDate\.now\b|\bnew Date\(\)/, only: ['src/cli.ts'] },
  { what: 'chance', pattern: /\bMath\.random\b/, only: [] },
  { what: 'any', pattern: /:\s*any\b(?! ===)|\bas any\b|<any>/, only: [] },
];

describe.each(fences)('$what', ({ pattern, only }) => {
  test(`is used only in ${only.join(', ') || 'no file'}`, () => {
    const users = everything.filter((path) => pattern.test(withoutComments(textOf(path))));
    expect(users.filter((path) => !only.some((each) => path.startsWith(each)))).toEqual([]);
  });
});

describe('checks', () => {
  const files = sourcesBelow('checks').filter((path) => path !== 'checks/check.ts' && path !== 'checks/index.ts');

  test.each(files)('%s touches nothing outside its evidence', (path) => {
    expect(withoutComments(textOf(path))).not.toMatch(/'node:|\bDate\b|\bprocess\b|\bBuffer\b|\bIntl\b|toLocale/);
  });

  test.each(files)('%s knows no document and no province', (path) => {
    expect(textOf(path)).not.toMatch(/\b(QD|HB|XM|AG|AP|SU|NS)-\d|青岛|厦门|湖北/);
  });
});

test('no source file is longer than 300 lines', () => {
  const long = everything
    .map((path) => ({ path, lines: textOf(path).split('\n').length - 1 }))
    .filter(({ lines }) => lines > 300);
  expect(long).toEqual([]);
});
