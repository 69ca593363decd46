export { check as 'calendar/filing-window' } from './calendar/filing-window.ts';
export { check as 'data/retention' } from './data/retention.ts';
export { check as 'documents/identifiers' } from './documents/identifiers.ts';
export { check as 'documents/present' } from './documents/present.ts';
export { check as 'figures/at-least' } from './figures/at-least.ts';
export { check as 'host/clock' } from './host/clock.ts';
export { check as 'host/hosting-party' } from './host/hosting-party.ts';
