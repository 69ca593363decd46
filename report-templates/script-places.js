import { filled } from './script-filter.js';

/**
 * A place of the page as the fragment names it, and the filter behind it: `#QD-5.3-2?verdict=unmet`.
 * @param {string} hash
 */
export function parsed(hash) {
  const [place = '', ...query] = hash.replace(/^#/, '').split('?');
  return { place: decoded(place), query: new URLSearchParams(query.join('?')) };
}

/** @param {string} text */
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Unfolds what a place stands in, scrolls there and moves the focus. False if a filter hides it.
 * @param {string} place
 */
export function goTo(place) {
  const target = place === '' ? null : document.getElementById(place);
  if (!target) return true;
  for (let each = target.closest('details'); each; each = each.parentElement?.closest('details') ?? null)
    each.open = true;
  target.closest('.evidence')?.classList.add('is-wanted');
  if (!target.checkVisibility()) return false;
  for (const before of document.querySelectorAll('.is-here')) before.classList.remove('is-here');
  const summary = target.closest('summary') ?? target.querySelector(':scope > summary');
  const focused = summary instanceof HTMLElement ? summary : target;
  const marked = target.closest('details.requirement, tr') ?? target;
  marked.classList.add('is-here');
  if (focused === target && !target.matches('a, summary')) target.tabIndex = -1;
  focused.focus({ preventScroll: true });
  focused.scrollIntoView({ block: 'start' });
  return true;
}

/** Items of evidence that are listed at one requirement. */
const mostListed = 200;

/**
 * Offers the evidence that an unfolded requirement cites: the rows of the index, beside the findings.
 * @param {HTMLElement} requirement
 */
export function offerEvidence(requirement) {
  if (!requirement.matches('details.requirement[open]') || requirement.querySelector('.cited')) return;
  const links = requirement.querySelectorAll('.findings .ids a[href^="#"]');
  const anchors = [...new Set([...links].map((link) => link.getAttribute('href')?.slice(1) ?? ''))];
  if (anchors.length === 0) return;
  const [box, head] = [document.createElement('details'), document.createElement('summary')];
  box.className = 'cited';
  head.textContent = filled('cited', { count: anchors.length });
  box.append(head);
  box.addEventListener('toggle', () => listEvidence(box, anchors), { once: true });
  requirement.querySelector('.findings')?.after(box);
}

/**
 * @param {HTMLElement} box
 * @param {readonly string[]} anchors
 */
function listEvidence(box, anchors) {
  const rows = anchors.slice(0, mostListed).flatMap((anchor) => document.getElementById(anchor)?.closest('tr') ?? []);
  const model = rows[0]?.closest('table');
  if (!model) return;
  const [table, body] = [model.cloneNode(false), document.createElement('tbody')];
  for (const part of model.querySelectorAll('thead')) table.appendChild(part.cloneNode(true));
  for (const row of rows) body.append(withoutIds(row));
  table.appendChild(body);
  box.append(table);
  if (anchors.length <= mostListed) return;
  const note = document.createElement('p');
  note.className = 'note';
  note.textContent = filled('citedRest', { count: anchors.length - mostListed });
  box.append(note);
}

/** @param {Element} row */
function withoutIds(row) {
  const copy = row.cloneNode(true);
  if (!(copy instanceof Element)) return '';
  for (const each of [copy, ...copy.querySelectorAll('[id]')]) each.removeAttribute('id');
  copy.classList.remove('is-here');
  return copy;
}

/**
 * The requirement before or after one, of those that are shown.
 * @param {Element | null} from
 * @param {1 | -1} step
 */
export function neighbour(from, step) {
  const summaries = [...document.querySelectorAll('.part:not(.out) details.requirement:not(.out) > summary')];
  const next = summaries[from ? summaries.indexOf(from) + step : 0];
  return next instanceof HTMLElement ? next : undefined;
}
