// Sets the theme before the first paint. Loaded from a file, and blocking, so that it works under a strict CSP.
(function () {
  var saved = null;
  try {
    saved = localStorage.getItem('pentimento.theme');
  } catch {
    // Storage may be shut off; the system's choice holds then.
  }
  var dark = saved === 'dark' || (saved !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
