import type { Command } from '../../collector.ts';
import { quoted } from '../log-places.ts';
import { kernelScript } from './kernel-script.ts';
import { nginxReducer } from './nginx-script.ts';
import { processesScript } from './processes-script.ts';
import { cleanWord, configFunctions, lineReducer, splitWords } from './script-parts.ts';

/** A program whose configuration is read: how its processes are called, and where its files are. */
type Program = {
  readonly name: string;
  /** As /proc/PID/comm says. */
  readonly processes: string;
  readonly reduce: string;
  /** Between words; blank and tab if absent. */
  readonly separators?: string;
  /** sh that, given $pid, $arguments and $root, calls `take FILE` for each configuration file of a process. */
  readonly files: string;
  /** sh that sets $base, the folder of relative includes, where it is not that of the file. */
  readonly base?: string;
  /** Where it is looked for when nothing says otherwise. */
  readonly usual: readonly string[];
};

const given = (flags: string): string =>
  `for file in $(value_of '${flags}'); do take "$(absolute "$file" "$pid")"; done`;

const programs: readonly Program[] = [
  {
    name: 'nginx',
    processes: 'nginx openresty tengine',
    reduce: nginxReducer,
    // The title of a master process is one word: `nginx: master process /usr/sbin/nginx -c FILE`.
    files: `case $arguments in 'nginx: '*master*) ;; 'nginx: '*) return 0 ;; esac
  arguments=$(printf '%s' "$arguments" | tr ' ' '\\t')
  built=$(head -c 67108864 "/proc/$pid/exe" | tr -c '[:print:]' '\\n' | grep -e '--prefix=' -e '--conf-path=' | tr ' ' '\\n')
  prefix=$(value_of -p); [ -n "$prefix" ] || prefix=$(printf '%s\\n' "$built" | sed -n 's/^--prefix=//p' | head -n 1)
  file=$(value_of -c); [ -n "$file" ] || file=$(printf '%s\\n' "$built" | sed -n 's/^--conf-path=//p' | head -n 1)
  [ -n "$file" ] || [ -z "$built$prefix" ] || file=conf/nginx.conf
  case $file in '' | /*) ;; *) file=\${prefix:-/usr/local/nginx}/$file ;; esac
  [ -z "$file" ] || take "$file"`,
    usual: [
      '/etc/nginx/nginx.conf',
      '/usr/local/nginx/conf/nginx.conf',
      '/usr/local/openresty/nginx/conf/nginx.conf',
      '/usr/local/tengine/conf/nginx.conf',
      '/opt/nginx/conf/nginx.conf',
    ],
  },
  {
    name: 'apache',
    processes: 'apache2 httpd',
    reduce: lineReducer(
      '^(<\\/?(virtualhost|location|locationmatch|proxy|proxymatch|macro)>?|listen|serverroot|include|includeoptional|define|use|proxypass|proxypassmatch|proxyremote|proxyremotematch|proxyrequests|rewriterule|balancermember|sethandler|allowoverride|loadmodule|luamaphandler|luahook[a-z]*|require|deny)$',
      `if (tolower(word[1]) == "define") { n = word[3] == "" ? 2 : 3; word[3] = secret(word[2]) ? "?" : destination(word[3]) }
  if (tolower(word[1]) == "use") n = 2
  if (tolower(word[1]) ~ /^(require|deny)$/) n = 2`,
    ),
    files: `[ -z "$(value_of '-c -C')" ] || echo "!! unclear apache-arguments"
  for file in $(value_of -f); do case $file in /*) take "$file" ;; *) take "$(value_of -d)/$file" ;; esac; done`,
    base: `real "$root" "$1"; stated=$(sed -n 's/^[[:space:]]*ServerRoot[[:space:]]*"*\\([^"]*\\)"*.*/\\1/p' "$root$out" | head -n 1); base=\${stated:-$base}`,
    usual: [
      '/etc/apache2/apache2.conf',
      '/etc/httpd/conf/httpd.conf',
      '/usr/local/apache2/conf/httpd.conf',
      '/etc/apache2/httpd.conf',
    ],
  },
  {
    name: 'haproxy',
    processes: 'haproxy',
    reduce: lineReducer(
      '^(global|defaults|frontend|backend|listen|peers|ring|log-forward|resolvers|program|cache|bind|server|server-template|default-server|default_backend|use_backend|use-server|dispatch|option|http-request|tcp-request|lua-load|lua-load-per-thread|acl)$',
      // Conditions may hold credentials: only that a source is asked for, or the name of a list, is kept of them.
      `if (word[1] == "acl") { if (word[3] !~ /^src/) next; n = 3 }
  if (word[1] ~ /^(http-request|tcp-request|use_backend|use-server)$/) {
    most = word[1] == "tcp-request" ? 3 : 2; count = n; n = most < n ? most : n; nested = 0
    for (i = 2; i <= n; i++) if (word[i] !~ /^%/) sub(/[(].*/, "", word[i])
    for (i = most + 1; i <= count; i++) {
      if (nested && word[i] ~ /^src/) { word[++n] = "src"; continue }
      if (word[i] == "{") nested = 1
      else if (word[i] == "}") nested = 0
      else if (!nested && seenIf && word[i] ~ /^!?[A-Za-z0-9_.:-]+$/) word[++n] = word[i]
      if (word[i] ~ /^(if|unless)$/) seenIf = 1
    }
    seenIf = 0
  }`,
    ),
    files: `for file in $(value_of -f); do file=$(absolute "$file" "$pid"); if [ -d "$root$file" ]; then take "$file/*"; else take "$file"; fi; done`,
    usual: ['/etc/haproxy/haproxy.cfg', '/usr/local/etc/haproxy/haproxy.cfg'],
  },
  {
    name: 'squid',
    processes: 'squid squid3',
    reduce: lineReducer(
      '^(http_port|https_port|ftp_port|include|cache_peer|acl|http_access|never_direct)$',
      'if (tolower(word[1]) == "acl" && word[3] !~ /^dst(domain)?$/) next',
    ),
    files: given('-f'),
    usual: ['/etc/squid/squid.conf', '/etc/squid3/squid.conf', '/usr/local/squid/etc/squid.conf'],
  },
  {
    name: 'envoy',
    processes: 'envoy',
    // Of a whole file on one line, too, nothing but these keys and their values.
    separators: ' \\t:{}[],',
    reduce: lineReducer(
      '.',
      `kept = 0
  for (i = 1; i <= n; i++) {
    if (word[i] ~ /^(listeners|clusters|admin|node|layered_runtime|dynamic_resources|api_config_source|[a-z]*ds_config)$/ || word[i] ~ /original_dst|dynamic_forward_proxy/) word[++kept] = word[i]
    else if (word[i] ~ /^(address|port_value|path)$/) { word[kept + 1] = word[i]; word[kept + 2] = word[i + 1]; kept += 2; i++ }
  }
  n = kept; if (n == 0) next`,
    ),
    files: `[ -z "$(value_of '--config-yaml')" ] || echo "!! unclear envoy-arguments"
  ${given('-c --config-path')}`,
    usual: ['/etc/envoy/envoy.yaml', '/etc/envoy/envoy.yml'],
  },
  {
    name: 'stunnel',
    processes: 'stunnel stunnel4 stunnel5 stunnel3',
    separators: ' \\t=',
    reduce: lineReducer('^(\\[.*|accept|connect|include|socksclient|protocol)$'),
    files: `file=$(printf '%s\\n' "$arguments" | awk -F'\\t' '{ print $2 }'); case $file in '' | -*) ;; *) take "$(absolute "$file" "$pid")" ;; esac`,
    usual: ['/etc/stunnel/*.conf'],
  },
  {
    name: 'rinetd',
    processes: 'rinetd',
    reduce: lineReducer('^([][0-9a-f.:*]+|[a-z0-9.-]+|include)$'),
    files: given('-c --conf-file'),
    usual: ['/etc/rinetd.conf'],
  },
  {
    name: 'xinetd',
    processes: 'xinetd',
    separators: ' \\t=',
    reduce: lineReducer('^(service|defaults|port|bind|interface|redirect|disable|include|includedir|\\})$'),
    files: given('-f'),
    usual: ['/etc/xinetd.conf'],
  },
];

