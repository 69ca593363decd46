import { InputError } from '../errors.ts';
import type { Draft } from '../evidence/observation.ts';
import { headerOf, rawFolder, readBundle } from './bundle.ts';
import { entryOf, type Identified, identified } from './entries.ts';
import { openFiles } from './files.ts';
import { writeEntries } from './write.ts';

/**
 * Puts observations into a bundle that is there, in place of what it holds of the same kinds and subjects. All else stays byte for byte.
 * Throws {@link InputError} if the bundle cannot be read, is of another platform, or holds something newer.
 */
export async function addToBundle(path: string, drafts: readonly Draft[], platform: string): Promise<void> {
  const { manifest, observations } = await readBundle(path);
  if (manifest.platform !== platform) {
    throw new InputError({
      zh: `证据包 ${path} 属于平台「${manifest.platform}」，不是「${platform}」`,
      en: `the evidence in ${path} is of the platform "${manifest.platform}", not "${platform}"`,
    });
  }
  const added = new Map(drafts.map((draft) => [`${draft.kind} ${draft.subject}`, draft]));
  const kept: Identified[] = [];
  await using files = await openFiles(path);
  for (const observation of observations) {
    const replaced = added.get(`${observation.kind} ${observation.subject}`);
    if (!replaced) {
      const name = `${rawFolder}/${observation.raw}.txt`;
      const content = observation.raw === undefined ? undefined : await files.read(name);
      kept.push(content ? { observation, raw: { name, content } } : { observation });
    } else if (observation.observed !== undefined && observation.at > replaced.at) {
      throw new InputError({
        zh: `证据包 ${path} 中 ${observation.subject} 的证据（${observation.at}）比要导入的（${replaced.at}）更新`,
        en: `the evidence of ${observation.subject} in ${path} (${observation.at}) is newer than what is imported (${replaced.at})`,
      });
    }
  }
  await writeEntries(path, [...kept, ...drafts.map(identified)].map(entryOf), headerOf(manifest));
}
