// Runs before the first paint, so that nobody sees the wrong theme flash by. A file of its own because the
// content security policy allows no inline scripts. The application changes the attribute later (lib/theme.ts).
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('statusmonitor.theme');
  } catch {
    // Storage can be forbidden; then the system decides.
  }
  var dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
