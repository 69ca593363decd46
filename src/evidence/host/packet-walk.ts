import type { Chain, Rule } from './firewall.ts';
import { type Fit, fitOf, isBroad, isExact, type Packet } from './packet-match.ts';

/** Who gets through: anybody, these sources, nobody; or it cannot be told. */
export type Passage =
  | { readonly is: 'anywhere' | 'blocked' | 'unknown' }
  | { readonly is: 'sources'; readonly sources: readonly string[] };

type Sources = 'all' | readonly string[];

type Walk = {
  readonly packet: Packet;
  readonly chains: ReadonlyMap<string, Chain>;
  readonly accepted: string[];
  everybody: boolean;
  /** Some may have got through by a rule that is not understood. */
  unknown: boolean;
  /** Some may have been stopped by a rule that is not understood: what lets through after it may let through fewer. */
  doubt: boolean;
  steps: number;
};

const mostSteps = 20_000;
const mostDepth = 32;

/**
 * Who gets through a base chain with such packets. What is not understood never counts as blocked: a rule that may let through makes
 * it unknown, and so does one that may have stopped what a later one lets through.
 */
export function passageThrough(base: Chain, chains: ReadonlyMap<string, Chain>, packet: Packet): Passage {
  const walk: Walk = { packet, chains, accepted: [], everybody: false, unknown: false, doubt: false, steps: 0 };
  const left = through(base, 'all', walk, 0);
  if (left !== undefined && !base.drops) accept(left, walk);
  if (walk.everybody) return { is: 'anywhere' };
  if (walk.unknown) return { is: 'unknown' };
  return walk.accepted.length > 0 ? { is: 'sources', sources: walk.accepted } : { is: 'blocked' };
}

// What is left of the sources when the chain ends, or is returned from; undefined: none.
function through(chain: Chain, sources: Sources, walk: Walk, depth: number): Sources | undefined {
  let left: Sources | undefined = sources;
  let returned: Sources | undefined;
  for (const rule of chain.rules) {
    if (left === undefined) break;
    walk.steps += 1;
    if (walk.steps > mostSteps || depth > mostDepth) {
      walk.unknown = true;
      return undefined;
    }
    const fit = fitOf(rule, walk.packet);
    if (fit.fits === 'none') continue;
    if (rule.verdict === 'return') {
      if (fit.fits === 'unknown') {
        walk.doubt = true;
        returned = union(returned, left);
        continue;
      }
      returned = union(returned, within(left, fit));
      left = fit.fits === 'all' ? undefined : without(left, rule, fit, walk);
    } else if (rule.verdict === 'goto' || rule.verdict === 'jump') {
      const after = jumped(rule, fit, left, walk, depth);
      if (rule.verdict === 'jump') left = after.left;
      else {
        returned = union(returned, after.inside);
        left = fit.fits === 'all' ? undefined : without(left, rule, fit, walk);
      }
    } else left = decided(rule, fit, left, walk);
  }
  return union(returned, left);
}

function decided(rule: Rule, fit: Fit, left: Sources, walk: Walk): Sources | undefined {
  switch (rule.verdict) {
    case 'accept':
      if (fit.fits === 'unknown') walk.unknown = true;
      else accept(within(left, fit), walk);
      return fit.fits === 'all' ? undefined : left;
    case 'drop':
      if (fit.fits === 'all') return undefined;
      if (fit.fits === 'unknown') walk.doubt = true;
      return without(left, rule, fit, walk);
    case 'unknown':
      walk.unknown = true;
      walk.doubt = true;
      return left;
    default:
      return left;
  }
}

type Jumped = { readonly left: Sources | undefined; readonly inside: Sources | undefined };

function jumped(rule: Rule, fit: Fit, left: Sources, walk: Walk, depth: number): Jumped {
  const target = walk.chains.get(rule.target ?? '');
  if (!target) {
    walk.unknown = true;
    walk.doubt = true;
    return { left, inside: left };
  }
  if (fit.fits === 'unknown') {
    // Whatever it decides may or may not hold.
    const trial: Walk = { ...walk, accepted: [], everybody: false, unknown: false };
    const stayed = through(target, left, trial, depth + 1);
    walk.steps = trial.steps;
    if (trial.everybody || trial.unknown || trial.accepted.length > 0) walk.unknown = true;
    if (stayed !== left || trial.doubt) walk.doubt = true;
    return { left, inside: left };
  }
  const inside = through(target, within(left, fit), walk, depth + 1);
  if (fit.fits === 'all') return { left: inside, inside };
  // Those whom it did not fit go on; of those whom it did, the ones that came back.
  return { left: inside === undefined ? without(left, rule, fit, walk) : left, inside };
}

function accept(sources: Sources, walk: Walk): void {
  if (walk.doubt) walk.unknown = true;
  else if (sources === 'all' || isBroad(sources)) walk.everybody = true;
  else walk.accepted.push(...sources.filter((each) => !walk.accepted.includes(each)));
}

// The sources among these that a rule fits: at most all of them, and at most those that it names.
function within(sources: Sources, fit: Fit): Sources {
  return fit.fits === 'some' && fit.of ? fit.of : sources;
}

// What is left when a rule has taken away those it fits: only `all but these` leaves a list.
function without(sources: Sources, rule: Rule, fit: Fit, { packet }: Walk): Sources {
  if (fit.fits !== 'some' || !fit.allBut || !isExact(rule, packet)) return sources;
  return sources === 'all' ? fit.allBut : sources;
}

function union(one: Sources | undefined, other: Sources | undefined): Sources | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one === 'all' || other === 'all' ? 'all' : [...new Set([...one, ...other])];
}
