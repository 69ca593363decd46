import { describe, expect, test } from 'vitest';
import type { Exhibits } from '../../src/assessment/exhibits.ts';
import { axisOf, marksOf } from '../../src/reporters/drawings/axis.ts';
import { drawingWidth, fitted, fittedEnd, widthOf } from '../../src/reporters/drawings/drawing.ts';
import { type Figure, figuresOf } from '../../src/reporters/drawings/index.ts';
import { frameOf } from '../../src/reporters/html/frame.ts';
import { renderHtml } from '../../src/reporters/html/html.ts';
import { type Language, languages } from '../../src/text.ts';
import { assessmentFixture } from '../fixtures/assessment.ts';
import { exhibits, span } from '../fixtures/exhibits.ts';

const frame = (language: Language) =>
  frameOf(
    assessmentFixture((body) => Object.assign(body, { exhibits })),
    language,
  );

const partFigures = (language: Language): Figure[] =>
  (['business', 'technology', 'risk'] as const).flatMap((part, index) => figuresOf(frame(language), part, index + 3));

test('an amount too small for its unit is not drawn as nothing', () => {
  const trade = { fact: 'trade', title: { zh: '交易', en: 'trade' }, unit: '元' as const, cite: 'E-0000000002' };
  const series = [{ ...trade, months: { '2026-08': '0', '2026-09': '400', '2026-10': '900000' } }];
  const changed = assessmentFixture((body) => Object.assign(body, { exhibits: { ...exhibits, series } }));
  const figures = figuresOf(frameOf(changed, 'zh'), 'business', 3);
  const amounts = figures.flatMap(({ texts }) => texts.filter(({ style }) => style === 'column-amount'));
  expect(amounts.map(({ text }) => text)).toEqual(['0', '<0.1', '90']);
});

describe.each(languages)('the pictures in %s', (language) => {
  const figures = partFigures(language);

  test('are numbered within their chapter, in a fixed order', () => {
    const prefix = language === 'zh' ? '图 ' : 'Figure ';
    expect(figures.map(({ number }) => number.replace(prefix, ''))).toEqual(['3-1', '4-1', '4-2', '4-3', '5-1']);
  });

  test('stay within their frame, with every number a number', () => {
    for (const { width, height, rects, lines, dots } of figures) {
      expect(width).toBe(drawingWidth);
      const ends = [
        ...rects.map((each) => [each.x, each.y, each.x + each.width, each.y + each.height]),
        ...lines.map((each) => [each.x1, each.y1, each.x2, each.y2]),
        ...dots.map((each) => [each.x - each.r, each.y - each.r, each.x + each.r, each.y + each.r]),
      ];
      expect(ends.length).toBeGreaterThan(0);
      for (const [left = Number.NaN, top = Number.NaN, right = Number.NaN, bottom = Number.NaN] of ends) {
        expect(left).toBeGreaterThanOrEqual(-0.01);
        expect(top).toBeGreaterThanOrEqual(-0.01);
        expect(right).toBeLessThanOrEqual(width + 0.01);
        expect(bottom).toBeLessThanOrEqual(height + 0.01);
      }
    }
  });

  test('name the evidence that they show', () => {
    expect(figures.every(({ evidence }) => evidence.length > 0)).toBe(true);
  });

  test('say in words what they show', () => {
    const says = figures.map((each) => each.says).join('\n');
    for (const word of ['2026-08-01', '203.0.113.10', '8000', '2023-01-01 ', '1212'])
      expect(says).toContain(word.trim());
  });

  test('draw what falls short of all kinds before what does not, and claim nothing of what is left out', () => {
    const notesOf = (spans: Exhibits['spans']) => {
      const changed = assessmentFixture((body) => Object.assign(body, { exhibits: { ...exhibits, spans } }));
      const [figure] = figuresOf(frameOf(changed, language), 'technology', 4).filter(({ legend }) =>
        legend.some(({ style }) => style === 'is-limit'),
      );
      return figure ?? { says: '', notes: [], lines: [] };
    };
    const fine = Array.from({ length: 30 }, (_, index) => span(`sys-${index}`, { of: 'system' }));
    const short = span('late', { of: 'application', first: '2026-11-01' });
    const mixed = notesOf({ rows: [...fine, short], more: {} });
    expect(mixed.says).toContain('late');
    expect(mixed.notes.join()).toContain(language === 'zh' ? '另有 7 项未画出，均达到' : '7 more are not drawn: each');
    const many = Array.from({ length: 60 }, (_, index) => span(`app-${index}`, { first: '2026-11-01' }));
    const doubtful = language === 'zh' ? '可能有未达到' : 'may fall short';
    expect(notesOf({ rows: many, more: {} }).notes.join()).toContain(doubtful);
    expect(notesOf({ rows: many.slice(0, 20), more: { application: 3 } }).notes.join()).toContain(doubtful);
    expect(notesOf({ rows: fine.slice(0, 20), more: { system: 3 } }).notes.join()).not.toContain(doubtful);
    const limits = (dues: string[]) =>
      notesOf({ rows: dues.map((due, index) => span(`app-${index}`, { due })), more: {} })
        .lines.filter(({ style }) => style === 'is-limit')
        .map(({ x1 }) => x1);
    expect(limits(['2026-05-22', '2026-05-22'])).toHaveLength(1);
    expect(new Set(limits(['2026-05-22', '2026-06-22'])).size).toBe(2);
  });

  test('say how much they leave out', () => {
    const notes = figures.flatMap((each) => each.notes).join('\n');
    // 31 logs of which 24 are drawn, and 5 that the assessment itself left out; 2 addresses.
    expect(notes).toContain('12');
    expect(notes).toContain('2');
    expect(figures.flatMap(({ texts }) => texts.map(({ text }) => text)).join('\n')).toMatch(/另 7 个|7 more/);
  });

  test('stand in the page, their texts escaped', () => {
    const hostile = assessmentFixture((body) =>
      Object.assign(body, {
        exhibits: { ...exhibits, spans: { rows: [span('<b>"&', { name: '\u202e</svg><script>' })], more: {} } },
      }),
    );
    const page = renderHtml(hostile, language);
    expect(page).toContain('&lt;b&gt;&quot;&amp;');
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('\u202e');
  });
});

