import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { packageRoot } from '../src/package-root.ts';
import { fontFaces } from '../src/reporters/pdf/fonts.ts';

// Makes what runs on a machine that has neither internet nor npm nor Node: the program, its packages, Node, and the sums of all files.
// Usage: node scripts/pack-offline.ts [--out FOLDER] [--node FILE --arch ARCH] [--level 1..9] [--folder]

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: packageRoot },
    /** The Node program to include, of the architecture that it is for; default: the one that runs this. */
    node: { type: 'string', default: process.execPath },
    arch: { type: 'string', default: process.arch },
    /** Of compression. */
    level: { type: 'string', default: '6' },
    /** Leaves a folder instead of an archive. */
    folder: { type: 'boolean', default: false },
  },
});

const { version, files } = z
  .object({ version: z.string(), files: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')));
const lock = z
  .object({
    packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), optional: z.boolean().optional() })),
  })
  .parse(JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')));

const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const work = mkdtempSync(join(tmpdir(), 'leqi-audit-pack-'));
try {
  if (!values.folder && !/^[1-9]$/.test(values.level)) throw new Error('--level is a number from 1 to 9');
  const name = `leqi-audit-${version}-linux-${values.arch}`;
  const root = join(work, name);
  addProgram(join(root, 'app'));
  addPackages(join(root, 'app'));
  addNode(join(root, 'node'));
  addLauncher(join(root, 'bin', 'leqi-audit'));
  writeFileSync(join(root, 'SHA256SUMS'), sumsOf(root));
  const made = values.folder ? moved(root, join(out, name)) : archived(name);
  console.log(made);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function addProgram(to: string): void {
  execFileSync(process.execPath, [join(packageRoot, 'scripts/build.ts'), join(to, 'dist')], { stdio: 'inherit' });
  for (const path of [...files, 'package.json', 'README.md', 'LICENSE'])
    if (path !== 'dist') cpSync(join(packageRoot, path), join(to, path), { recursive: true });
}

// What npm would install for production, without what nothing runs: maps, types, and fonts in which no report is set.
function addPackages(to: string): void {
  const fonts = new Set(fontFaces().map(({ path }) => path));
  const isRun = (path: string): boolean =>
    /\.[tow]tf2?$/.test(path) ? fonts.has(path) : !/\.map$|\.d\.[cm]?ts$/.test(path);
  for (const [path, { dev, optional }] of Object.entries(lock.packages)) {
    if (path === '' || dev || optional) continue;
    const from = join(packageRoot, path);
    // A package within another comes with its own entry.
    const filter = (each: string): boolean => isRun(each) && each !== join(from, 'node_modules');
    cpSync(from, join(to, path), { recursive: true, filter });
  }
}

function addNode(to: string): void {
  mkdirSync(join(to, 'bin'), { recursive: true });
  cpSync(values.node, join(to, 'bin', 'node'), { dereference: true });
  const licence = [join(dirname(values.node), '..', 'LICENSE'), ...besideNpm()].find(isFile);
  if (licence === undefined)
    console.error(`no LICENSE was found beside ${values.node}: add it before the archive is passed on`);
  else cpSync(licence, join(to, 'LICENSE'));
}

// The npm package `node` links the program out of a package of the architecture.
function besideNpm(): string[] {
  const packages = join(dirname(values.node), '..', 'node_modules', `node-linux-${values.arch}`, 'LICENSE');
  return [packages, join(dirname(values.node), 'LICENSE')];
}

function isFile(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}

// Of other programs it needs readlink alone, and that only where it is called by a link.
function addLauncher(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const script = `#!/bin/sh
here=$0
[ ! -L "$here" ] || here=$(readlink -f "$here")
root=\${here%/*}/..
exec "$root/node/bin/node" "$root/app/dist/src/cli.js" "$@"
`;
  writeFileSync(path, script, { mode: 0o755 });
}

function sumsOf(root: string): string {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted();
  return paths.map((path) => `${sha256(join(root, path))}  ${path}\n`).join('');
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function moved(from: string, to: string): string {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
  return to;
}

// The same files give the same archive.
function archived(name: string): string {
  const archive = join(out, `${name}.tar.gz`);
  const order = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=u+rwX,go+rX,go-w'];
  execFileSync('tar', ['-C', work, ...order, '-I', `gzip -n${values.level}`, '-cf', `${archive}.partial`, name]);
  renameSync(`${archive}.partial`, archive);
  writeFileSync(`${archive}.sha256`, `${sha256(archive)}  ${name}.tar.gz\n`);
  return archive;
}
