import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { offencesIn } from './reach.ts';
import { sourcesBelow, textOf } from './tree.ts';

const everything = [...sourcesBelow('src'), ...sourcesBelow('checks')];

test.each(everything)('%s reaches nothing past the scope guard', (path) => {
  expect(offencesIn(path, textOf(path))).toEqual([]);
});

test.each(['src', 'checks'])('all code below %s is TypeScript, which the test above reads', (folder) => {
  const files = readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' });
  const others = files.filter((path) => !path.endsWith('.ts') && statSync(join(packageRoot, folder, path)).isFile());
  expect(others).toEqual([]);
});

describe('a way around the guard is found', () => {
  const anywhere = 'src/collectors/host/clock.ts';

  test.each([
    "import { connect } from 'node:net';",
    "import { type Socket, connect as open } from 'node:net';",
    "import net from 'node:net';",
    "import * as net from 'node:net';",
    "import net, { isIP } from 'node:net';",
    'import { connect } from "net";',
    "import { connect } from 'node:tls';",
    "import { createSocket } from 'node:dgram';",
    "import { get } from 'node:https';",
    "import { connect } from 'node:http2';",
    "import { lookup } from 'node:dns/promises';",
    "import { spawn } from 'node:child_process';",
    "import {\n  exec,\n} from 'node:child_process';",
    "export { spawn } from 'node:child_process';",
    "export * from 'node:child_process';",
    "import cluster from 'node:cluster';",
    "import { Worker } from 'node:worker_threads';",
    "import { createRequire } from 'node:module';",
    "import { runInThisContext } from 'node:vm';",
    "import { open } from 'node:inspector';",
    "import { DatabaseSync } from 'node:sqlite';",
    "import 'node:net';",
    "import { request } from 'undici';",
    "import { launch } from 'puppeteer-core';",
    "import { helper } from '../helper.js';",
    "const { spawn } = await import('node:child_process');",
    "const { launch } = await import('puppeteer-core');",
    'await import(name);',
    'await import(`node:$' + '{name}`);',
    "await import('node:' + name);",
    "await fetch('https://a.test');",
    'const get = fetch;',
    'fetch.call(undefined, url);',
    "new WebSocket('wss://a.test');",
    "new EventSource('https://a.test');",
    "new Worker('./other.ts');",
    'globalThis[name](url);',
    "eval('1');",
    "new Function('return process')();",
    "[].constructor.constructor('return process')();",
    "process.binding('tcp_wrap');",
    "process.getBuiltinModule('net');",
    "process['binding']('tcp_wrap');",
    'process.dlopen(module, path);',
    "require('net');",
    "const script = 'cat /etc/conf.d/*.conf';\nawait fetch('https://a.test');\nconst other = '/proc/[0-9]*/comm';",
    "import { createGate } from '../../gate.ts';",
    "import { createScope } from '../../scope.ts';",
    "import { lookUp } from '../../name-service.ts';",
    "import { type Patience, ask } from '../../name-service.ts';",
    "import * as names from '../../name-service.ts';",
  ])('%s', (line) => {
    const source = textOf(anywhere);
    expect(offencesIn(anywhere, `${line}\n${source}`)).not.toEqual([]);
    expect(offencesIn(anywhere, `${source}\n${line}\n`)).not.toEqual([]);
  });

  test.each([
    ['src/collectors/transports/socket.ts', 'connect({ host, port });'],
    ['src/collectors/transports/socket.ts', 'const open = connect;'],
    ['src/collectors/transports/service-talk.ts', 'connect(443, host);'],
    ['src/collectors/transports/http.ts', 'request({ host, port });'],
    ['src/collectors/transports/http.ts', "request('http://a.test');"],
    ['src/collectors/transports/http.ts', 'const ask = request;'],
    ['src/collectors/transports/http.ts', "import { get } from 'node:http';"],
    ['src/collectors/transports/http.ts', 'connect({ host, port });'],
    ['src/collectors/transports/socket.ts', "import { connect as open } from 'node:net';"],
    ['src/collectors/transports/socket.ts', "import { createServer } from 'node:tls';"],
    ['src/reporters/pdf/fonts.ts', "createRequire(import.meta.url)('net');"],
    ['src/gate.ts', "import { exec } from 'node:child_process';"],
    ['src/scope.ts', "import { lookup } from 'node:dns/promises';"],
    ['src/name-service.ts', "import { connect } from 'node:net';"],
  ])('in %s: %s', (path, line) => {
    expect(offencesIn(path, `${textOf(path)}\n${line}\n`)).not.toEqual([]);
  });

  test.each([
    "import type { Socket } from 'node:net';",
    "import { type Socket } from 'node:net';",
    "import { join } from 'node:path';",
    '// fetch() would do it',
    "const at = import.meta.dirname; const { pdf } = await import('./pdf.ts');",
  ])('and no other: %s', (line) => {
    expect(offencesIn(anywhere, `${line}\n${textOf(anywhere)}`)).toEqual([]);
  });
});
