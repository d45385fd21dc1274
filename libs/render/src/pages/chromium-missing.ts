/** Why nothing that needs a browser can be drawn, and what to do. */
export const chromiumMissing =
  'Chromium is not installed: run "npm run setup -- --only html", or name a Chromium in PENTIMENTO_CHROMIUM.';
