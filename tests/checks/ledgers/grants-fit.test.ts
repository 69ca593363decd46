import { expect, test } from 'vitest';
import { check } from '../../../checks/ledgers/grants-fit.ts';
import { fill } from '../../../src/text.ts';
import { seen, testCheck } from '../../support/check-tester.ts';
import { declaration } from '../../support/declaration.ts';
import { type Changes, register, shortfalls } from '../../support/ledgers.ts';

const platform = [seen('platform', declaration())];

type Cells = Record<string, string>;

const unit = (changes: Cells = {}) => ({
  name: '甲公司',
  creditCode: '91370200MA3C00000X',
  joinedOn: '2024-01-01',
  leftOn: '',
  industry: '道路运输业',
  licences: '危险货物运输许可证、道路运输经营许可证',
  ...changes,
});

const capability = (changes: Cells = {}) => ({
  name: '货物运输服务发票',
  public: 'no',
  approvedOn: '2024-01-01',
  stoppedOn: '',
  trades: '道路运输业、水路运输业',
  ...changes,
});

const grant = (changes: Cells = {}) => ({
  creditCode: '91370200MA3C00000X',
  name: '甲公司',
  capability: '货物运输服务发票',
  grantedOn: '2024-02-01',
  confirmedOn: '2024-02-02',
  endedOn: '',
  ...changes,
});

type Parts = { units?: Cells[]; capabilities?: Cells[]; grants?: Cells[] };
type Differ = { units?: Changes; capabilities?: Changes; grants?: Changes };

const using = (
  { units = [unit()], capabilities = [capability()], grants = [grant()] }: Parts = {},
  differ: Differ = {},
) => ({
  platform,
  ledgers: [
    register('grants', grants, differ.grants),
    register('using-units', units, differ.units),
    register('capabilities', capabilities, differ.capabilities),
  ],
});

const fits = (trades: string, changes: Cells = {}, of: Cells = {}) =>
  using({ capabilities: [capability({ trades, ...of })], units: [unit(changes)] });

const another = { creditCode: '91370200MA3C00001X' };

