#!/bin/sh
# One round of the audit, for pipelines and timers: collects, assesses, says what got worse since the last round, keeps the assessment, writes
# the reports and the calendar of the renewal.
#
#   audit.sh [PLATFORM [OUT [HISTORY]]]        default: platform.yaml out history
#
# HISTORY must outlive the round: nothing else knows the one before. From the environment, all optional:
#   LEQI_AUDIT        the program (leqi-audit)
#   LEQI_FORMATS      reports (pdf,html,xlsx,junit,sarif)
#   LEQI_FAIL_ON      verdict from which the round fails: unmet, partial, unproven, none (unmet)
#   LEQI_SSH_KEY      file with the private key for the hosts, LEQI_KNOWN_HOSTS file with their keys; without them ~/.ssh and ssh-agent are used
# Passwords are in the variables that the platform file names (`env:`).
#
# Exit status: 0 well; 1 a verdict from LEQI_FAIL_ON on, or a regression; 2 wrong input; 5 a report could not be made; 130 interrupted, the next
# round goes on with what is there. What was found is in OUT, whichever it is.
set -eu
umask 077
platform=${1:-platform.yaml}
out=${2:-out}
history=${3:-history}
leqi=${LEQI_AUDIT:-leqi-audit}

if [ -n "${LEQI_SSH_KEY:-}" ]; then
  HOME=$(mktemp -d)
  export HOME
  trap 'rm -rf "$HOME"' EXIT
  trap 'exit 130' INT TERM
  mkdir "$HOME/.ssh"
  cp "$LEQI_SSH_KEY" "$HOME/.ssh/id_ed25519"
  [ -z "${LEQI_KNOWN_HOSTS:-}" ] || cp "$LEQI_KNOWN_HOSTS" "$HOME/.ssh/known_hosts"
fi

mkdir -p "$out" "$history"
failed=0
broken=0

"$leqi" collect --platform "$platform" --out "$out" --resume

waivers=$(dirname "$platform")/waivers.yaml
set --
[ ! -e "$waivers" ] || set -- --waivers "$waivers"
verdict=0
"$leqi" assess "$out/evidence" --out "$out" --fail-on "${LEQI_FAIL_ON:-unmet}" "$@" || verdict=$?
case $verdict in
  0) ;;
  1) failed=1 ;;
  *) exit "$verdict" ;;
esac

# Names sort by time; a file is there whole or not at all.
last=$(find "$history" -maxdepth 1 -name '*.json' | sort | tail -n 1)
if [ -n "$last" ]; then
  change=0
  "$leqi" diff "$last" "$out/assessment.json" --format html,json --out "$out" || change=$?
  case $change in
    0) ;;
    1) failed=1 ;;
    *) exit "$change" ;;
  esac
else
  echo "$history holds no earlier assessment: nothing to compare with" >&2
fi
now=$(date -u +%Y%m%dT%H%M%SZ)
cp "$out/assessment.json" "$history/.$now.partial"
mv "$history/.$now.partial" "$history/$now.json"

"$leqi" report "$out/assessment.json" --history "$history" --format "${LEQI_FORMATS:-pdf,html,xlsx,junit,sarif}" || broken=$?
"$leqi" renewal --platform "$platform" --ics "$out/renewal.ics" --fail-on none >"$out/renewal.txt" || broken=$?

[ "$broken" -eq 0 ] || exit "$broken"
exit "$failed"
