import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { maskedName } from '../../../src/collectors/filed/persons.ts';
import { statements } from '../../../src/collectors/filed/statements.ts';
import { collected, freshFolder, platformOf, smallPdf } from './support.ts';

const signed = (fields: Record<string, unknown>) => ({
  requirement: 'QD-2.3',
  by: '李一',
  capacity: '法定代表人',
  signedOn: '2026-01-10',
  document: 'statement',
  ...fields,
});

test('a statement has its signer masked and its paper hashed; a missing paper has no hash', async () => {
  const { folder, papers } = await freshFolder();
  await writeFile(join(papers, 'statement.pdf'), smallPdf());
  const platform = platformOf(folder, {
    documents: { folder: 'papers', items: [{ id: 'statement', title: '声明', file: 'statement.pdf' }] },
    statements: [signed({ validUntil: '2026-12-31' }), signed({ requirement: 'QD-6.1', document: 'gone' })],
  });
  expect(statements.subjects(platform)).toEqual(['QD-2.3', 'QD-6.1']);
  expect(await collected(statements, platform, 'QD-2.3')).toEqual({
    requirement: 'QD-2.3',
    capacity: '法定代表人',
    by: '李*',
    signedOn: '2026-01-10',
    validUntil: '2026-12-31',
    document: { id: 'statement', sha256: createHash('sha256').update(smallPdf()).digest('hex') },
  });
  expect(await collected(statements, platform, 'QD-6.1')).toHaveProperty('document', { id: 'gone' });
});

test('of two statements for one requirement the one signed last counts', async () => {
  const { folder } = await freshFolder();
  const platform = platformOf(folder, {
    statements: [signed({ signedOn: '2026-02-01' }), signed({ signedOn: '2024-02-01', by: '田一' })],
  });
  expect(statements.subjects(platform)).toEqual(['QD-2.3']);
  expect(await collected(statements, platform, 'QD-2.3')).toMatchObject({ signedOn: '2026-02-01', by: '李*' });
});

test.each([
  ['张三', '张*'],
  [' 欧阳 ', '欧*'],
  ['张三丰', '张**'],
  ['𠮷田', '𠮷*'],
  ['张', '*'],
])('%s is masked %s', (name, masked) => {
  expect(maskedName(name)).toBe(masked);
});
