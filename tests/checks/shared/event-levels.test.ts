import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Level, levelRule, levelsBy } from '../../../checks/shared/event-levels.ts';
import { unitLevels, usingUnitLevels } from '../../support/event-levels.ts';

const levelsOf = (rules: readonly object[], cells: object): readonly Level[] =>
  levelsBy(
    z.array(levelRule).parse(rules),
    '2026-03-15',
  )({ row: 2, on: '2025-05-01', loss: 'none', effect: 'none', ...cells });

const service = 'service-suspended';
const units = 'new-units-suspended';
const reminder = 'reminder';
const other = 'other';

describe('of the unit', () => {
  test.each([
    ['upgrade-late', {}, [reminder]],
    ['upgrade-late', { loss: 'larger' }, [units]],
    ['upgrade-late', { effect: 'adverse' }, [units]],
    ['upgrade-late', { effect: 'rather-serious' }, [units]],
    ['upgrade-late', { loss: 'major' }, [service]],
    ['upgrade-late', { effect: 'serious' }, [service]],
    ['upgrade-wrong', {}, [other]],
    ['upgrade-wrong', { loss: 'larger' }, [units]],
    ['upgrade-wrong', { loss: 'major', effect: 'serious' }, [service]],
    ['risk-measures-missing', {}, [units]],
    ['risk-measures-missing', { loss: 'major' }, [service]],
    ['risk-measures-missing', { loss: 'major', on: '2025-03-15' }, [service]],
    ['risk-measures-missing', { loss: 'major', on: '2025-03-14' }, [units]],
    ['major-case', { loss: 'major', on: '2025-03-14' }, [other]],
    ['major-case', { effect: 'serious' }, [service]],
    ['major-case', {}, [other]],
    ['false-invoicing', {}, [units]],
    ['false-invoicing', { loss: 'major', effect: 'serious' }, [units]],
    ['invoice-not-from-record', {}, [units]],
    ['authority-attacked', {}, [reminder]],
    ['authority-attacked', { effect: 'adverse' }, [units]],
    ['authority-attacked', { loss: 'larger' }, [service]],
    ['authority-attacked', { effect: 'rather-serious' }, [service]],
    ['data-leaked', {}, [other]],
    ['data-leaked', { effect: 'adverse' }, [other]],
    ['data-leaked', { loss: 'larger' }, [service]],
    ['unreasonable-fees', {}, [other]],
    ['unreasonable-fees', { loss: 'larger' }, [units]],
    ['unreasonable-fees', { loss: 'major', vile: 'no' }, [units]],
    ['unreasonable-fees', { loss: 'major', vile: 'yes' }, [service]],
    ['data-not-submitted', {}, [units]],
    ['filing-not-updated', {}, [units]],
    ['review-failed', {}, [units]],
    ['unit-or-capability-unfit', { loss: 'major' }, [reminder]],
    ['too-few-active', {}, [reminder]],
    ['platform-unstable', { loss: 'unknown', effect: '' }, [reminder]],
    ['upgrade-late', { loss: 'unknown' }, [service, units, reminder]],
    ['upgrade-late', { loss: 'larger', effect: 'unknown' }, [service, units]],
    ['authority-attacked', { effect: '', loss: '' }, [service, units, reminder]],
    ['unreasonable-fees', { loss: 'major', vile: '' }, [service, units]],
    ['unreasonable-fees', { loss: 'unknown', vile: 'no' }, [units, other]],
    ['data-leaked', { loss: 'unknown' }, [service, other]],
    ['public-opinion', { loss: 'major' }, [other]],
  ])('%s %o: %j', (kind, cells, levels) => {
    expect(levelsOf(unitLevels, { kind, ...cells })).toEqual(levels);
  });

  test('a date that is not known may lie within the months', () => {
    const cells = { kind: 'major-case', loss: 'major' };
    expect(levelsOf(unitLevels, { ...cells, on: undefined })).toEqual([service, other]);
    expect(levelsOf(unitLevels, { ...cells, on: '2025年' })).toEqual([service, other]);
  });
});

test.each([
  ['yes', ['order']],
  ['no', ['other']],
  ['unknown', ['order', 'other']],
  [undefined, ['order', 'other']],
])('of a using unit, complaint %s: %j', (complaint, levels) => {
  expect(levelsOf(usingUnitLevels, { kind: 'forced-app', complaint })).toEqual(levels);
});
