import type { Text } from '../../text.ts';
import type { Mistake } from '../../yaml.ts';
import { findRow, type ProfileSource } from '../profile-files.ts';
import type { ProfileFile } from '../profile-schema.ts';
import type { AnnexFile } from './annex-file.ts';
import { arrangedBy } from './annex-links.ts';

/** What is wrong with an annex in view of the rest: an unknown row, topic, fact or paper. */
export function annexMistakes(source: ProfileSource): Mistake[] {
  if (!source.whole || !source.file.value) return [];
  const { annex, annexRows } = source.file.value;
  return [...(annex ? arrangementMistakes(source, annex) : []), ...additionMistakes(source, annexRows)];
}

function arrangementMistakes(source: ProfileSource, { follows, paper, parts }: AnnexFile): Mistake[] {
  const facts = namesIn(source, (file) => file.facts);
  const papers = namesIn(source, (file) => file.papers);
  const at = (path: readonly PropertyKey[], text: Text): Mistake => source.file.mistake(['annex', ...path], text);
  const topics = parts.flatMap((part, index) =>
    Object.entries(part.topics).map(([key, topic]) => ({ topic, path: ['parts', index, 'topics', key] })),
  );
  return [
    ...(findRow(follows, source) ? [] : [at(['follows'], noSuchRow(follows))]),
    ...(papers.has(paper) ? [] : [at(['paper'], noSuchPaper(paper))]),
    ...topics.flatMap(({ topic, path }) => [
      ...unknown(topic.rows, (id) => findRow(id, source)).map(([id, n]) => at([...path, 'rows', n], noSuchRow(id))),
      ...unknown(topic.facts, (id) => facts.has(id)).map(([id, n]) => at([...path, 'facts', n], noSuchFact(id))),
      ...unknown(topic.papers, (id) => papers.has(id)).map(([id, n]) => at([...path, 'papers', n], noSuchPaper(id))),
    ]),
  ];
}

function additionMistakes(source: ProfileSource, added: ProfileFile['annexRows']): Mistake[] {
  const topics = arrangedBy(source)?.annex.parts.flatMap((part) => Object.keys(part.topics)) ?? [];
  const at = (path: readonly PropertyKey[], text: Text): Mistake => source.file.mistake(['annexRows', ...path], text);
  return Object.entries(added).flatMap(([key, ids]) => [
    ...(topics.includes(key) ? [] : [at([key], noSuchTopic(key, topics))]),
    ...unknown(ids, (id) => findRow(id, source)).map(([id, n]) => at([key, n], noSuchRow(id))),
  ]);
}

function unknown(names: readonly string[], isKnown: (name: string) => unknown): [name: string, index: number][] {
  return names.flatMap((name, index): [string, number][] => (isKnown(name) ? [] : [[name, index]]));
}

function namesIn(source: ProfileSource, read: (file: ProfileFile) => object): Set<string> {
  const own = source.file.value ? Object.keys(read(source.file.value)) : [];
  return new Set([...own, ...source.bases.flatMap((base) => [...namesIn(base, read)])]);
}

function noSuchRow(id: string): Text {
  return {
    zh: `本规范配置及其继承的规范配置中都没有「${id}」`,
    en: `neither this profile nor one that it extends has a row ${id}`,
  };
}

function noSuchFact(id: string): Text {
  return { zh: `facts 中没有「${id}」`, en: `facts has no ${id}` };
}

function noSuchPaper(id: string): Text {
  return { zh: `papers 中没有「${id}」`, en: `papers has no ${id}` };
}

function noSuchTopic(key: string, topics: readonly string[]): Text {
  return {
    zh: `附件中没有「${key}」这项内容；可用：${topics.join('、') || '无'}`,
    en: `the annex has no topic ${key}; there are: ${topics.join(', ') || 'none'}`,
  };
}
