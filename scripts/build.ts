import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Packages that every command loads; the others stay where npm puts them. */
const included = ['commander', 'ipaddr.js', 'yaml', 'zod'];

rmSync(join(folder, 'src'), { recursive: true, force: true });
const bundle = await rolldown({
  input: {
    cli: join(packageRoot, 'src/cli.ts'),
    'sqlite-child': join(packageRoot, 'src/collectors/transports/sqlite-child.ts'),
  },
  platform: 'node',
  external: Object.keys(dependencies)
    .filter((name) => !included.includes(name))
    .map((name) => new RegExp(`^${name}(/|$)`)),
});
await bundle.write({
  dir: join(folder, 'src'),
  format: 'esm',
  chunkFileNames: '[name]-[hash].js',
  minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
});
await bundle.close();
chmodSync(join(folder, 'src/cli.js'), 0o755);
writeFileSync(join(folder, 'licenses.txt'), included.map(licenseOf).join('\n'));

function licenseOf(name: string): string {
  return `${name}\n\n${readFileSync(join(packageRoot, 'node_modules', name, 'LICENSE'), 'utf8')}`;
}
