import { checkFiles, type FileProblem, type Manifest } from './bundle.ts';
import { openFiles } from './files.ts';

/** What a verification proves: these bytes are those that were collected, as far as the seal beside them goes. */
export type Verification = { manifest?: Manifest; manifestDigest: string; files: number; problems: FileProblem[] };

/** Hashes every file of a bundle (folder or zip) again and compares it with the manifest, and the manifest with its seal. */
export async function verifyBundle(path: string): Promise<Verification> {
  await using files = await openFiles(path);
  return { ...(await checkFiles(files)), files: (await files.list()).length };
}