testCheck(check, {}, '2026-03-15', {
  met: {
    'the industry is among the trades': { ...using(), says: 'allFit' },
    'a licence is': fits('海关监管货物运输；危险货物运输许可证'),
    'full-width signs and blanks do not matter': fits('Ｂ级保安，道路 运输业/其他', {}),
    'fit for any trade': fits('不限', { industry: '', licences: '' }),
    'fit for all trades, among others': fits('全部、运输', { industry: '零售业' }),
    'a public basic capability without trades': fits('', { industry: '', licences: '' }, { public: 'yes' }),
    'a grant that ended, to a unit that left': using({
      grants: [grant(), grant({ ...another, endedOn: '2026-03-15' })],
      units: [unit(), unit({ ...another, leftOn: '2025-01-01', industry: '零售业', licences: '' })],
    }),
    'a grant after the as-of date': using({
      grants: [grant(), grant({ ...another, grantedOn: '2026-03-16', confirmedOn: '' })],
    }),
    'written with other widths and cases': using({
      units: [unit({ creditCode: '91370200ma3c00000x' })],
      capabilities: [capability({ name: '货物运输服务发票（Ａ）' })],
      grants: [grant({ capability: '货物运输服务发票(a)', creditCode: '９１370200MA3C00000X' })],
    }),
    'confirmed by the unit': {
      parameters: { confirmed: true },
      ...using({ grants: [grant({ confirmedOn: '2026-03-15' })] }),
    },
    'a capability that was stopped stands beside it': using({
      capabilities: [
        capability({ stoppedOn: '2024-06-01', trades: '零售业' }),
        capability({ approvedOn: '2024-06-02' }),
      ],
    }),
  },
  unmet: {
    'a unit that is in no ledger': { ...using({ grants: [grant(), grant(another)] }), says: 'unitUnknown' },
    'a unit that left': { ...using({ units: [unit({ leftOn: '2026-03-15' })] }), says: 'unitNotCurrent' },
    'a unit that is yet to join': using({ units: [unit({ joinedOn: '2026-03-16' })] }),
    'a capability that is in no ledger': {
      ...using({ grants: [grant({ capability: '旅客运输服务发票' })] }),
      says: 'capabilityUnknown',
    },
    'a capability that was stopped': {
      ...using({ capabilities: [capability({ stoppedOn: '2026-03-15' })] }),
      says: 'capabilityStopped',
    },
    'another trade': { ...fits('零售业、批发业'), says: 'unfit' },
    'part of a name is no match': fits('运输'),
    'a public capability that names trades': fits('零售业', {}, { public: 'yes' }),
    'ended before it was given: still in force, and unfit': {
      ...using({ grants: [grant({ endedOn: '2024-01-31' })], units: [unit({ industry: '零售业', licences: '' })] }),
      says: ['unfit', 'datesUnclear'],
    },
    'unfit by a ledger that nobody closed': {
      ...using({ units: [unit({ industry: '零售业', licences: '无' })] }, { grants: { closing: false } }),
      says: ['unfit', 'notClosed'],
    },
  },
  unproven: {
    ...shortfalls((grants) => using({}, { grants })),
    'the units are not closed': { ...using({}, { units: { closing: false } }), says: 'notClosed' },
    'the capabilities begin late': { ...using({}, { capabilities: { from: '2024-01-01' } }), says: 'startsLate' },
    'a unit that is not in an open ledger': {
      ...using({ grants: [grant(), grant(another)] }, { units: { closing: false } }),
      says: ['unitUnknown', 'notClosed'],
    },
    'a capability that is not in a ledger that ends earlier': {
      ...using({ grants: [grant(), grant({ capability: '新能力' })] }, { capabilities: { until: '2026-02-20' } }),
      says: 'capabilityUnknown',
    },
    'for which trades is not said': { ...fits(''), says: 'tradesUnknown' },
    'a word for nothing is no trade': { ...fits('无', { licences: '无' }), says: 'tradesUnknown' },
    'nor is one whose slash parts it': fits('N/A', { licences: 'N/A' }),
    'whether it is public is unknown': fits('', {}, { public: 'unknown' }),
    'industry and licences are empty': {
      ...fits('零售业', { industry: '', licences: '无' }),
      says: 'unitTradeUnknown',
    },
    'not confirmed': {
      parameters: { confirmed: true },
      ...using({ grants: [grant({ confirmedOn: '' })] }),
      says: 'notConfirmed',
    },
    'confirmed after the as-of date': {
      parameters: { confirmed: true },
      ...using({ grants: [grant({ confirmedOn: '2026-03-16' })] }),
    },
    'yet to be given, and confirmed long ago': {
      ...using({ grants: [grant(), grant({ ...another, grantedOn: '2062-02-01' })] }),
      says: 'datesUnclear',
    },
    'given on no day': using({ grants: [grant({ grantedOn: '' })] }),
    'no grants at all': { ...using({ grants: [] }), says: 'noGrants' },
    'every grant ended': using({ grants: [grant({ endedOn: '2025-01-01' })] }),
    'no units, no grants': { ...using({ grants: [], units: [] }), says: ['noUnits', 'noGrants'] },
    'a capability twice': {
      ...using({ capabilities: [capability(), capability({ name: '货物运输服务发票 ' })] }),
      says: 'capabilitiesTwice',
    },
    'a unit twice': { ...using({ units: [unit(), unit({ industry: '零售业' })] }), says: 'unitsTwice' },
    'a unit that left before it joined': {
      ...using({ units: [unit({ leftOn: '2023-01-01' })] }),
      says: 'unitsUnclear',
    },
    'no ledger of capabilities': { platform, ledgers: using().ledgers.slice(0, 2), says: 'noLedger' },
  },
});

test('names row, unit and capability', () => {
  const evidence = using({ grants: [grant({ capability: '旅客运输服务发票' })] });
  const parameters = check.parameters.parse({});
  const [finding] = check.judge(evidence as unknown as Parameters<typeof check.judge>[0], parameters, '2026-03-15');
  const message = check.messages[finding?.says ?? ''];
  expect(finding && message && fill(message, finding.data).zh).toBe(
    '1 项授权的能力不在能力台账：第 2 行 甲公司 旅客运输服务发票',
  );
});
