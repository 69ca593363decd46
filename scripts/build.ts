import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { z } from 'zod';
import { packageRoot } from '../src/package-root.ts';

// JavaScript as users have it, in few files: to find and load hundreds of small ones takes a short command most of its time.
// Usage: node scripts/build.ts [folder]

const folder = process.argv[2] ?? join(packageRoot, 'dist');
const { dependencies } = z
  .object({ dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')));

/** Packages that every command loads; of the other dependencies each stays where npm puts it. */
const included = ['commander', 'ipaddr.js', 'yaml', 'zod'];

rmSync(join(folder, 'src'), { recursive: true, force: true });
const bundle = await rolldown({
  input: {
    cli: join(packageRoot, 'src/cli.ts'),
    'sqlite-child': join(packageRoot, 'src/collectors/transports/sqlite-child.ts'),
    'sqlite-numbers-child': join(packageRoot, 'src/collectors/transports/sqlite-numbers-child.ts'),
  },
  platform: 'node',
  // What packages in CommonJS expect; a package's native part is optional, and left out.
  transform: { define: { __dirname: 'import.meta.dirname' } },
  external: [
    /\.node$/,
    'cpu-features',
    ...Object.keys(dependencies)
      .filter((name) => !included.includes(name))
      .map((name) => new RegExp(`^${name}(/|$)`)),
  ],
});
const { output } = await bundle.write({
  dir: join(folder, 'src'),
  format: 'esm',
  chunkFileNames: '[name]-[hash].js',
  // Else what two commands share would stand with what only one needs.
  codeSplitting: {
    groups: [
      { name: 'zod', test: /node_modules.zod/ },
      { name: 'yaml', test: /node_modules.yaml/ },
      { name: 'evidence', test: /src.evidence/ },
    ],
  },
  minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
});
await bundle.close();
chmodSync(join(folder, 'src/cli.js'), 0o755);
writeFileSync(join(folder, 'licenses.txt'), packagesIn(output).map(licenseOf).join('\n'));

function packagesIn(files: typeof output): string[] {
  const modules = files.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  const names = modules.flatMap((id) => id.match(/.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1] ?? []);
  return [...new Set(names)].toSorted();
}

function licenseOf(name: string): string {
  const at = join(packageRoot, 'node_modules', name);
  const [file] = readdirSync(at).filter((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} comes without a licence file, so it cannot be passed on`);
  return `${name}\n\n${readFileSync(join(at, file), 'utf8')}`;
}
