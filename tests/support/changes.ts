import type { Change } from './example.ts';

// Changes to the files of an example, each in the words of what it changes.

const file = 'platform.yaml';

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

// The first place after `start` and before the next item.
function within(start: string, next: string, from: string): RegExp {
  return new RegExp(`(?<=${start}(?:(?!${next})[\\s\\S])*?)${from}`);
}

/** Changes what is entered of a paper; `from` is a pattern. */
export function inPaper(id: string, from: string, to: string): Change {
  return { file, from: within(`    - id: ${quoted(id)}\\n`, '    - id: ', from), to };
}

/** Declares that a paper is not held. */
export function notHeld(id: string): Change {
  return inPaper(id, 'file: .*\\n', 'held: false\n');
}

/** Lists a paper that an example does not have. */
export function addedPaper(lines: string): Change {
  return { file, from: '  items:\n', to: `  items:\n${lines}` };
}

/** Changes a fact; `from` is a pattern. */
export function inFact(name: string, from: string, to: string): Change {
  return { file, from: within(`  - (?:\\{ )?name: ${quoted(name)}[,\\n]`, '\\n  - ', from), to };
}

/** Adds facts at the top. */
export function addedFacts(lines: string): Change {
  return { file, from: '\nfacts:\n', to: `\nfacts:\n${lines}` };
}

/** Changes how a ledger is listed and closed; `from` is a pattern. */
export function inClosing(of: string, from: string, to: string): Change {
  return { file, from: within(`  - of: ${quoted(of)}\\n`, '\\n  - of: ', from), to };
}

/** Changes the file of a ledger or a series; dates are written as on 2026-11-22. */
export function inTable(name: string, from: string, to: string): Change {
  return { file: `documents/ledgers/${name}`, from, to };
}