// A usual file counts for a process that names none, and, where nothing runs, as configured only.
function configScript({ name, processes, reduce, separators = ' \\t', files, base, usual }: Program): string {
  const words = reduce === nginxReducer ? '' : '$split_words';
  return `echo '=% ${name}'
separators=${quoted(separators)}
reduce="$clean_word${words}"${quoted(reduce)}
base_of() { ${base ?? ':'}
}
usual() {
  for file in ${usual.map(quoted).join(' ')}; do
    case $file in *'*'*) [ -d "$root\${file%/*}" ] || continue ;; *) real "$root" "$file"; [ -e "$root$out" ] || continue ;; esac
    take "$file"
  done
}
any=
instance() {
  any=yes taken=
  ${files}
  [ -n "$taken" ] || usual
  [ -n "$taken" ] || echo "!! missing ${name}-configuration"
}
{ each_process '${processes}'; } 2>/dev/null
root= network= pid=-
[ -n "$any" ] || usual`;
}

/** The programs whose configurations are read. */
export const programNames: readonly string[] = programs.map(({ name }) => name);

const programsCommand: Command = {
  name: 'programs',
  why: `where these listen and where they forward to, from their configuration files: ${programNames.join(', ')}`,
  asRoot: true,
  timeout: 120,
  limit: 8 * 1024 * 1024,
  script: `clean_word=${quoted(cleanWord)}
split_words=${quoted(splitWords)}
${configFunctions}
take() {
  taken=yes shown=$newline
  printf '=@ %s\\t%s\\t%s\\t%s\\n' "$pid" "$1" "\${root:+container}" "$network"
  base=\${1%/*}
  base_of "$1"
  case $1 in *[*?[]*) include "$root" "$1" 0 ;; *) read_config "$root" "$1" 0 ;; esac
}
{ find_processes '${programs.map(({ processes }) => processes).join(' ')}'; } 2>/dev/null
${programs.map(configScript).join('\n')}
echo end`,
};

