import { createHash } from 'node:crypto';
import { printable } from '../../text.ts';
import type { Command } from '../collector.ts';

/** Seconds and bytes that a command may take where it says nothing else. */
export const defaultTimeout = 20;
export const defaultLimit = 1024 * 1024;

/** Linux takes no longer single argument (MAX_ARG_STRLEN, 128 KiB), and each command is handed to sh as one. */
const longestCommand = 131_000;

/** The script of one host: what is run, and the same for every run of it. */
export type HostScript = {
  /** POSIX sh from the first definition to the call that starts it. */
  readonly body: string;
  /** SHA-256 of the body in UTF-8, lower-case hexadecimal. */
  readonly digest: string;
};

/** How one run of a script marks what it prints. */
export type ScriptRun = {
  /** Stands in every line between the parts' outputs: letters and digits. */
  readonly run: string;
  /** A person carries the output: parts are summed (cksum), and progress is shown on standard error. */
  readonly byHand: boolean;
};

/**
 * All commands as one script for `sh`, run from standard input or from a file. It writes no file, ends each command at its time limit
 * with all that it started, and prints the outputs between marked lines; `frames.ts` reads them.
 * @param commands with names that are unique on the host
 */
export function composeScript(
  host: { readonly name: string; readonly sudo: boolean },
  commands: readonly Command[],
): HostScript {
  const parts = commands.map((command, index) => partOf(command, index + 1));
  const body = [
    `host=${quoted(nameInScript(host))}`,
    `may_sudo=${host.sudo ? 'yes' : 'no'}`,
    `parts=${commands.length}`,
    functions,
    'main() {',
    'begin',
    ...parts,
    'finish',
    '}',
    '# Nothing runs before the whole script has been read; no command reads what follows it.',
    'main </dev/null',
    '',
  ].join('\n');
  return {
    body,
    get digest() {
      return createHash('sha256').update(body).digest('hex');
    },
  };
}

/** A host's name as its script prints it: on one line. */
export function nameInScript({ name }: { readonly name: string }): string {
  return printable(name).replace(/[\n\t]/g, ' ');
}

/** A script as it is fed to `sh`. */
export function runnable({ body }: HostScript, { run, byHand }: ScriptRun): string {
  return `run=${run}\nby_hand=${byHand ? 'yes' : 'no'}\n${body}`;
}

/** A word that sh takes literally. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const quotedCommands = new WeakMap<Command, { why: string; words: string }>();

function partOf(command: Command, number: number): string {
  const { why, words } = quotedCommands.get(command) ?? quotedCommand(command);
  return `\n# ${why}\npart ${number} ${words}`;
}

// Once for all hosts that are asked the same.
function quotedCommand(command: Command): { why: string; words: string } {
  const { name, why, script, asRoot, timeout, limit } = command;
  if (Buffer.byteLength(script) > longestCommand || script.includes('\0'))
    throw new Error(`the command ${name} is no argument that sh can be handed`);
  const words = [
    asRoot ? 'root' : 'user',
    timeout ?? defaultTimeout,
    limit ?? defaultLimit,
    quoted(name),
    quoted(script),
  ];
  const quotedOnce = { why: why.replaceAll('\n', ' '), words: words.join(' ') };
  quotedCommands.set(command, quotedOnce);
  return quotedOnce;
}

// Read from above: what every command runs in, what prints its frame, what stands before and after all frames.
const functions = `
# Runs command $3 as a session of its own (by $1, setsid, where there is one), for $2 seconds at most; then ends whatever it left.
# The last line on standard error is its exit status, or that its time was up.
supervise='
end() {
  kill -9 -"$1" && return
  kill -STOP "$1"
  for stat in /proc/[0-9]*/stat; do
    read -r line <"$stat" || continue
    case "\${line##*) }" in ?" $1 "*) stat=\${stat%/stat}; (end "\${stat#/proc/}") ;; esac
  done
  kill -9 "$1"
}
exec 3>&2 2>/dev/null
$1 /bin/sh -c "$3" 2>&3 3>&- &
command=$!
(
  trap "kill -9 \\$!; wait; exit 1" TERM
  left=$2
  while [ "$left" -gt 0 ]; do
    sleep 1 &
    wait $!
    left=$((left - 1))
  done
  trap "" TERM
  end "$command"
  exit 0
) >/dev/null 3>&- &
watch=$!
trap "end $command; kill $watch; exit 143" HUP INT TERM
wait "$command"
status=$?
kill "$watch"
wait "$watch" && status=timeout
kill -9 -"$command"
echo "@$status" >&3
'

# Runs command $6 as $2 and prints its output behind "|", one byte more than $4 at most, and a dot; then what it said on standard error
# behind "!", 20 lines of 200 characters at most. So nothing that it prints can look like a line of this script.
run_part() {
  prefix=
  [ "$2" = root ] && [ "$rights" = sudo ] && prefix='sudo -n'
  {
    said=$(
      {
        {
          $prefix env -i PATH="$PATH" LC_ALL=C HOME=/nonexistent /bin/sh -c "$supervise" sh "$session" "$3" "$6" 2>&1 >&3 3>&- 4>&- 5>&- |
            sed -e 's/^\\(.\\{200\\}\\).*/\\1/' -e 's/^/!/' -e '20,$!b' -e '$!d' >&4 3>&- 5>&-
        } 3>&1 | { first "$(($4 + 1))" 4>&- 5>&-; echo .; } | sed 's/^/|/' >&5
      } 4>&1
    )
  } 5>&1
  printf '%s\\n' "$said"
}

# Where head has no -c, bytes are counted one by one.
first() {
  if [ "$head" = yes ]; then head -c "$1"; else dd bs=1 count="$1" 2>/dev/null; fi
}

# Prints what "$@" prints and closes its frame, with a checksum where a person carries the output.
frame() {
  if [ "$by_hand" = yes ]; then
    { text=$("$@"); } 2>/dev/null
    printf '%s\\n' "$text"
    sum=$(printf '%s\\n' "$text" | cksum)
    sums="$sums $sum"
    echo "@$run end $number $sum"
  else
    "$@"
    echo "@$run end $number"
  fi
}

part() {
  number=$1
  [ "$by_hand" = yes ] && echo "$number/$parts $5" >&2
  echo "@$run part $number $5"
  frame run_part "$@"
}

facts() {
  {
    printf 'name %s\\n' "$(uname -n)"
    printf 'host %s\\n' "$host"
    echo "time $(date +%s)"
    echo "uid $(id -u)"
    echo "rights $rights"
  } | sed 's/^/|/'
  printf '%s\\n' "$refusal" | sed -e 's/^\\(.\\{200\\}\\).*/\\1/' -e 's/^/!/' -e 5q
}

begin() {
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
  export PATH LC_ALL
  umask 077
  renice -n 10 -p $$ >/dev/null 2>&1
  session= head= sums= refusal= rights=none number=0
  command -v setsid >/dev/null 2>&1 && session=setsid
  [ "$(echo abc | head -c 2 2>/dev/null)" = ab ] && head=yes
  if [ "$(id -u)" = 0 ]; then
    rights=root
  elif [ "$may_sudo" = yes ]; then
    refusal=$(sudo -n env -i /bin/sh -c '[ "$(id -u)" = 0 ]' 2>&1) && rights=sudo refusal=
  fi
  echo
  echo "@$run begin $parts"
  frame facts
}

finish() {
  total=
  [ "$by_hand" = yes ] && total=" $(echo "$sums" | cksum)"
  echo "@$run done $parts$total"
}
`;
