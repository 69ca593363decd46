import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';

/** Every TypeScript file below a folder of the checkout, as paths relative to the root, sorted. */
export function sourcesBelow(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith('.ts') && statSync(join(packageRoot, path)).isFile())
    .toSorted();
}

/** The text of a file of the checkout. */
export function textOf(path: string): string {
  return readFileSync(join(packageRoot, path), 'utf8');
}

/** What a file imports or re-exports, types included: package names as written, own files relative to the root. */
export function importsOf(path: string): string[] {
  const specifiers = [
    ...textOf(path).matchAll(
      /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
    ),
  ].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? relative(packageRoot, join(packageRoot, dirname(path), specifier)) : specifier,
  );
}