test('a bar begins at its oldest entry, and what is older than the axis at its left end', () => {
  const [, , logs] = partFigures('zh');
  const bars = logs?.rects.filter(({ style }) => style === 'is-span') ?? [];
  const limit = logs?.lines.find(({ style }) => style === 'is-limit');
  const [young, old] = bars;
  expect(young?.x).toBeGreaterThan(limit?.x1 ?? Number.NaN);
  expect(old?.x).toBeLessThan(limit?.x1 ?? Number.NaN);
  expect(new Set(bars.slice(1).map(({ x }) => x)).size).toBe(1);
});

test('a threshold is at the same place for every figure, and a bar is as long as its share of it', () => {
  const figure = { amount: { zh: '15', en: '15' }, threshold: { zh: '10', en: '10' }, margin: { zh: '5', en: '5' } };
  const values = ['15', '5', '900'];
  const assessment = assessmentFixture((body) => {
    for (const [index, value] of values.entries()) {
      const finding = body.requirements[0]?.findings[0];
      if (finding)
        body.requirements[0]?.findings.push({
          ...finding,
          subject: `f${index}`,
          figure: { ...figure, value, asked: '10' },
        });
    }
  });
  const [thresholds] = figuresOf(frameOf(assessment, 'zh'), 'business', 3);
  const limit = (thresholds?.lines[0]?.x1 ?? Number.NaN) - (thresholds?.rects[0]?.x ?? Number.NaN);
  const lengths = thresholds?.rects.map(({ width }) => width / limit) ?? [];
  expect(lengths[0]).toBeCloseTo(1.5, 2);
  expect(lengths[1]).toBeCloseTo(0.5, 2);
  expect(lengths[2]).toBeCloseTo(2, 2);
  expect(thresholds?.texts.some(({ text }) => text.includes('9000%'))).toBe(true);
});

test('marks of an axis do not touch, and years begin at one', () => {
  for (const [from, to] of [
    ['2026-04-22', '2026-11-23'],
    ['2023-08-22', '2026-11-23'],
    ['2010-01-15', '2026-11-23'],
  ] as const) {
    const { texts } = marksOf(axisOf(from, to, 100, 640), 0, 50);
    const places = texts.map(({ x }) => x);
    expect(places.length).toBeGreaterThan(3);
    for (const [index, x] of places.slice(1).entries()) expect(x - (places[index] ?? 0)).toBeGreaterThan(40);
    expect(texts.some(({ text }) => text.endsWith('-01'))).toBe(from !== '2026-04-22');
  }
});

test('texts are cut to their place, never silently', () => {
  expect(fitted('短', 100)).toBe('短');
  const cut = fitted('很长的一段文字很长的一段文字', 60);
  expect(cut.endsWith('…')).toBe(true);
  expect(widthOf(cut)).toBeLessThanOrEqual(60);
  expect(fittedEnd('/var/log/app/app.log', 60)).toMatch(/^….*app\.log$/);
});
