import { styleText } from 'node:util';
import { columns, padEnd } from '../reporters/terminal/terminal.ts';
import { hanging } from '../reporters/terminal/wrap.ts';
import { type Language, printable, type Text } from '../text.ts';
import { type Area, areas, type Leaves, type Point, type State } from './point.ts';

const marks = { ok: '✓', unproven: '!', lacking: '✗' } as const satisfies Record<State, string>;
const colours = { ok: 'green', unproven: 'yellow', lacking: 'red' } as const;

/** Of more than so many points of one area that are well and need no word, only the number is shown. */
const mostWell = 6;

/** Cells for what a point is about; a longer name stands on a line of its own. */
const nameWidth = 16;

/** The points as text, lines of at most 80 columns, and what they come to. */
export function doctorText(points: readonly Point[], language: Language): string {
  const shown = new Map<string, string>();
  const blocks = (Object.keys(areas) as Area[]).flatMap((area) => {
    const mine = points.filter((point) => point.area === area);
    if (mine.length === 0) return [];
    return [
      [areas[area][language], ...folded(mine, language), ...mine.flatMap((each) => loud(each, mine, language, shown))],
    ];
  });
  return `${[...blocks, summary(points, language)].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function isFolded(point: Point, all: readonly Point[]): boolean {
  const well = all.filter(({ state, remedy }) => state === 'ok' && !remedy);
  return well.length > mostWell && well.includes(point);
}

function folded(points: readonly Point[], language: Language): string[] {
  const count = points.filter((point) => isFolded(point, points)).length;
  if (count === 0) return [];
  const text = { zh: `${count} 项具备`, en: `${count} are well` };
  return [`  ${mark('ok')} ${text[language]}`];
}

function loud(point: Point, all: readonly Point[], language: Language, shown: Map<string, string>): string[] {
  if (isFolded(point, all)) return [];
  const { what, state, says, remedy, leaves } = point;
  const name = printable(what[language]);
  const indent = ' '.repeat(4 + nameWidth);
  const head = hanging(`  ${mark(state)} ${padEnd(name, nameWidth)}`, printable(says[language]), columns);
  const [first = '', ...rest] = head;
  const lines = name.length < nameWidth && first !== '' ? [first, ...rest] : namedApart(state, name, says, language);
  return [
    ...lines,
    ...(leaves ? leftLines(leaves, name, { language, shown, indent }) : []),
    ...(remedy ? remedyLines(remedy[language], indent, all, point) : []),
  ];
}

// Many hosts are often down for one reason: what is to be done is said with the first.
function remedyLines(remedy: string, indent: string, all: readonly Point[], point: Point): string[] {
  const first = all.find((each) => each.remedy?.zh === point.remedy?.zh);
  return first === point ? hanging(`${indent}→ `, printable(remedy), columns) : [];
}

function namedApart(state: State, name: string, says: Text, language: Language): string[] {
  const indent = ' '.repeat(4 + nameWidth);
  return [...hanging(`  ${mark(state)} `, name, columns), ...hanging(indent, printable(says[language]), columns)];
}

type Shown = { readonly language: Language; readonly shown: Map<string, string>; readonly indent: string };

// The same list again would hide what differs.
function leftLines({ requirements, surely }: Leaves, name: string, { language, shown, indent }: Shown): string[] {
  if (requirements.length === 0) return [];
  const list = requirements.join(language === 'zh' ? '、' : ', ');
  const before = shown.get(list);
  if (before === undefined) shown.set(list, name);
  const label = surely
    ? { zh: `将待确认 ${requirements.length} 项：`, en: `leaves ${requirements.length} unproven: ` }
    : { zh: `可能待确认 ${requirements.length} 项：`, en: `may leave ${requirements.length} unproven: ` };
  const same = { zh: `与 ${before} 相同`, en: `the same as ${before}` };
  const words = before === undefined || before === name || requirements.length === 1 ? list : same[language];
  return hanging(indent, `${label[language]}${words}`, columns);
}

function summary(points: readonly Point[], language: Language): string[] {
  const count = (state: State): number => points.filter((point) => point.state === state).length;
  const left = new Set(points.flatMap(({ leaves }) => leaves?.requirements ?? []));
  const [lacking, unproven] = [count('lacking'), count('unproven')];
  if (lacking + unproven === 0) return [{ zh: '扫描所需均已具备。', en: 'Nothing lacks.' }[language]];
  const text = {
    zh: `缺少 ${lacking} 项；${unproven} 项会留下待确认，涉及要求项 ${left.size} 项。`,
    en: `${lacking} lacking; ${unproven} leave something unproven: ${left.size} requirements.`,
  };
  return [text[language]];
}

function mark(state: State): string {
  return styleText(colours[state], marks[state]);
}
