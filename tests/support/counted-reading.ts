import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// What unpacks is not among them: of its output only what `head` lets pass is read.
const readers = ['head', 'tail', 'dd', 'cat'];

/**
 * A folder of stand-ins for the programs that read files, for the front of a search path: they do what those do, and keep a copy of
 * what they print, so that it can be counted.
 */
export function countedReading(folder: string): { path: string; bytes: () => number } {
  const [programs, copies] = [join(folder, 'bin'), join(folder, 'copies')];
  for (const each of [programs, copies]) mkdirSync(each, { recursive: true });
  for (const name of readers) {
    if (!existsSync(`/usr/bin/${name}`) && !existsSync(`/bin/${name}`)) continue;
    const file = join(programs, name);
    // tee appends in whole writes; the program's own status is passed on.
    writeFileSync(
      file,
      `#!/bin/sh\n{ { PATH=/usr/bin:/bin ${name} "$@"; echo $? >&3; } | /usr/bin/tee -a '${copies}/${name}' >&4; } 3>'${copies}/status.'$$ 4>&1\nread -r s <'${copies}/status.'$$; /bin/rm -f '${copies}/status.'$$\nexit "\${s:-141}"\n`,
    );
    chmodSync(file, 0o755);
  }
  const bytes = (): number =>
    readdirSync(copies)
      .filter((name) => !name.startsWith('status.'))
      .reduce((sum, name) => sum + statSync(join(copies, name)).size, 0);
  return { path: `${programs}:/usr/sbin:/usr/bin:/sbin:/bin`, bytes };
}
