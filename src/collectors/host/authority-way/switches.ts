/** A setting that turns the verification of certificates off. */
export type KnownSwitch = {
  readonly name: string;
  /** An extended regular expression of awk, for a line in lower case without blanks and quotes. */
  readonly pattern: string;
  /** It holds for everything that the program calls. */
  readonly all?: true;
};

const no = '(false|0|no|off|none|disabled)([^a-z0-9]|$)';
const yes = '(true|1|yes|on|enabled)([^a-z0-9]|$)';
const gap = '[_.:-]?';
const is = '(=>|[=:,])';

/** What is known of them; mawk of Debian 12 knows no `{n}`, hence none here. */
export const knownSwitches: readonly KnownSwitch[] = [
  // https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue
  { name: 'NODE_TLS_REJECT_UNAUTHORIZED=0', pattern: `node_tls_reject_unauthorized${is}0([^0-9]|$)`, all: true },
  // PEP 493
  { name: 'PYTHONHTTPSVERIFY=0', pattern: `pythonhttpsverify${is}0([^0-9]|$)`, all: true },
  { name: 'rejectUnauthorized: false', pattern: `(^|[^a-z_])reject${gap}unauthorized${is}${no}` },
  { name: 'InsecureSkipVerify: true', pattern: `insecure${gap}skip${gap}(tls${gap})?verify${is}${yes}` },
  { name: 'insecure: true', pattern: `(ssl|tls|https)${gap}(allow${gap})?insecure${is}${yes}` },
  { name: 'sslVerify: false', pattern: `(ssl|tls|https?)${gap}(server${gap})?verif(y|ication)[a-z_.-]*${is}${no}` },
  {
    name: 'verifySsl: false',
    pattern: `(verify|validate|check)${gap}(ssl|tls|https|certs?|certificates?|server${gap}cert|server${gap}certificate|host|hostname|peer|trust)${is}${no}`,
  },
  {
    name: 'trustAllCerts: true',
    pattern: `(trust|accept|allow)${gap}(all|any|every)[a-z]*${gap}(ssl|certs?|certificates?|hosts?)?${is}${yes}`,
  },
  {
    name: 'trustSelfSigned: true',
    pattern: `(trust|accept|allow)${gap}(self${gap}signed|unsafe|untrusted|invalid)[a-z_.-]*${is}${yes}`,
  },
  {
    name: 'ignoreSsl: true',
    pattern: `(ignore|skip|disable|bypass|no)${gap}(ssl|tls|https|certs?|certificates?|hostname)${gap}(verify|verification|verifier|checks?|errors?|validation)?${is}${yes}`,
  },
  {
    name: 'NoopHostnameVerifier',
    pattern: 'noop_?hostname_?verifier|allow_?all_?hostname_?verifier|trust(all|any)strategy',
  },
  {
    name: 'jdk.internal.httpclient.disableHostnameVerification',
    pattern: `jdk[.]internal[.]httpclient[.]disablehostnameverification($|[^=:a-z]|${is}true)`,
    all: true,
  },
  { name: 'com.sun.net.ssl.checkRevocation=false', pattern: `com[.]sun[.]net[.]ssl[.]checkrevocation${is}false` },
  { name: 'DangerousAcceptAnyServerCertificateValidator', pattern: 'dangerousacceptanyservercertificatevalidator' },
  // nginx: ngx_http_proxy_module; haproxy: server … ssl verify none; curl(1), wget(1)
  { name: 'proxy_ssl_verify off', pattern: '(proxy|grpc|uwsgi)_ssl_verifyoff' },
  { name: 'verify none', pattern: 'sslverify(none|0)|verifynone' },
  { name: 'curl --insecure', pattern: '(^|[^a-z])curl.*--insecure' },
  { name: 'wget --no-check-certificate', pattern: '--no-check-certificate' },
  { name: 'verify: false', pattern: `(^|[^a-z])verify${is}${no}` },
];

/** awk function `switches(line)`: prints the number of each switch on the line behind `prefix`; `near` says that it names the authority. */
export const switchFunction = `
function switches(line, prefix, near,   plain, i) {
  plain = tolower(line)
  # Nearly all lines end here.
  if (plain !~ /verif|reject|insecure|ssl|tls|https|trust|accept|allow|cert|host|peer|revocation|curl/) return
  gsub(/["\\047\`\\\\ \\t\\r]/, "", plain)
  for (i = 1; i <= known; i++) if (plain ~ pattern[i]) print prefix i "\\t" near
  if (line ~ /(^|[^A-Za-z])curl[ \\t]([^|;]*[ \\t])?-[A-Za-z]*k([ \\t]|$)/ && plain !~ /--insecure/) print prefix "k\\t" near
}
BEGIN {
${knownSwitches.map(({ pattern }, index) => `  pattern[${index + 1}] = "${pattern.replaceAll('\\', '\\\\')}"`).join('\n')}
  known = ${knownSwitches.length}
}`;

/** The switch that a number stands for. */
export function switchOf(number: string): KnownSwitch | undefined {
  return number === 'k' ? { name: 'curl -k', pattern: '' } : knownSwitches[Number(number) - 1];
}
