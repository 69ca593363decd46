import { describe, expect, test } from 'vitest';
import { renderHtml, textOfHtml } from '../../../src/reporters/html/html.ts';
import { methodSentences } from '../../../src/reporters/words/methods.ts';
import { languages } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';

describe.each(languages)('the index of evidence in %s', (language) => {
  test.each([
    ['on paper', {}],
    ['on a screen', undefined],
  ])('%s does not say of what was not observed how it was read', (_, paper) => {
    const assessment = assessmentFixture((body) => {
      const [entry] = body.index;
      if (!entry) throw new Error('the fixture has no evidence');
      const unobserved = { reason: 'unreachable' as const, detail: '' };
      body.index = [
        { ...entry, id: 'E-1', kind: 'volumes', subject: 'app-1', origin: 'host', unobserved },
        { ...entry, id: 'E-2', kind: 'clock', subject: 'app-1', origin: 'host' },
      ];
    });
    const text = textOfHtml(renderHtml(assessment, language, paper));
    expect(text).toContain('E-1');
    expect(text).not.toContain(methodSentences.volumes[language]);
    expect(text).toContain(methodSentences.clock[language]);
  });
});

test('what is said of a kind holds for each way to get it', () => {
  const { addresses, openPorts, documents, facts, statements } = methodSentences;
  // Where nmap is missing our own scan takes its place; the resolvers may be those of the machine.
  expect(openPorts.zh).toContain('没有 nmap');
  expect(openPorts.en).toContain('without nmap');
  expect(addresses.zh).toContain('取证机');
  for (const { zh, en } of [documents, facts, statements])
    expect([zh.includes('有'), en.includes('if')]).toEqual([true, true]);
});
