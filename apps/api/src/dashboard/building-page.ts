const refreshSeconds = 3;

/** Served until the dashboard is built. The page reloads itself. */
export const buildingPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="${refreshSeconds}">
<title>Pentimento</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { display: grid; place-content: center; min-height: 100vh; margin: 0; padding: 0 1rem; text-align: center }
</style>
<main>
<h1>Pentimento is running</h1>
<p role="status">The dashboard is being built. This page shows it as soon as it is there.</p>
<p>The API answers already: <a href="/docs">its documentation</a>.</p>
</main>
</html>
`;

export const buildingPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
