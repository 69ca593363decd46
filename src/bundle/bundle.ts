import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { InputError } from '../errors.ts';
import type { PlatformDeclaration } from '../evidence/filed/platform.ts';
import { isKind, type Kind, kindNames } from '../evidence/kinds.ts';
import { type Observation, parseObservation } from '../evidence/observation.ts';
import { digest, instant } from '../evidence/schemas.ts';
import { shardsOfZone } from '../evidence/shards.ts';
import { occasions } from '../occasion.ts';
import { type Digests, digestsOf, sha256 } from './digests.ts';
import { type Files, openFiles } from './files.ts';

/** The version of the bundle's shape; readers refuse a newer one. */
export const bundleFormat = 'leqi-audit/evidence/1';

/** The bundle's own files. */
export const manifestName = 'manifest.json';
export const sealName = 'manifest.json.sha256';
export const observationsFolder = 'observations';
export const rawFolder = 'raw';

// Nothing else is read: a path of a bundle from elsewhere must not lead out of it.
const filePath = z.string().regex(/^(observations\/[A-Za-z]{1,64}\.jsonl|raw\/[0-9a-f]{64}\.txt)$/);

/** A contact as a bundle carries it. */
export const contactSchema = z.strictObject({
  address: z.string(),
  port: z.int().optional(),
  by: z.string(),
  times: z.int(),
});

export const manifestSchema = z.strictObject({
  format: z.literal(bundleFormat),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  platform: z.string(),
  zone: z.string(),
  /** What the evidence was collected for: the default of `assess`. */
  profile: z.string(),
  occasion: z.enum(occasions),
  /** First and last moment of observation. */
  from: instant,
  to: instant,
  /** Who was contacted, folded by address, port and program. */
  contacts: z.array(contactSchema),
  /** Of a divided collection: which parts are here. */
  shards: z.array(shardsOfZone).optional(),
  files: z.array(z.strictObject({ path: filePath, bytes: z.int(), sha256: digest, sm3: digest })),
});

export type Manifest = z.output<typeof manifestSchema>;

/** What a bundle says of itself besides its observations. */
export type Header = Pick<Manifest, 'tool' | 'platform' | 'zone' | 'profile' | 'occasion' | 'contacts' | 'shards'>;

/** The header of a manifest that is there. */
export function headerOf({ format: _, from: __, to: ___, files: ____, ...header }: Manifest): Header {
  return header;
}

/** Evidence as read from a folder or a zip; every file was checked against the manifest. */
export type Bundle = {
  readonly manifest: Manifest;
  /** SHA-256 of manifest.json: stands for the whole bundle. */
  readonly manifestDigest: string;
  readonly declaration: PlatformDeclaration;
  /** Sorted by kind, subject and id. */
  readonly observations: readonly Observation[];
};

/**
 * Reads a bundle and refuses one that was changed: a wrong hash, a missing or an additional file, an unreadable line.
 * Throws {@link InputError} that names the file.
 */
export async function readBundle(path: string): Promise<Bundle> {
  await using files = await openFiles(path);
  const { manifest, manifestDigest, problems } = await checkFiles(files);
  const [problem] = problems;
  if (problem || !manifest) {
    const what = problem ?? { path: manifestName, zh: '缺失', en: 'is missing' };
    throw new InputError({
      zh: `证据包 ${path} 与其清单不符：${what.path} ${what.zh}。请用 leqi-audit verify 查看全部差异`,
      en: `the evidence in ${path} is not what its manifest says: ${what.path} ${what.en}. leqi-audit verify lists every difference`,
    });
  }
  const observations = await readObservations(files, manifest, path);
  const [declared, other] = observations.filter(
    (each): each is Observation<'platform'> => each.kind === 'platform' && each.observed !== undefined,
  );
  // Which hosts must have been asked would hang on which of them comes first.
  if (other) {
    throw new InputError({
      zh: `证据包 ${path} 有不止一份平台声明，无法评估`,
      en: `the evidence in ${path} has more than one platform declaration and cannot be assessed`,
    });
  }
  if (!declared?.observed) {
    throw new InputError({
      zh: `证据包 ${path} 没有平台声明，无法评估`,
      en: `the evidence in ${path} has no platform declaration and cannot be assessed`,
    });
  }
  return { manifest, manifestDigest, declaration: declared.observed, observations };
}

/** One difference between a bundle and its manifest. */
export type FileProblem = { path: string; zh: string; en: string };

