import { askedIn, filled, show, unfolded } from './script-filter.js';
import { decoded, goTo, neighbour, offerEvidence, parsed } from './script-places.js';
import { readAhead, readRequirements } from './script-rows.js';

/** @typedef {import('./script-rows.js').Requirement} Requirement */

const form = document.querySelector('form.controls');
if (form instanceof HTMLFormElement) start(form);

/** @param {HTMLFormElement} form */
function start(form) {
  const requirements = readRequirements();
  const all = { requirements: requirements.length, findings: 0 };
  for (const { findings } of requirements) all.findings += findings.length;
  const search = field(form, 'q');
  const status = form.querySelector('.showing');
  const facets = form.querySelector('.facets');
  if (facets instanceof HTMLDetailsElement) facets.open = matchMedia('(min-width: 75rem)').matches;

  function update() {
    const asked = askedIn(form);
    const { shown, hidden } = show(requirements, asked);
    if (!status) return;
    const rest = hidden.requirements + hidden.findings > 0 ? filled('hidden', hidden) : '';
    status.textContent = filled('showing', shown) + (asked.isAny ? filled('ofAll', all) + rest : '');
  }

  /** The filter as the fragment has it, with its question mark. */
  function query() {
    const pairs = [...new FormData(form)].filter(([, value]) => value !== '');
    const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
    return text === '' ? '' : `?${text}`;
  }

  /**
   * Writes the place and the filter into the address. What is typed letter by letter is one step for the back button.
   * @param {string} place
   * @param {boolean} isTyping
   */
  function remember(place, isTyping) {
    const fragment = place + query();
    if (fragment === location.hash.slice(1)) return;
    const address = fragment === '' ? location.pathname + location.search : `#${fragment}`;
    if (isTyping && history.state === 'typing') history.replaceState('typing', '', address);
    else history.pushState(isTyping ? 'typing' : null, '', address);
  }

  /** Makes the page what the address asks for. */
  function follow() {
    const { place, query } = parsed(location.hash);
    for (const input of form.querySelectorAll('input')) {
      if (input.type === 'checkbox') input.checked = query.getAll(input.name).includes(input.value);
      else input.value = query.get(input.name) ?? '';
    }
    update();
    arrive(place);
  }

  /** What is linked to is shown, whatever the filter. @param {string} place */
  function arrive(place) {
    if (goTo(place)) return;
    form.reset();
    update();
    goTo(place);
  }

  function clear() {
    form.reset();
    update();
    remember('', false);
    search.focus();
  }

  let typing = 0;
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', (event) => {
    const isTyping = event.target instanceof HTMLInputElement && event.target.type === 'search';
    update();
    clearTimeout(typing);
    if (isTyping) typing = setTimeout(() => remember('', true), 300);
    else remember('', false);
  });
  form.addEventListener('click', ({ target }) => {
    const name = target instanceof HTMLButtonElement ? target.name : '';
    if (name === 'clear') clear();
    if (name === 'unfold' || name === 'fold') foldAll(requirements, name === 'unfold');
  });
  field(form, 'subject').addEventListener('focus', () => offerSubjects(requirements), { once: true });
  addEventListener('hashchange', follow);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const place = decoded(link.getAttribute('href')?.slice(1) ?? '');
    arrive(place);
    remember(place, false);
  });
  document.addEventListener('keydown', (event) => onKey(event, search, clear));
  // Opening is told to the element alone, not to what it stands in.
  document.addEventListener('toggle', ({ target }) => target instanceof HTMLElement && offerEvidence(target), true);
  unfoldForPrint();
  follow();
  // Once all is loaded the browser goes to the place itself, and takes the focus away.
  addEventListener('load', () => setTimeout(() => arrive(parsed(location.hash).place)));
  readAhead(requirements);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function field(form, name) {
  const input = form.querySelector(`input[name="${name}"]`);
  if (!(input instanceof HTMLInputElement)) throw new Error(`the page has no field ${name}`);
  return input;
}

/**
 * @param {readonly Requirement[]} requirements
 * @param {boolean} isOpen
 */
function foldAll(requirements, isOpen) {
  unfolded.clear();
  for (const { element } of requirements)
    if (element instanceof HTMLDetailsElement && !element.classList.contains('out')) element.open = isOpen;
}

/** @param {readonly Requirement[]} requirements */
function offerSubjects(requirements) {
  const cells = requirements.flatMap(({ findings }) =>
    findings.map(({ row }) => row.cells[0]?.firstChild?.textContent ?? ''),
  );
  const options = [...new Set(cells)].map((subject) => {
    const option = document.createElement('option');
    option.value = subject;
    return option;
  });
  document.getElementById('subjects')?.replaceChildren(...options);
}

/**
 * `/` goes to the search, Escape empties it and then clears the filter, arrows go from requirement to requirement.
 * @param {KeyboardEvent} event
 * @param {HTMLInputElement} search
 * @param {() => void} clear
 */
function onKey(event, search, clear) {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const isField = target instanceof HTMLInputElement && target.type === 'search';
  const isSummary = target instanceof Element && target.matches('.requirement > summary');
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  if (key === '/' && !isField) search.select();
  else if (key === 'Escape' && isField && target.value === '') clear();
  else if (step !== 0 && isSummary) neighbour(target, step)?.focus();
  else if (key === 'ArrowDown' && target === search) neighbour(null, 1)?.focus();
  else return;
  event.preventDefault();
}

/** Browsers that print closed what is folded are helped; the style sheet does the same for the others, without a script. */
function unfoldForPrint() {
  /** @type {HTMLDetailsElement[]} */
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('details.requirement')].flatMap((each) =>
      each instanceof HTMLDetailsElement && !each.open ? [each] : [],
    );
    for (const each of folded) each.open = true;
  });
  addEventListener('afterprint', () => {
    for (const each of folded) each.open = false;
  });
}
