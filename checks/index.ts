export { check as 'host/clock' } from './host/clock.ts';