/** Compares every file with the manifest, and the manifest with its seal. */
export async function checkFiles(
  files: Files,
): Promise<{ manifest?: Manifest; manifestDigest: string; problems: FileProblem[] }> {
  const problems: FileProblem[] = [];
  const bytes = await files.read(manifestName);
  if (!bytes) return { manifestDigest: '', problems: [{ path: manifestName, zh: '缺失', en: 'is missing' }] };
  const manifestDigest = digestsOf(bytes).sha256;
  const seal = (await files.read(sealName))?.toString('utf8');
  if (seal === undefined) problems.push({ path: sealName, zh: '缺失', en: 'is missing' });
  else if (seal !== sealOf(manifestDigest))
    problems.push({
      path: manifestName,
      zh: `与 ${sealName} 记载的哈希不符`,
      en: `does not match the hash in ${sealName}`,
    });
  const read = manifestSchema.safeParse(parseJson(bytes));
  if (!read.success) {
    problems.push({
      path: manifestName,
      zh: '格式不正确，或由更新版本写成',
      en: 'is malformed, or written by a newer version',
    });
    return { manifestDigest, problems };
  }
  const paths = new Set<string>();
  for (const { path, ...expected } of read.data.files) {
    if (paths.has(path)) problems.push({ path, zh: '在清单中重复', en: 'stands twice in the manifest' });
    paths.add(path);
    const content = await files.read(path);
    if (!content) problems.push({ path, zh: '缺失', en: 'is missing' });
    else if (content.length !== expected.bytes || !isDeepStrictEqual(digestsOf(content), digestsIn(expected))) {
      problems.push({ path, zh: '内容被改动（哈希不符）', en: 'was changed (hash mismatch)' });
    }
  }
  const listed = new Set([manifestName, sealName, ...paths]);
  for (const path of await files.list()) {
    if (!listed.has(path)) problems.push({ path, zh: '不在清单中', en: 'is not in the manifest' });
  }
  return { manifest: read.data, manifestDigest, problems };
}

function digestsIn({ sha256: one, sm3 }: Digests): Digests {
  return { sha256: one, sm3 };
}

/** The line that seals a manifest, as `sha256sum -c` reads it. */
export function sealOf(manifestDigest: string): string {
  return `${manifestDigest}  ${manifestName}\n`;
}

async function readObservations(files: Files, manifest: Manifest, bundle: string): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (const { path } of manifest.files) {
    const [folder, file = ''] = path.split('/');
    if (folder !== observationsFolder) continue;
    const kind = file.replace(/\.jsonl$/, '');
    if (!isKind(kind)) {
      throw new InputError({
        zh: `${bundle}/${path}：未知的证据种类，可能由更新版本采集；本版本认识：${kindNames.join('、')}`,
        en: `${bundle}/${path}: unknown kind of evidence, perhaps collected by a newer version; this one knows: ${kindNames.join(', ')}`,
      });
    }
    const content = await files.read(path);
    for (const observation of parseLines(content ?? Buffer.alloc(0), kind, `${bundle}/${path}`))
      observations.push(observation);
  }
  const ids = new Set(observations.map(({ id }) => id));
  if (ids.size < observations.length) {
    throw new InputError({
      zh: `证据包 ${bundle} 中有编号重复的证据`,
      en: `the evidence in ${bundle} holds observations with the same id`,
    });
  }
  return observations.toSorted(byKindAndSubject);
}

// Line by line from the bytes: a fleet's evidence as one text would take twice its size again.
function* parseLines(content: Buffer, kind: Kind, path: string): Generator<Observation> {
  const wrong = (number: number, zh: string, en: string): InputError =>
    new InputError({ zh: `${path}:${number}：${zh}`, en: `${path}:${number}: ${en}` });
  for (let start = 0, number = 1; start < content.length; number += 1) {
    const newline = content.indexOf('\n', start);
    const end = newline < 0 ? content.length : newline;
    const line = content.toString('utf8', start, end);
    start = end + 1;
    if (line === '') continue;
    const data = parseJson(line);
    const read = parseObservation(kind, data);
    if ('problem' in read) throw wrong(number, read.problem, read.problem);
    const { id } = read.value;
    if (idOfLine(line, id) !== id && idOf(data) !== id) {
      throw wrong(number, `编号 ${id} 与内容不符`, `the id ${id} is not that of its content`);
    }
    yield read.value;
  }
}

// A line as this program writes it is canonical JSON: without its id it is what the id was computed from.
function idOfLine(line: string, id: string): string {
  return idOfText(line.replace(`"id":"${id}",`, ''));
}

/** The id that an observation's content gives it; an id it has already is not part of that. */
export function idOf(content: unknown): string {
  const { id: _, ...body } = z.looseObject({}).parse(content);
  return idOfText(canonicalJson(body));
}

/** The id that the canonical JSON of an observation without one gives it. */
export function idOfText(body: string): string {
  return `E-${sha256(body).slice(0, 10)}`;
}

/** The order of observations in a bundle and in an assessment; by code unit, so that no locale changes it. */
export function byKindAndSubject(a: Observation, b: Observation): number {
  return compare(a.kind, b.kind) || compare(a.subject, b.subject) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function parseJson(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
}
