import { execFileSync } from 'node:child_process';
import { suiteName } from '../src/evidence/network/cipher-suites.ts';

/** `version suite` for everything that a tool's output says is accepted, by IANA's names. */
export function acceptedBy(output: string): ReadonlySet<string> {
  if (output.includes('"observed"')) return ours(output);
  if (output.includes('ssl-enum-ciphers')) return nmap(output);
  if (output.includes('Supported Server Cipher')) return sslscan(output);
  return testssl(output);
}

function ours(output: string): Set<string> {
  const found = new Set<string>();
  let version = '';
  let isList = false;
  for (const line of output.split('\n')) {
    version = line.match(/"version": "([^"]+)"/)?.[1] ?? version;
    if (line.includes('"suites"')) isList = true;
    if (line.includes('"groups"') || line.includes('"order"')) isList = false;
    const suite = line.match(/^\s+"((?:TLS|SSL|ECC|ECDHE|RSA|IB)\w*_\w+)",?$/)?.[1];
    if (isList && suite) found.add(`${version} ${suite}`);
  }
  return found;
}

function nmap(output: string): Set<string> {
  const found = new Set<string>();
  let version = '';
  for (const line of output.split('\n')) {
    version = line.match(/^\|\s+((?:TLS|SSL)v[\d.]+):/)?.[1] ?? version;
    const suite = line.match(/^\|\s+(TLS_\w+)/)?.[1];
    // nmap writes TLS 1.3 suites with a key exchange that they have not: TLS_AKE_WITH_….
    if (suite) found.add(`${version} ${suite.replace('TLS_AKE_WITH_', 'TLS_')}`);
  }
  return found;
}

function sslscan(output: string): Set<string> {
  const found = new Set<string>();
  for (const [, version, suite] of output.matchAll(
    /^(?:Preferred|Accepted)\s+((?:TLS|SSL)v[\d.]+)\s+\d+ bits\s+(\S+)/gm,
  ))
    found.add(`${version} ${byOpenssl.get(suite ?? '') ?? suite}`);
  return found;
}

// sslscan writes OpenSSL's names.
const byOpenssl = new Map(
  execFileSync('openssl', ['ciphers', '-stdname', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', , theirs = ''] = line.split(/\s+/);
      return [theirs, name] as const;
    }),
);

function testssl(output: string): Set<string> {
  const found = new Set<string>();
  let version = '';
  for (const line of output.split('\n')) {
    const heading = line.match(/^\s*(SSLv2|SSLv3|TLSv1(?:\.[0-3])?|TLS 1(?:\.[0-3])?)\b/)?.[1]?.replace('TLS ', 'TLSv');
    if (heading) version = heading === 'TLSv1' ? 'TLSv1.0' : heading;
    const code = line.match(/^\s*x([0-9a-f]{2,4})\s/)?.[1];
    if (code && version) found.add(`${version} ${suiteName(Number.parseInt(code, 16))}`);
  }
  return found;
}
