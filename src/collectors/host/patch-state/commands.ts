import type { Command } from '../../collector.ts';

/**
 * The questions about security updates. Package managers are not started, for even a simulated upgrade writes a log: their databases
 * and the metadata they fetched are read.
 * @param root below which everything is looked for: for tests
 */
export function patchCommands(root = ''): readonly Command[] {
  return [
    {
      name: 'system',
      why: 'the distribution, its kernels, and when packages were last upgraded',
      script: systemScript(root),
    },
    {
      name: 'updates',
      why: 'installed packages of which the stored security metadata has another version',
      script: updatesScript(root),
      timeout: 60,
      limit: 4 * 2 ** 20,
    },
  ];
}

// In a container the running kernel is the host's, and there is no image of it below /boot.
function systemScript(root: string): string {
  return `export LC_ALL=C
echo "now $(date +%s) $(date +%z)"
f=${root}/etc/os-release; [ -f "$f" ] || f=${root}/usr/lib/os-release
[ ! -f "$f" ] || head -c 4096 "$f" | grep -E '^(ID|VERSION_ID|PRETTY_NAME)=' | sed 's/^/os:/'
echo "running:$(uname -r)"
for f in ${root}/boot/vmlinuz-*; do
  case $f in *[[:cntrl:]]*|*rescue*) continue ;; esac
  [ ! -f "$f" ] || echo "kernel:$(stat -c %Z "$f"):\${f##*/vmlinuz-}"
done
for f in ${root}/var/log/dpkg.log ${root}/var/log/dpkg.log.1; do [ ! -f "$f" ] || tail -c 4194304 "$f"; done 2>/dev/null | grep -aE '^[0-9-]+ [0-9:]+ upgrade ' | cut -c1-10 | sort | tail -n 1 | sed 's/^/upgraded:/'
echo end`;
}

const rpmFields = "'%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE} %{ARCH} %{INSTALLTIME}\\n'";

/** Of these a distribution's own notices speak; those of an added repository do not. */
const core =
  'kernel kernel-core kernel-default glibc openssl openssl-libs libopenssl1_1 systemd bash curl libcurl libcurl4';

// Pairs of an installed version and one that the metadata has; which is newer is for the reader to tell. The security lists of another
// release have older versions, and would show nothing pending.
function updatesScript(root: string): string {
  return `export LC_ALL=C
if [ -f ${root}/var/lib/dpkg/status ] && [ -d ${root}/var/lib/apt/lists ]; then
  echo packages:deb
  code=$(sed -n 's/^VERSION_CODENAME=//p' ${root}/etc/os-release ${root}/usr/lib/os-release 2>/dev/null | tr -d '"' | head -n 1)
  {
    awk '/^Package: / { p = $2 } /^Status: / { s = $0 } /^Version: / { v = $2 } /^$/ { if (s ~ / installed$/) print "I", p, v; s = "" } END { if (s ~ / installed$/) print "I", p, v }' ${root}/var/lib/dpkg/status
    for r in ${root}/var/lib/apt/lists/*security*InRelease ${root}/var/lib/apt/lists/*security*_Release; do
      [ -f "$r" ] || continue
      [ -r "$r" ] || { echo unread:lists; continue; }
      [ -n "$code" ] || continue
      head -c 65536 "$r" | grep -qE '^(Suite|Label|Codename):.*[Ss]ecurity' || continue
      case $(head -c 65536 "$r" | sed -n 's/^Codename: *//p' | head -n 1) in "$code"*) ;; *) continue ;; esac
      head -c 65536 "$r" | sed -n 's/^Date: /published:/p' | head -n 1
      base=\${r%InRelease}; base=\${base%Release}
      for f in "$base"*_Packages*; do
        [ -f "$f" ] || continue
        case $f in
          *_Packages) cat "$f" ;;
          *.gz) gzip -dc <"$f" ;;
          *) [ -x /usr/lib/apt/apt-helper ] && /usr/lib/apt/apt-helper cat-file "$f" ;;
        esac || printf '\\nunread:lists\\n'
      done
    done 2>/dev/null
  } | awk '$1 == "I" { has[$2] = $3; n++; next } /^(published|unread):/ { print; next } /^Package: / { p = $2 } /^Version: / { listed++; if (p in has && has[p] != $2) print "pair:" p " " has[p] " " $2 } END { print "installed:" n + 0; print "listed:" listed + 0 }'
elif command -v rpm >/dev/null 2>&1; then
  echo packages:rpm
  {
    rpm -qa --qf ${rpmFields} 2>/dev/null | sed 's/^/I /' | tr '\\n' '<'
    for f in ${root}/var/cache/dnf/*/repodata/*updateinfo.xml* ${root}/var/cache/libdnf5/*/repodata/*updateinfo.xml* ${root}/var/cache/yum/*/*/*/*updateinfo.xml* ${root}/var/cache/yum/*/*/*/gen/updateinfo.xml ${root}/var/cache/zypp/raw/*/repodata/*updateinfo.xml*; do
      [ -f "$f" ] || continue
      case $f in *.gz) d=gzip ;; *.xz) d=xz ;; *.zst) d=zstd ;; *.bz2) d=bzip2 ;; *) d= ;; esac
      if [ -z "$d" ]; then head -c 134217728 "$f"; elif command -v $d >/dev/null 2>&1; then { $d -dc <"$f" || printf '<broken '; } | head -c 134217728; else echo '<broken '; fi
      m=\${f%/*}/repomd.xml; [ -f "$m" ] || m=\${f%/*/*}/repomd.xml
      [ ! -f "$m" ] || head -c 4096 "$m"
    done 2>/dev/null
  } | awk -v 'names=${core}' 'BEGIN { RS = "<"; k = split(names, list, " "); while (k > 0) core[list[k--]] = 1 }
    $1 == "I" { if ($2 == "gpg-pubkey") next; n++; if ($5 > last) last = $5; key = $2 " " $4; has[key] = key in has ? has[key] "," $3 : $3; next }
    $1 == "broken" { print "unread:updateinfo" }
    /^revision>/ { r = $0; sub(/^revision>/, "", r); if (here && r ~ /^[0-9]+[ \\n]*$/) print "revision:" r + 0; here = 0; next }
    $1 == "update" { security = $0 ~ /type="security"/; if (security) listed++; next }
    $1 == "collection" { module = 0; next }
    $1 == "module" { module = 1; next }
    security && $1 == "package" {
      name = value("name"); key = name " " value("arch")
      if (key in has) { if (name in core) here = spoken = 1; e = value("epoch"); v = (e == "" ? 0 : e) ":" value("version") "-" value("release"); if (!((key, v) in said)) { said[key, v] = 1; print (module ? "module:" : "pair:") name " " has[key] " " v } }
    }
    function value(a,   t) { if (!match($0, a "=\\"[^\\"]*\\"")) return ""; t = substr($0, RSTART, RLENGTH); sub(/^[a-z]*="/, "", t); sub(/"$/, "", t); return t }
    END { print "installed:" n + 0; print "listed:" (spoken ? listed : 0); print "changed:" last + 0 }'
fi
echo end`;
}
