import { programNames } from '../../../src/collectors/host/forwards/commands.ts';

/** What the command `programs` prints: of each program its lines, or none. */
export function programsPrint(of: Readonly<Record<string, readonly string[]>>): string {
  const sections = programNames.flatMap((name) => [`=% ${name}`, ...(of[name] ?? [])]);
  return `${['uid:0', ...sections, 'end'].join('\n')}\n`;
}
