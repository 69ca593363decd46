import { describe, expect, test } from 'vitest';
import type { AssessedFinding, Assessment } from '../../../src/assessment/assessment.ts';
import { foldsOf } from '../../../src/reporters/html/folds.ts';
import { renderHtml, textOfHtml } from '../../../src/reporters/html/html.ts';
import { verbatim } from '../../../src/text.ts';
import { assessmentFixture } from '../../fixtures/assessment.ts';

type Given = Pick<AssessedFinding, 'subject'> & { text: string; own?: readonly (readonly [string, string])[] };

/** The fixture with one unmet requirement of such findings; `own` are the observations cited, kind and subject. */
function unmetBy(findings: readonly Given[], outcome: AssessedFinding['outcome'] = 'unmet'): Assessment {
  return assessmentFixture((body) => {
    const [row] = body.requirements;
    const [model] = body.index;
    if (!row || !model) throw new Error('the fixture is empty');
    row.verdict = outcome;
    row.findings = findings.map(({ subject, text, own = [] }, index): AssessedFinding => {
      const cites = own.map(([kind, of], position) => {
        const id = `E-fold-${index}-${position}`;
        body.index.push({ ...model, id, kind: kind as typeof model.kind, subject: of, origin: 'host' });
        return id;
      });
      return { check: 'a/b', id: `F-${index}`, subject, outcome, says: 'said', text: verbatim(text), cites };
    });
  });
}

// Blanks that hold words together are blanks here.
const textIn = (html: string): string => textOfHtml(html).replaceAll('\u00a0', ' ');

const paperOf = (assessment: Assessment, language: 'zh' | 'en' = 'zh'): string =>
  textIn(renderHtml(assessment, language, {}));

/** How many findings stand in each row of the first requirement. */
function rowsIn(assessment: Assessment): number[] {
  const [row] = assessment.requirements;
  return row
    ? foldsOf(assessment)
        .of(row)
        .map(({ members }) => members.length)
    : [];
}

const four = [1, 2, 3, 4];

describe('a row of many names none of them as if it were meant alone', () => {
  const ports = four.map((each) => ({
    subject: `10.0.0.${each}`,
    text: `可以访问敏感端口：10.0.0.${each}：3306（10.0.0.${each}:3306 mysql）`,
    own: [['openPorts', `10.0.0.${each}`]] as const,
  }));
  const services = four.map((each) => ({
    subject: `10.0.0.${each}:443`,
    text: `10.0.0.${each}:443 不使用 TLS，10.0.0.${each} 亦无`,
    own: [
      ['tls', `10.0.0.${each}:443`],
      ['openPorts', `10.0.0.${each}`],
    ] as const,
  }));
  const hosts = four.map((each) => ({
    subject: `app-${each}`,
    text: `app-${each} 未装`,
    own: [['clock', `app-${each}`]] as const,
  }));
  const others = four.map((each) => ({ subject: `thing-${each}`, text: `thing-${each} 不在` }));

  test.each([
    ['addresses', ports, '可以访问敏感端口：该地址：3306（该地址:3306 mysql）', 'this address：3306'],
    ['ports', services, '该服务不使用 TLS，该地址亦无', 'this service 不使用 TLS，this address 亦无'],
    ['hosts', hosts, '该主机未装', 'this host 未装'],
    ['anything else', others, '该对象不在', 'this subject 不在'],
  ])('%s', (_, findings, zh, en) => {
    const assessment = unmetBy(findings);
    expect(rowsIn(assessment)).toEqual([4]);
    expect(paperOf(assessment)).toContain(zh);
    expect(paperOf(assessment, 'en')).toContain(en);
    const [row = ''] = renderHtml(assessment, 'zh', {}).match(/<article.*?<\/article>/s) ?? [];
    expect(textIn(row)).not.toContain(findings[0]?.text);
    expect(textIn(row)).toContain(`${findings[0]?.subject} 等 4 个`);
  });

  test('a name in quotes after its own word', () => {
    const stores = four.map((each) => ({
      subject: `ledger-${each}`,
      text: `数据库「ledger-${each}」中有 / in store “ledger-${each}” there is`,
      own: [['records', `ledger-${each}`]] as const,
    }));
    expect(paperOf(unmetBy(stores))).toContain('该数据库中有');
    expect(paperOf(unmetBy(stores), 'en')).toContain('in this store there is');
  });

  test('the correction plan says it with the same words', () => {
    expect(paperOf(unmetBy(hosts))).toContain('app-1 等 4 个：该主机未装');
  });

  test('a row of one, and a row that quotes one, keep the name', () => {
    expect(paperOf(unmetBy(hosts.slice(0, 1)))).toContain('app-1 未装');
    const differing = four.map((each) => ({ subject: `app-${each}`, text: `app-${each} 有 ${each * 7} 项` }));
    expect(paperOf(unmetBy(differing, 'met'))).toContain('如 app-1：app-1 有 7 项（各对象的数值见所列对象组）');
  });
});

describe('what differs in more than the name of its subject stands apart', () => {
  test('a name inside another word or address is no name', () => {
    const words = ['db', 'app', 'web', 'etl'].map((subject) => ({
      subject,
      text: `${subject} 缺 /var/lib/${subject}`,
    }));
    expect(rowsIn(unmetBy(words))).toEqual([1, 1, 1, 1]);
    const peers = four.map((each) => ({ subject: `10.0.0.${each}`, text: `连向 10.0.0.${each}0` }));
    expect(rowsIn(unmetBy(peers))).toEqual([1, 1, 1, 1]);
    expect(paperOf(unmetBy(peers))).toContain('连向 10.0.0.10');
  });

  test('a service and its address are two names', () => {
    const own = (each: number) =>
      [
        ['tls', `h${each}:443`],
        ['openPorts', `h${each}`],
      ] as const;
    const mixed = four.map((each) => ({
      subject: `h${each}:443`,
      text: each === 1 ? `h${each}:443 关闭` : `h${each} 关闭`,
      own: own(each),
    }));
    expect(rowsIn(unmetBy(mixed))).toEqual([1, 1, 1, 1]);
  });
});

test('a subject that says the same twice is one subject, listed once with both ids', () => {
  const twice = [...four, ...four].map((each) => ({ subject: `app-${each}`, text: '未能取证' }));
  const text = paperOf(unmetBy(twice));
  expect(text).toContain('app-1 等 4 个');
  expect(text).toContain('共 4 个，见于');
  expect(text).toMatch(/app-1 F-0 F-4\s+app-2 F-1 F-5/);
  const alone = [1, 2, 3, 4].map(() => ({ subject: 'app-1', text: '未能取证' }));
  expect(paperOf(unmetBy(alone))).not.toContain('等 1 个');
});
