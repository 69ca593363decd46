import type { Kind } from '../evidence/kinds.ts';
import type { Occasion } from '../occasion.ts';
import { readByShow } from './annex/annex-file.ts';
import type { Profile, Requirement } from './profile.ts';

/** Whether a requirement binds at an occasion. */
export function bindsAt(requirement: Requirement, occasion: Occasion): boolean {
  return requirement.occasions === 'always' || requirement.occasions.includes(occasion);
}

/** The kinds of evidence that a profile's checks read at an occasion or its annex shows, sorted: what must be collected, and no more. */
export function neededKinds(profile: Profile, occasion: Occasion): Kind[] {
  const binding = profile.requirements.filter((requirement) => bindsAt(requirement, occasion));
  const read = binding.flatMap((requirement) => requirement.uses.flatMap((use) => use.check.reads));
  const forPeriod: Kind[] = profile.period ? ['facts'] : [];
  const topics = profile.annex?.parts.flatMap((part) => part.topics) ?? [];
  const shown = topics.flatMap((topic) => topic.shows.flatMap((show) => readByShow[show]));
  return [...new Set<Kind>(['platform', 'statements', ...forPeriod, ...read, ...shown])].toSorted();
}
