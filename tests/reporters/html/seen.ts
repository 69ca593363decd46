import type { Page } from 'puppeteer-core';
import { findingId } from '../../../src/assessment/finding-id.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';

/** The fixture with the ids that findings have since version 0.2.0. */
export function identifiedFixture(change: Parameters<typeof assessmentFixture>[0] = () => {}) {
  return assessmentFixture((body) => {
    for (const { id: requirement, findings } of body.requirements)
      for (const finding of findings) finding.id = findingId({ requirement, ...finding, names: [] });
    change(body);
  });
}

/** What a reader sees of a report's rows, by what the browser shows, whatever the script thinks. */
export type SeenRows = {
  readonly requirements: readonly string[];
  readonly open: readonly string[];
  /** `QD-1.4 业务数据库 unproven`: of what is unfolded. */
  readonly findings: readonly string[];
  readonly showing: string;
  readonly fragment: string;
  readonly chapters: number;
};

export function seenRows(page: Page): Promise<SeenRows> {
  return page.evaluate(`(() => {
    const isSeen = (element) => element.checkVisibility();
    const idOf = (element) => element.querySelector('.row-id').textContent;
    const requirements = [...document.querySelectorAll('.part .requirement')].filter(isSeen);
    const rows = [...document.querySelectorAll('.findings > tbody > tr')].filter(isSeen);
    return {
      requirements: requirements.map(idOf),
      open: requirements.filter((each) => each.open).map(idOf),
      findings: rows.map((row) => [idOf(row.closest('details')), row.cells[0].textContent, row.dataset.outcome].join(' ')),
      showing: document.querySelector('.showing').textContent,
      fragment: location.hash,
      chapters: [...document.querySelectorAll('.chapter, .cover, .contents')].filter(isSeen).length,
    };
  })()`) as Promise<SeenRows>;
}

/** Ticks or unticks a box of the filter. */
export async function tick(page: Page, value: string): Promise<void> {
  await page.click(`.facets input[value="${value}"]`);
}

/** Types into a field of the controls. */
export async function type(page: Page, name: string, text: string): Promise<void> {
  await page.focus(`input[name="${name}"]`);
  await page.keyboard.type(text);
}

export async function press(page: Page, name: string): Promise<void> {
  await page.click(`button[name="${name}"]`);
}

/** Unfolds the evidence that the first unfolded requirement cites; by script, for while rows are laid out they move. */
export async function unfoldCited(page: Page): Promise<void> {
  await page.waitForSelector('details[open] .cited');
  await page.evaluate(`document.querySelector('details[open] .cited > summary').click()`);
  await page.waitForSelector('.cited td');
}
