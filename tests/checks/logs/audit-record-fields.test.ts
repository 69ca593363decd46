import { check } from '../../../checks/logs/audit-record-fields.ts';
import type { AuditLog, AuditRecords, RecordSample } from '../../../src/evidence/host/audit-records.ts';
import { seen, testCheck } from '../../support/check-tester.ts';

const all = ['date', 'time', 'initiator', 'type', 'description', 'result'] as const;

const sample = (value: Partial<RecordSample> = {}): RecordSample => ({
  path: '/opt/app/logs/audit.log',
  modified: '2026-03-01',
  formats: ['json'],
  records: 100,
  complete: 100,
  unread: 0,
  missing: {},
  empty: {},
  unclear: {},
  ...value,
});

const log = (value: Partial<AuditLog> = {}, ...samples: Partial<RecordSample>[]): AuditLog => ({
  path: '/opt/app/logs/audit.log',
  declared: true,
  named: [...all],
  samples: samples.length === 0 ? [sample()] : samples.map(sample),
  ...value,
});

const host = (
  logs: AuditLog[],
  unread: AuditRecords['unread'] = [],
  subject = 'app-1',
  more: Partial<AuditRecords> = {},
) => seen('auditRecords', { logs, unread, ...more }, { subject });

testCheck(check, { records: 20, unreadable: 0.01 }, '2026-03-01', {
  met: {
    'every record of three files has all': {
      auditRecords: [host([log({}, { records: 10 }, { records: 10 }, { records: 80 })])],
      says: 'complete',
    },
    'fields under their usual names, in a file whose name says what it is': {
      auditRecords: [host([log({ declared: false, named: [] })])],
    },
    'one banner among a hundred lines': { auditRecords: [host([log({}, { records: 99, unread: 1 })])] },
    'written within the days that are allowed, older files beside it': {
      auditRecords: [host([log({}, { modified: '2025-06-01' }, { modified: '2026-01-29' })])],
      parameters: { records: 20, unreadable: 0.01, within: 31 },
    },
    'another host runs no application, as is declared': {
      auditRecords: [host([log()]), host([], [], 'db-1', { application: false })],
      says: ['complete', 'noApplication'],
    },
    'a log that is not an audit log is not there': {
      auditRecords: [host([log()], [{ path: '/opt/app/debug.log', problem: 'not-found', declared: false }])],
    },
  },
  unmet: {
    'one record without a result': {
      auditRecords: [host([log({}, { complete: 99, missing: { result: 1 } })])],
      says: 'lacking',
    },
    'initiator always empty': {
      auditRecords: [host([log({}, { complete: 0, missing: { initiator: 100 }, empty: { initiator: 100 } })])],
    },
    'older files lack it, though few records were found': {
      auditRecords: [host([log({}, { records: 3 }, { records: 2, complete: 0, missing: { type: 2 } })])],
      says: ['lacking', 'tooFew'],
    },
    'one log of two': {
      auditRecords: [host([log(), log({ path: '/opt/app/login.log' }, { complete: 50, missing: { date: 50 } })])],
      says: ['complete', 'lacking'],
    },
  },
  unproven: {
    'the declared name stands in no record': {
      auditRecords: [host([log({}, { complete: 0, missing: { result: 100 } })])],
      says: 'nameNotFound',
    },
    'no usual name for the result, none declared': {
      auditRecords: [host([log({ named: ['initiator'] }, { complete: 0, missing: { result: 100 } })])],
      says: 'notRecognised',
    },
    'some records of a log that only its name calls an audit log': {
      auditRecords: [
        host([log({ declared: false }, { complete: 60, missing: { result: 40 }, empty: { result: 40 } })]),
      ],
      says: 'notRecognised',
    },
    'a date in an unknown form': {
      auditRecords: [host([log({}, { complete: 0, unclear: { date: 100 } })])],
      says: 'unclear',
    },
    'plain text without a pattern': {
      auditRecords: [host([log({ named: [] }, { formats: [], records: 0, complete: 0, unread: 100 })])],
      says: 'unreadLines',
    },
    'two lines of a hundred are no records': {
      auditRecords: [host([log({}, { records: 98, complete: 98, unread: 2 })])],
      says: 'unreadLines',
    },
    'nineteen records': { auditRecords: [host([log({}, { records: 19, complete: 19 })])], says: 'tooFew' },
    'a declared log without any file': {
      auditRecords: [
        host([log({ samples: [] })], [{ path: '/opt/app/logs/audit.log', problem: 'not-found', declared: true }]),
      ],
      says: ['tooFew', 'unreadable'],
    },
    'the oldest file is closed': {
      auditRecords: [host([log({}, {}, { records: 0, complete: 0, formats: [], problem: 'denied' })])],
      says: 'unreadable',
    },
    'a folder beside it is closed': {
      auditRecords: [host([log()], [{ path: '/opt/app/logs/old', problem: 'denied', declared: false }])],
      says: 'unreadable',
    },
    'nothing was written to it for months': {
      auditRecords: [host([log({}, { modified: '2026-01-28' }, { modified: '2025-12-01' })])],
      parameters: { records: 20, unreadable: 0.01, within: 31 },
      says: 'quiet',
    },
    'another host holds no audit log, and may run an application': {
      auditRecords: [host([log()]), host([], [], 'app-2')],
      says: ['complete', 'notHere'],
    },
    'no host is declared to run an application': {
      auditRecords: [host([], [], 'db-1', { application: false })],
      says: 'none',
    },
    'no audit log anywhere': { auditRecords: [host([]), host([], [], 'web-1')], says: 'none' },
    'no host': { auditRecords: [], says: 'none' },
  },
});
