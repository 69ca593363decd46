import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askedFor } from '../assessment/asked.ts';
import { type LedgerType, ledgerSpec } from '../evidence/filed/ledger-types.ts';
import { packageRoot } from '../package-root.ts';
import { platformFile } from './platform-file.ts';
import { citedBy, ledgerFile, paperFile, type Starter, sayFor } from './starter.ts';
import { waiversFile } from './waivers-file.ts';

/** Every file of a new folder by its path: the platform file, its schema, the checklist, and a ledger of each kind with its heads. */
export async function starterFiles(starter: Starter): Promise<Map<string, string>> {
  const asked = askedFor(starter.profile);
  return new Map([
    ['platform.yaml', platformFile(starter)],
    ['platform.schema.json', await readFile(join(packageRoot, 'docs', 'platform.schema.json'), 'utf8')],
    ['waivers.yaml', waiversFile(starter)],
    ['waivers.schema.json', await readFile(join(packageRoot, 'docs', 'waivers.schema.json'), 'utf8')],
    [join('documents', starter.language === 'zh' ? '材料清单.md' : 'CHECKLIST.md'), checklist(starter)],
    ...asked.ledgers.map(({ name }) => [join('documents', ledgerFile(name)), emptyLedger(name)] as const),
  ]);
}

// With a byte order mark and CRLF, Excel in China opens it as UTF-8.
function emptyLedger(of: LedgerType): string {
  const heads = Object.values(ledgerSpec(of).columns).map(({ title }) => title.zh);
  return `\uFEFF${heads.join(',')}\r\n`;
}

function checklist(starter: Starter): string {
  const { profile, language } = starter;
  const say = sayFor(starter);
  const asked = askedFor(profile);
  const papers = asked.papers.map(({ name, by }, index) => {
    const title = profile.papers[name];
    return `- [ ] ${title?.[language] ?? name} — \`${paperFile(index, title?.zh ?? name)}\` — ${citedBy(by, language)}`;
  });
  const ledgers = asked.ledgers.flatMap(({ name, by }) => [
    `- [ ] ${ledgerSpec(name).title[language]} — \`${ledgerFile(name)}\` — ${citedBy(by, language)}`,
    ...columnsOf(starter, name),
  ]);
  const facts = asked.facts.map(
    ({ name, by }) => `- [ ] ${profile.facts[name]?.[language] ?? name} — \`${name}\` — ${citedBy(by, language)}`,
  );
  const statements = asked.statements.map(({ id, attest }) => `- [ ] ${id}: ${attest?.[language] ?? ''}`);
  return `# ${say('材料清单', 'Checklist')}

${profile.title[language]}

## ${say('材料', 'Papers')}

${papers.join('\n')}

## ${say('台账', 'Ledgers')}

${say('日期写作 2025-04-01、2025/4/1 或 2025年4月1日；留空表示没有。每本台账须有签署的结账声明：起止日期和条数。', 'Dates as 2025-04-01, 2025/4/1 or 2025年4月1日; an empty cell means none. Each ledger needs a signed closing statement: its period and number of entries.')}

${ledgers.join('\n')}

## ${say('数据（写在 platform.yaml 的 facts）', 'Facts (under facts in platform.yaml)')}

${facts.join('\n')}

## ${say('须签署的声明', 'Statements to sign')}

${statements.join('\n')}
`;
}

const yesNo = [
  ['是', 'yes'],
  ['否', 'no'],
  ['不详', 'unknown'],
] as const;

function columnsOf({ language }: Starter, of: LedgerType): string[] {
  return Object.values(ledgerSpec(of).columns).map(({ form, title, must, choices }) => {
    const all = form === 'yes-no' ? yesNo : Object.values(choices ?? {});
    const words = all.map(([zh, en]) => (language === 'zh' ? zh : en));
    const needed = must ? (language === 'zh' ? '（必有）' : ' (required)') : '';
    return `  - ${title[language]}${needed}${words.length > 0 ? `: ${words.join(language === 'zh' ? '、' : ', ')}` : ''}`;
  });
}
