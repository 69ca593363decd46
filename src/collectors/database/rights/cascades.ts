import type { Change } from '../../../evidence/database/store-rights.ts';

/** What deleting and updating rows of a table does to the rows of a declared one. */
export type Effects = { readonly delete: readonly Change[]; readonly update: readonly Change[] };

/** What a foreign key does to the rows that refer, when those that they refer to are deleted or get another key. */
export type Cascade = { readonly onDelete: 'cascade' | 'set' | 'none'; readonly onUpdate: 'cascade' | 'set' | 'none' };

/** What is done to a declared table itself. */
export const itself: Effects = { delete: ['delete'], update: ['update'] };

/** What changes of the table that is referred to come to. No right to the table that refers is asked for. */
export function throughKey({ onDelete, onUpdate }: Cascade, referring: Effects): Effects {
  const rules = { cascade: referring.delete, set: referring.update, none: [] } as const;
  return { delete: rules[onDelete], update: onUpdate === 'none' ? [] : referring.update };
}

/** Whether anything comes of it. */
export function isIdle(effects: Effects): boolean {
  return effects.delete.length + effects.update.length === 0;
}
