import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeAssessment } from '../src/assessment/file.ts';
import { type Format, reporters } from '../src/reporters/index.ts';
import { largePlatform } from '../tests/support/large-platform/large-platform.ts';
import { buildCli, has } from './lab.ts';
import { type TreeCost, treeCost } from './process-tree.ts';
import { openInChromium } from './report-browser.ts';
import { partsOf } from './report-parts.ts';

// Reports of some 100, 1,000 and 10,000 findings: each format from launch to the closed file, the page in a browser, and other
// programs that make a PDF of it. Usage: npm run benchmark:report [hosts…] [--peers]

const asked = process.argv.slice(2).filter((arg) => /^\d+$/.test(arg));
const sizes = asked.length > 0 ? asked.map(Number) : [1, 29, 310];
const withPeers = process.argv.includes('--peers');
const folder = await mkdtemp(join(tmpdir(), 'leqi-audit-benchmark-report-'));

/** Seconds after which a peer is stopped. */
const patience = 300;

try {
  const cli = await buildCli(folder);
  say(`Node ${process.version}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`);
  for (const hosts of sizes) await measure(cli, hosts);
  await measureSeries(cli);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(cli: readonly string[], hosts: number): Promise<void> {
  const out = join(folder, String(hosts));
  const file = join(out, 'assessment.json');
  const { assessment } = await largePlatform({ hosts });
  await writeAssessment(file, assessment);
  const findings = assessment.requirements.flatMap((each) => each.findings).length;
  say(`\n${findings} findings, ${hosts} hosts, ${assessment.index.length} observations, ${await megabytes(file)}`);
  const formats = Object.keys(reporters) as Format[];
  for (const format of [...formats.filter((each) => each === 'pdf'), ...formats.filter((each) => each !== 'pdf')]) {
    const result = await treeCost([...cli, 'report', file, '--format', format]);
    if (result.status !== 0) throw new Error(result.output);
    line(format, result, `${await megabytes(join(out, reporters[format].file))}${await detail(format, out)}`);
  }
  for (const [name, seconds] of await partsOf(file, join(folder, 'profile')))
    say(`    ${name.padEnd(30)} ${seconds.toFixed(2).padStart(7)} s`);
  if (withPeers) await measurePeers(join(out, reporters.html.file), out);
}

async function detail(format: Format, out: string): Promise<string> {
  const path = join(out, reporters[format].file);
  if (format === 'pdf') {
    const pages = /Pages:\s+(\d+)/.exec(execFileSync('pdfinfo', [path], { encoding: 'utf8' }))?.[1];
    return `, ${pages} pages`;
  }
  if (format !== 'html') return '';
  const { firstPaint, interactive, filtered } = await openInChromium(path);
  const packed = (gzipSync(await readFile(path)).length / 1e6).toFixed(2);
  const search = filtered === undefined ? 'no search' : `search ${filtered.toFixed(0)} ms`;
  return `, ${packed} MB packed, first paint ${firstPaint.toFixed(0)} ms, interactive ${interactive.toFixed(0)} ms, ${search}`;
}

// The same page by programs that print pages: no tags, no checks, nothing attached.
async function measurePeers(page: string, out: string): Promise<void> {
  const to = join(out, 'peer.pdf');
  const peers: readonly (readonly [string, readonly string[]])[] = [
    ['chromium', ['--headless', '--no-sandbox', '--no-pdf-header-footer', `--print-to-pdf=${to}`, page]],
    ['weasyprint', [page, to]],
    ['wkhtmltopdf', ['--quiet', '--disable-javascript', page, to]],
  ];
  for (const [program, args] of peers) {
    if (!has(program)) {
      say(`  ${program}: not installed`);
      continue;
    }
    const result = await treeCost([program, ...args], patience);
    const size = await megabytes(to).catch(() => 'nothing written');
    line(program, result, result.status === undefined ? `stopped after ${patience} s` : size);
    await rm(to, { force: true });
  }
}

/** 24 assessments of some 10,000 findings: two compared, all as a history. */
async function measureSeries(cli: readonly string[]): Promise<void> {
  const hosts = sizes.at(-1) ?? 1;
  const runs = join(folder, 'runs');
  for (let month = 0; month < 24; month += 1) {
    const { assessment } = await largePlatform({ hosts, shift: month });
    await writeAssessment(join(runs, `${String(month + 1).padStart(2, '0')}.json`), assessment);
  }
  say(`\n24 assessments of ${hosts} hosts, each with other defects`);
  const [older, newer] = [join(runs, '23.json'), join(runs, '24.json')];
  line('diff of two', await treeCost([...cli, 'diff', older, newer, '--out', folder, '--format', 'html']), '');
  line('history of 24', await treeCost([...cli, 'history', runs]), '');
}

function line(what: string, { wall, cpu, own, children }: TreeCost, more: string): void {
  const memory = `${own.toFixed(0)} MB${children > 1 ? ` + ${children.toFixed(0)} MB` : ''}`;
  say(
    `  ${what.padEnd(14)} ${wall.toFixed(2).padStart(7)} s ${cpu.toFixed(2).padStart(7)} s CPU ${memory.padStart(16)}  ${more}`,
  );
}

async function megabytes(path: string): Promise<string> {
  return `${((await stat(path)).size / 1e6).toFixed(2)} MB`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