/** The questions about forwards. Each prints `uid:` first and ends with the line `end`, so that a script that was cut short is noticed. */
export const commands: readonly Command[] = [
  {
    name: 'processes',
    why: 'arguments of running programs that forward: socat, ssh, docker-proxy and the like; no secret is printed',
    asRoot: true,
    script: processesScript,
  },
  programsCommand,
  {
    name: 'settings',
    why: 'forwards in the settings of SSH, socket proxies of systemd, names in the hosts file',
    asRoot: true,
    script: `export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
echo "uid:$(id -u)"
lines() {
  for f do
    [ -f "$f" ] || continue
    case $f in *[[:cntrl:]]*) continue ;; esac
    [ -r "$f" ] || { echo "!! denied $f"; continue; }
    echo "== $f"; head -c 65536 "$f" | tr -d '\\000\\001-\\010\\013-\\037' | grep -niE "$pattern" | head -n 500 | cut -c1-600 | sed 's/^/ /'
  done
}
pattern='^[[:space:]]*(LocalForward|RemoteForward|DynamicForward|GatewayPorts|Tunnel)[[:space:]=]'
lines /etc/ssh/ssh_config /etc/ssh/ssh_config.d/*.conf /root/.ssh/config /home/*/.ssh/config
pattern='^[[:space:]]*(AllowTcpForwarding|DisableForwarding|Include|Match)[[:space:]=]'
lines /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf
pattern='systemd-socket-proxyd|^[[:space:]]*ListenStream[[:space:]]*='
for unit in $(grep -ls systemd-socket-proxyd /etc/systemd/system/*.service /run/systemd/system/*.service /usr/local/lib/systemd/system/*.service /usr/lib/systemd/system/*.service /lib/systemd/system/*.service); do
  lines "$unit" "\${unit%.service}.socket"
done
pattern='^[[:space:]]*[0-9a-fA-F:.]+[[:space:]]'
lines /etc/hosts
echo end`,
  },
  {
    name: 'kernel',
    why: 'whether the kernel routes, and its rules that translate or redirect',
    asRoot: true,
    timeout: 60,
    limit: 8 * 1024 * 1024,
    script: kernelScript,
  },
];
