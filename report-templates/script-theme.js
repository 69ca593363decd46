/**
 * Dark and light: as the reader's system says, until the button is pressed. Nothing is remembered.
 * @param {HTMLElement} button
 */
function switchTheme(button) {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);
  const show = () => button.setAttribute('aria-pressed', String(isDark()));
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    show();
  });
  system.addEventListener('change', show);
  show();
}

for (const button of document.querySelectorAll('button[name="dark"]')) {
  if (!(button instanceof HTMLElement)) continue;
  switchTheme(button);
  button.closest('[hidden]')?.removeAttribute('hidden');
}
