import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ZipFile } from 'yazl';
import type { DirectCollector, Found } from '../../../src/collectors/collector.ts';
import { kinds } from '../../../src/evidence/kinds.ts';
import type { Gate } from '../../../src/gate.ts';
import { type Platform, platformSchema } from '../../../src/platform.ts';
import { noSecrets } from '../../../src/secrets.ts';

/** A fresh folder with an empty `papers` in it, gone after the test. */
export async function freshFolder(): Promise<{ folder: string; papers: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'leqi-filed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const papers = join(folder, 'papers');
  await mkdir(papers);
  return { folder, papers };
}

/** A platform file of the sample unit, with whatever the test adds. */
export function platformOf(folder: string, parts: Record<string, unknown>): Platform {
  const file = platformSchema.parse({
    profile: 'hubei-self-use',
    unit: { name: '某某技术有限公司', creditCode: '91350100M000100Y43' },
    platform: { name: '发票管理系统', mode: 'self-use', since: '2023-12-28' },
    ...parts,
  });
  return { ...file, folder };
}

/** What a collector finds, read by its kind's schema as a collection does. */
export async function collected(
  collector: DirectCollector,
  platform: Platform,
  subject: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<unknown> {
  const found: Found<typeof collector.kind> = await collector.collect(subject, {
    platform,
    gate: closedGate,
    signal,
    now: () => new Date('2026-03-01T02:00:00Z'),
    secrets: noSecrets,
  });
  return kinds[collector.kind].value.parse(found.value);
}

const refuse = async (): Promise<never> => {
  throw new Error('filed evidence is read from disk: nothing is contacted');
};

const closedGate: Gate = {
  addressOf: refuse,
  othersOf: refuse,
  connect: refuse,
  passTo: refuse,
  connectLocal: refuse,
  run: refuse,
  contacts: () => [],
  resolvers: [],
  query: refuse,
  withhold: () => {},
  withheld: refuse,
};

/** The smallest PDF that readers open without repair: one empty page, its cross-reference table computed. */
export function smallPdf(): Buffer {
  const objects = [
    '1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n',
    '2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n',
    '3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Resources<<>>>>\nendobj\n',
  ];
  let body = '%PDF-1.4\n';
  const entries = objects.map((object) => {
    const entry = `${String(body.length).padStart(10, '0')} 00000 n \n`;
    body += object;
    return entry;
  });
  const table = `xref\n0 4\n0000000000 65535 f \n${entries.join('')}`;
  return Buffer.from(`${body}${table}trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`);
}

/** A PNG of one transparent pixel. */
export const smallPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

/** A zip with empty entries of these names. */
export async function zipOf(...names: string[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const name of names) zip.addBuffer(Buffer.alloc(0), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
