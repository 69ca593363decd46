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
  /** The body in UTF-8, in pieces; the long one is in memory once for all hosts that are asked the same. */
  readonly pieces: readonly Buffer[];
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
  const head = `host=${quoted(nameInScript(host))}\nmay_sudo=${host.sudo ? 'yes' : 'no'}\nparts=${commands.length}\n`;
  const pieces = [Buffer.from(head), questions(commands)];
  return {
    pieces,
    get body() {
      return Buffer.concat(pieces).toString('utf8');
    },
    get digest() {
      const hash = createHash('sha256');
      for (const piece of pieces) hash.update(piece);
      return hash.digest('hex');
    },
  };
}

let last: { readonly commands: readonly Command[]; readonly bytes: Buffer } | undefined;

// What is the same for all hosts of which the same is asked is kept from one to the next: it is the better part of 200 KB.
function questions(commands: readonly Command[]): Buffer {
  if (last?.commands.length === commands.length && last.commands.every((each, index) => each === commands[index]))
    return last.bytes;
  const parts = commands.map((command, index) => partOf(command, index + 1));
  const text = [
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
  last = { commands, bytes: Buffer.from(text) };
  return last.bytes;
}

/** A host's name as its script prints it: on one line. */
export function nameInScript({ name }: { readonly name: string }): string {
  return printable(name).replace(/[\n\t]/g, ' ');
}

/** A script as it is fed to `sh`. */
export function runnable({ body }: Pick<HostScript, 'body'>, run: ScriptRun): string {
  return `${opening(run)}${body}`;
}

/** The same in pieces. */
export function runnablePieces({ pieces }: HostScript, run: ScriptRun): readonly Buffer[] {
  return [Buffer.from(opening(run)), ...pieces];
}

function opening({ run, byHand }: ScriptRun): string {
  return `run=${run}\nby_hand=${byHand ? 'yes' : 'no'}\n`;
}

/** A word that sh takes literally. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function partOf({ name, why, script, asRoot, timeout, limit }: Command, number: number): string {
  if (Buffer.byteLength(script) > longestCommand || script.includes('\0'))
    throw new Error(`the command ${name} is no argument that sh can be handed`);
  const words = [
    asRoot ? 'root' : 'user',
    timeout ?? defaultTimeout,
    limit ?? defaultLimit,
    quoted(name),
    quoted(script),
  ];
  return `\n# ${why.replaceAll('\n', ' ')}\npart ${number} ${words.join(' ')}`;
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
  {
    said=$(
      {
        { supervised "$@" 2>&1 >&3 3>&- 4>&- 5>&- | hear >&4 3>&- 4>&- 5>&-; } 3>&1 |
          $first$(($4 + 1)) 2>/dev/null 4>&- 5>&- | sed 's/^/|/' >&5 4>&-
      } 4>&1
    )
    echo .
  } 5>&1
  printf '%s\\n' "$said"
}

# A shell of its own is started only where it must be: for other rights, or where this one could not lay down its environment.
supervised() {
  if [ "$2" = root ] && [ "$rights" = sudo ]; then set -- 'sudo -n' "$@"
  elif [ "$clean" = yes ]; then
    set -- "$session" "$3" "$6"
    eval "$supervise"
    return
  else set -- '' "$@"
  fi
  $1 env -i PATH="$PATH" LC_ALL=C HOME=/nonexistent /bin/sh -c "$supervise" sh "$session" "$4" "$7"
}

# The shell itself reads the few lines that there are, which spares a process.
hear() {
  left=19
  while [ "$left" -gt 0 ] && { IFS= read -r line || [ -n "$line" ]; }; do
    printf '!%.200s\\n' "$line"
    left=$((left - 1))
  done
  [ "$left" -gt 0 ] || sed -e 's/^\\(.\\{200\\}\\).*/\\1/' -e 's/^/!/' -e '$!d'
}

# Takes every variable of whoever runs this away from the commands. Where one stays, each command gets an empty environment by env.
clean_environment() {
  for name in $(env | sed -n 's/^\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p'); do
    case $name in PATH | LC_ALL | run | by_hand | host | may_sudo | parts | supervise) ;; *) command unset "$name" 2>/dev/null ;; esac
  done
  HOME=/nonexistent
  export HOME
  [ -n "$(env | grep -vE '^(PATH|LC_ALL|HOME|PWD|SHLVL|_)=')" ] || clean=yes
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
  session= clean= sums= refusal= rights=none number=0
  command -v setsid >/dev/null 2>&1 && session=setsid
  # Where head has no -c, bytes are counted one by one.
  first='dd bs=1 count='
  [ "$(echo abc | head -c2 2>/dev/null)" = ab ] && first='head -c'
  if [ "$(id -u)" = 0 ]; then
    rights=root
  elif [ "$may_sudo" = yes ]; then
    refusal=$(sudo -n env -i /bin/sh -c '[ "$(id -u)" = 0 ]' 2>&1) && rights=sudo refusal=
  fi
  [ "$rights" = sudo ] || clean_environment
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
