import { describe, expect, test } from 'vitest';
import { loadProfile } from '../../src/assessment/profile.ts';
import { readWaivers } from '../../src/assessment/waivers-file.ts';
import { redact } from '../../src/bundle/redact.ts';
import { complaints, inFolder } from '../support/folder.ts';

const profile = await loadProfile('qingdao-joint-use');
const read = (file: string) => readWaivers(file, profile, (text) => redact(text) !== text);
const entry = (lines: Readonly<Record<string, string>>): string => {
  const given = {
    finding: 'F-0123456789ab',
    reason: '说明',
    approver: '王建国',
    from: '2026-11-01',
    until: '2027-01-31',
    ...lines,
  };
  const shown = Object.entries(given).filter(([, value]) => value !== '');
  return `waivers:\n${shown.map(([key, value], index) => `${index === 0 ? '  - ' : '    '}${key}: ${value}`).join('\n')}\n`;
};

test('is read, with the place of each entry', async () => {
  const text = `${entry({ ticket: 'OPS-1', paper: '审批单' })}${entry({ finding: '', requirement: 'QD-5.4-3', covers: "['logs/retention:tooYoung', 'logs/retention:unobserved:denied', awaiting-signature]" }).replace('waivers:\n', '')}`;
  await inFolder({ 'waivers.yaml': text }, async (at) => {
    const { waivers, placeOf } = await read(at('waivers.yaml'));
    expect(waivers).toMatchObject([
      { id: expect.stringMatching(/^W-[0-9a-f]{8}$/), finding: 'F-0123456789ab', ticket: 'OPS-1' },
      { requirement: 'QD-5.4-3', until: '2027-01-31' },
    ]);
    expect(waivers.map(({ id }) => placeOf(id).replace(at(''), ''))).toEqual(
      ['waivers.yaml:2:5', 'waivers.yaml:9:5'].map((place) => expect.stringContaining(place)),
    );
  });
});

test.each(['', 'waivers:\n', 'waivers: []\n', 'waivers:\n  # - finding: F-1\n'])(
  'nothing but %j is an empty list or says what is missing',
  async (text) => {
    const said = await complaints({ 'waivers.yaml': text }, read);
    expect(said.en).toEqual(text === '' ? [expect.stringContaining('waivers.yaml')] : []);
  },
);

describe('is refused, with file, line and key', () => {
  test.each<[string, string, string, RegExp]>([
    ['no reason', entry({ reason: '' }), '2:5', /waivers\[0\]\.reason/],
    ['an empty reason', entry({ reason: "' '" }), '3:5', /reason/],
    ['no approver', entry({ approver: '' }), '2:5', /approver/],
    ['no end', entry({ until: '' }), '2:5', /until/],
    ['a day that does not exist', entry({ until: '2027-02-29' }), '6:5', /not a date that exists/],
    ['an end before its begin', entry({ until: '2026-10-31' }), '6:5', /earlier than from/],
    ['more than twelve months', entry({ until: '2027-11-02' }), '6:5', /12 months at most: no later than 2027-11-01/],
    ['a misspelt key', entry({ expires: '2027-01-31' }), '7:5', /there is no such key/],
    ['neither finding nor requirement', entry({ finding: '' }), '2:5', /finding is needed/],
    ['a whole requirement without kinds', entry({ finding: '', requirement: 'QD-5.4-3' }), '6:5', /covers is needed/],
    ['kinds beside a finding', entry({ covers: '[awaiting-signature]' }), '7:5', /not beside finding/],
    ['no id of a finding', entry({ finding: 'F-12' }), '2:5', /not the id of a finding/],
    ['an unknown requirement', entry({ requirement: 'QD-99' }), '7:5', /no requirement QD-99/],
    [
      'an unknown check',
      entry({ finding: '', requirement: 'QD-5.4-3', covers: "['data/retention:tooYoung']" }),
      '7:14',
      /no such kind of finding/,
    ],
    [
      'an unknown message',
      entry({ finding: '', requirement: 'QD-5.4-3', covers: "['logs/retention:tooOld']" }),
      '7:14',
      /no such kind of finding/,
    ],
    [
      'doubtful evidence',
      entry({ finding: '', requirement: 'QD-5.4-3', covers: "['logs/retention:unobserved:host-key']" }),
      '7:14',
      /cannot be waived/,
    ],
    [
      'a failed check',
      entry({ finding: '', requirement: 'QD-5.4-3', covers: "['logs/retention:check-failed']" }),
      '7:14',
      /cannot be waived/,
    ],
    ['a password', entry({ reason: "'password=hunter2'" }), '3:5', /seems to hold a password/],
    ['a mobile number', entry({ approver: "'王建国 13800138000'" }), '4:5', /mobile number/],
    ['a control character', entry({ approver: '"a\\eb"' }), '4:5', /one line/],
  ])('%s', async (_, text, place, problem) => {
    const said = await complaints({ 'waivers.yaml': text }, read);
    expect(said.exitCode).toBe(2);
    expect(said.en.join('\n')).toMatch(problem);
    expect(said.en.join('\n')).toContain(`waivers.yaml:${place}`);
    expect(said.zh).toHaveLength(said.en.length);
  });

  test('the same entry twice, by the second', async () => {
    const text = entry({});
    const said = await complaints({ 'waivers.yaml': text + text.replace('waivers:\n', '') }, read);
    expect(said.en).toEqual(['waivers.yaml:7:5  waivers[1]: this entry stands here twice']);
  });

  test('a list that is not there', async () => {
    const said = await complaints({ other: '' }, (file) => read(`${file}.yaml`));
    expect(said.exitCode).toBe(2);
  });
});
