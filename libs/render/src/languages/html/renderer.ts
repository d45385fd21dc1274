import { inCssPixels, type Size } from '@pentimento/contracts';
import { chromiumMissing, warmBrowser } from '../../pages/browser.ts';
import { renderInBrowser } from '../../pages/render-in-browser.ts';
import { renderLimits } from '../../port/limits.ts';
import { failed } from '../../port/outcome.ts';
import type { RendererFactory, RenderOutput } from '../../port/renderer.ts';
import { network, networkVersion, withoutIntegrity } from '../../pages/network/network.ts';
import { viewportHeights } from './viewport.ts';

/**
 * Renders a page in a viewport as wide as the target's screen, and takes a screenshot of its whole height. The viewport's height is the given one,
 * or the likeliest with which the page is as high as the target.
 */
export const createRenderer: RendererFactory = (context) => {
  const browser = context.shared(warmBrowser);
  return {
    async status() {
      if (!browser) return { available: false, renderer: null, reason: chromiumMissing };
      try {
        const { version } = await browser.get();
        return { available: true, renderer: `html chromium-${version} ${networkVersion()}`, reason: null };
      } catch (error) {
        return { available: false, renderer: null, reason: (error as Error).message };
      }
    },

    async render(code, { mode, scripts, deadlineMs, ...options }, signal) {
      if (!browser) return { ...failed('unavailable', chromiumMissing), renderer: 'html' };
      const { size, deviceScale, viewportHeight } = mode === 'published' ? publishedScreen : options;
      if (size.width > renderLimits.maxPageSide || size.width * size.height > renderLimits.maxPixels) {
        return {
          ...failed('too-large', `A page of ${size.width}x${size.height} pixels is too large.`),
          renderer: 'html',
        };
      }
      const job = {
        mediaType: 'text/html',
        code: withoutIntegrity(code),
        deviceScale,
        extent: 'page',
        scripts,
        intercept: network,
      } as const;
      const startedAt = performance.now();
      const { width, height } = inCssPixels(size, deviceScale);
      const renderAt = (screen: number): Promise<RenderOutput> => {
        const left = Math.max(1, deadlineMs - (performance.now() - startedAt));
        return renderInBrowser('html', { ...job, viewport: { width, height: screen } }, browser, left, signal);
      };
      const heights = viewportHeight === undefined ? viewportHeights({ width, height }) : [viewportHeight];
      const output = await asHighAs(size, heights, renderAt);
      return { ...output, renderer: `${output.renderer} ${networkVersion()}` };
    },
  };
};

/** The screen of a new page of Playwright, which the published reward has not set. */
const publishedScreen = { size: { width: 1280, height: 720 }, deviceScale: 1, viewportHeight: 720 };

/** The render in the first of the viewports in which the page is as high as the target; in the first of all where there is none. */
async function asHighAs(
  { height }: Size,
  [first, ...others]: number[],
  renderAt: (height: number) => Promise<RenderOutput>,
): Promise<RenderOutput> {
  const output = await renderAt(first!);
  if (output.status === 'failed' || output.height === height) return output;
  for (const other of others) {
    const candidate = await renderAt(other);
    if (candidate.status === 'ok' && candidate.height === height) return candidate;
  }
  return output;
}
