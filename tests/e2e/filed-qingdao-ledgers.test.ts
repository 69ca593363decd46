import { describe } from 'vitest';
import { type Break, testBreaks, testCoverage } from '../support/breaks.ts';
import { inClosing } from '../support/changes.ts';
import type { Change } from '../support/example.ts';

// Each row of Qingdao's guidance that asks for a ledger, broken in a row of the ledger's file.

const platform = (from: string, to: string): Change => ({ file: 'platform.yaml', from, to });
const inLedger =
  (file: string) =>
  (from: string | RegExp, to: string): Change => ({ file: `documents/ledgers/${file}`, from, to });
const units = inLedger('using-units.csv');
const events = inLedger('events.csv');
const changes = inLedger('changes.csv');
const functions = inLedger('functions.csv');
const drills = inLedger('drills.csv');

const orders = [4, 5, 6, 7].map(
  (number) =>
    `${number},2026-0${number}-06,直连平台,,违规改造,无,无,否,否,责令限期改正,2026-0${number}-08,2026-0${number}-22,2026-0${number}-17,是,2026-0${number}-06,\r\n`,
);

const breaks: readonly Break[] = [
  {
    row: 'QD-1.4',
    by: 'a using unit is a controlled company',
    changes: [units('2025-01-06,,无控制关系', '2025-01-06,,控股子公司')],
    check: 'ledgers/units-eligible',
    outcome: 'unmet',
    says: 'relationOther',
  },
  {
    row: 'QD-3.1.1-4',
    by: 'there was a major public-opinion event',
    occasion: 'access',
    changes: [events('平台运行不稳定或故障', '重大涉税舆情')],
    check: 'ledgers/none-recorded',
    outcome: 'unmet',
    says: 'recorded',
  },
  {
    row: 'QD-3.1.2-1',
    by: 'a capability in use has run out',
    changes: [inLedger('capabilities.yaml')('有效期至: 2027-03-31', '有效期至: 2026-09-30')],
    check: 'ledgers/validity',
    outcome: 'unmet',
    says: 'ended',
  },
  {
    row: 'QD-3.1.2-2',
    by: 'a capability for carriers was granted to a shop',
    changes: [units('道路货物运输业,道路运输经营许可', '零售业,食品经营许可')],
    check: 'ledgers/grants-fit',
    outcome: 'unmet',
    says: 'unfit',
    also: ['QD-4.3-5'],
  },
  {
    row: 'QD-3.2.1',
    by: 'a using unit is rated C',
    changes: [units('2025-01-15,,无控制关系,B', '2025-01-15,,无控制关系,C')],
    check: 'ledgers/units-eligible',
    outcome: 'unmet',
    says: 'ratingOther',
    also: ['QD-4.3-5'],
  },
  {
    row: 'QD-4.3-5',
    by: 'four corrections were ordered, all of them made',
    changes: [events(/$/, orders.join('')), inClosing('events', 'entries: 3', 'entries: 7')],
    check: 'ledgers/corrections-count',
    outcome: 'unmet',
    says: 'tooMany',
  },
  {
    row: 'QD-2.1-1',
    by: 'an upgrade was not finished',
    changes: [inLedger('versions.csv')('2025-11-04,2025-11-20,', '2025-11-04,,')],
    check: 'ledgers/reported-in-time',
    outcome: 'unproven',
    says: 'open',
  },
  {
    row: 'QD-2.1-2',
    by: 'a using unit signed no agreement',
    changes: [units('M,,否,是,是,是,批发业,,2026-08-14', 'M,,否,是,否,是,批发业,,2026-08-14')],
    check: 'ledgers/units-eligible',
    outcome: 'unmet',
    says: 'answerOther',
  },
  {
    row: 'QD-2.1-5',
    by: 'a changed relation was not reported',
    changes: [changes('基础信息,2026-06-15,2026-06-17', '关联关系,2026-06-15,')],
    check: 'ledgers/reported-in-time',
    outcome: 'unproven',
    says: 'open',
    also: ['QD-2.1-1'],
  },
  {
    row: 'QD-2.1-6',
    by: 'abnormal invoicing was not reported',
    changes: [events('2026-04-20,是,2026-04-12,', '2026-04-20,是,,')],
    check: 'ledgers/reported-in-time',
    outcome: 'unproven',
    says: 'open',
  },
  {
    row: 'QD-4.2-1',
    by: 'base data was reported before it changed',
    changes: [changes('2026-06-15,2026-06-17', '2026-06-15,2026-05-17')],
    check: 'ledgers/reported-in-time',
    outcome: 'unproven',
    says: 'contradictory',
    also: ['QD-2.1-1', 'QD-2.1-5'],
  },
  {
    row: 'QD-4.2-2',
    by: 'a function went live before it was filed',
    changes: [functions('货物运输服务开票,2025-02-07,', '货物运输服务开票,2025-03-07,')],
    check: 'ledgers/reported-in-time',
    outcome: 'unmet',
    says: 'late',
  },
  {
    row: 'QD-4.2-3',
    by: 'data was submitted after the day that was set',
    changes: [inLedger('data-requests.csv')('2025-12-18,2025-12-10', '2025-12-18,2026-01-10')],
    check: 'ledgers/reported-in-time',
    outcome: 'unmet',
    says: 'late',
    also: ['QD-2.1-2'],
  },
  {
    row: 'QD-4.2-4',
    by: 'a clerk failed the check, and the service went on',
    changes: [
      inLedger('verifications.csv')('开票员,2026-06-09,不通过,2026-06-09,2026-06-16,', '开票员,2026-06-09,不通过,,,'),
    ],
    check: 'ledgers/verified',
    outcome: 'unmet',
    says: 'notSuspended',
  },
  {
    row: 'QD-4.4.1-5',
    by: 'hardly any unit used a capability',
    changes: [units(/,20\d\d-\d\d-\d\d,,\r\n/g, ',,,\r\n')],
    check: 'ledgers/units-active',
    outcome: 'unmet',
    says: 'tooFew',
    also: ['QD-4.3-5'],
  },
  {
    row: 'QD-4.4.1',
    by: 'an event was not fully corrected',
    changes: [events('2025-05-22,是', '2025-05-22,否')],
    check: 'ledgers/events',
    outcome: 'unmet',
    says: 'open',
    also: ['QD-4.3-5'],
  },
  {
    row: 'QD-4.4.1',
    by: 'an event is of no kind that the guidance names',
    changes: [events('平台运行不稳定或故障', '其他说不清的情形')],
    check: 'ledgers/events',
    outcome: 'unproven',
    says: 'unclassified',
    also: ['QD-2.1-6', 'QD-4.3-5', 'QD-A2-3'],
  },
  {
    row: 'QD-4.4.1-s',
    by: 'the service was suspended, and nobody was led elsewhere',
    occasion: 'change',
    changes: [events('提示提醒,2025-05-16', '暂停涉税服务功能,2025-05-16')],
    check: 'ledgers/reported-in-time',
    outcome: 'unproven',
    says: 'open',
  },
  {
    row: 'QD-4.4.2',
    by: 'a using unit did not fully correct what a consumer complained of',
    changes: [events('2025-10-20,是', '2025-10-20,否')],
    check: 'ledgers/events',
    outcome: 'unmet',
    says: 'open',
  },
  {
    row: 'QD-6.1',
    by: 'a unit joined after the announcement',
    occasion: 'exit',
    changes: [
      platform('# - { name: exit-announced,', '- { name: exit-announced,'),
      platform('# - { id: exit-announcement,', '- { id: exit-announcement,'),
      units('示例胶南建材有限公司,91370211MA3EXA125N,2026-01-26', '示例胶南建材有限公司,91370211MA3EXA125N,2026-08-26'),
    ],
    check: 'ledgers/no-new-units',
    outcome: 'unmet',
    says: 'joinedAfter',
  },
  {
    row: 'QD-6.2',
    by: 'a unit left before it was found unqualified',
    occasion: 'exit',
    changes: [units('2025-03-19,2026-03-06', '2025-03-19,2026-02-26')],
    check: 'ledgers/reported-in-time',
    outcome: 'unproven',
    says: 'contradictory',
    also: ['QD-2.1-1'],
  },
  {
    row: 'QD-A2-3',
    by: 'a leak of data was not reported',
    changes: [
      events('平台运行不稳定或故障,无,不良', '信息或数据泄露、篡改、违规使用,无,不良'),
      events('2025-05-22,是,2025-05-14', '2025-05-22,是,'),
    ],
    check: 'ledgers/reported-in-time',
    outcome: 'unproven',
    says: 'open',
  },
  {
    row: 'QD-5.1-2',
    by: 'no drill was held for more than a year',
    changes: [drills('2025-10-16', '2025-05-16'), drills('2026-04-16', '2025-06-16')],
    check: 'ledgers/on-schedule',
    outcome: 'unmet',
    says: 'missed',
  },
];

describe('ledgers of the Qingdao example', () => {
  testCoverage('qingdao-joint-use', ['ledger'], breaks);
  testBreaks('qingdao-joint-use', breaks);
});
