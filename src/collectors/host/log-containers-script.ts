import type { DeclaredHost } from '../../platform.ts';

// Of a container's settings only those that say where its log lies and how long; credentials may stand beside them.
const options = ['max-size', 'max-file', 'syslog-address', 'gelf-address', 'fluentd-address', 'loki-url', 'splunk-url'];
const settings = options.map(
  (option) => `{{with index .HostConfig.LogConfig.Config "${option}"}}${option}={{.}} {{end}}`,
);

/**
 * A sh function `containers`: prints a line for each declared container, docker-inspect(1), podman-inspect(1), and its log's files as
 * stat(1) tells them; of Kubernetes the files below /var/log/pods. Nothing where no container is declared.
 */
export function containersScript({ containers }: Pick<DeclaredHost, 'containers'>): string {
  if (containers === undefined) return '';
  // The platform file lets no other characters into a name than those of names and patterns.
  const names = containers.map(({ name }) => name);
  return `limited() { if command -v timeout >/dev/null; then timeout 20 "$@"; else "$@"; fi; }
inspected() {
  command -v "$1" >/dev/null || return 0
  ids=$(limited "$1" ps -a -q --no-trunc 2>/dev/null) || { printf 'no-containers %s\\n' "$1"; return 0; }
  printf 'asked %s\\n' "$1"
  for id in $ids; do
    limited "$1" inspect --type container --format '{{.Name}} {{json .Created}} {{.HostConfig.LogConfig.Type}} '"$2"' ${settings.join('')}' "$id" 2>/dev/null </dev/null | head -n 1 | while read -r name rest; do
      case \${name#/} in ${names.join('|')}) printf 'container %s %s %s\\n' "$1" "\${name#/}" "$rest" ;; *) continue ;; esac
      path=/\${rest#* * /}; path=\${path%% *}
      case $rest in *' /'*) for f in "$path"*; do [ ! -f "$f" ] || stat -c '%s %Y %n' "$f"; done ;; esac
    done
  done
}
containers() {
  printf '=time %s\\n' "$LEQI_JSON"; inspected docker '{{.LogPath}}'; echo '=time '
  inspected podman '{{.HostConfig.LogConfig.Path}} max-size={{.HostConfig.LogConfig.Size}}'
  if [ -d /var/log/pods ]; then
    [ -r /var/log/pods ] && echo 'asked kubernetes' || echo 'no-containers kubernetes'
    ${names.map((name) => `for d in /var/log/pods/*/${name}; do [ -d "$d" ] && find -H "$d" -xdev -type f ! -path '*[[:cntrl:]]*' -exec stat -c '%s %Y %n' {} +; done`).join('\n    ')}
  fi
}`;
}

/** The same for rules only: the lines of the containers, and what the kubelet keeps of their logs. */
export function containerRulesScript(host: Pick<DeclaredHost, 'containers'>): string {
  return `${containersScript(host)}
export LC_ALL=C
containers | grep -v '^[0-9=]'
if [ -d /var/log/pods ]; then
  echo kubelet
  for f in /var/lib/kubelet/config.yaml /etc/kubernetes/kubelet-config.yaml /etc/kubernetes/kubelet.yaml; do
    [ -e "$f" ] || continue
    if [ -r "$f" ]; then echo "config $f"; head -c 65536 "$f" | grep -E '^ *"?containerLogMax(Size|Files)"?:' | sed 's/^/ /'; else printf '!! %s\\n' "$f"; fi
  done
  for p in /proc/[0-9]*; do
    [ "$(cat "$p/comm" 2>/dev/null)" = kubelet ] || continue
    tr '\\000' '\\n' <"$p/cmdline" | awk '
      /^--(container-log-max-(size|files)|config|config-dir)$/ { flag = $0; if ((getline) > 0) print "flag " flag "=" $0; next }
      /^--(container-log-max-(size|files)|config|config-dir)=/ { print "flag " $0 }'
  done
fi
echo done`;
}
