import { inCssPixels } from '@pentimento/contracts';
import { chromiumMissing, warmBrowser } from '../../pages/browser.ts';
import { renderInBrowser } from '../../pages/render-in-browser.ts';
import { renderLimits } from '../../port/limits.ts';
import { failed } from '../../port/outcome.ts';
import type { RendererFactory } from '../../port/renderer.ts';
import { network, networkVersion, withoutIntegrity } from './network.ts';

/** Renders a page in a viewport as wide as the target's screen, and takes a screenshot of its whole height. */
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

    async render(code, { size, deviceScale, scripts, deadlineMs }, signal) {
      if (!browser) return { ...failed('unavailable', chromiumMissing), renderer: 'html' };
      if (size.width > renderLimits.maxPageSide || size.width * size.height > renderLimits.maxPixels) {
        return {
          ...failed('too-large', `A page of ${size.width}x${size.height} pixels is too large.`),
          renderer: 'html',
        };
      }
      const job = {
        mediaType: 'text/html',
        code: withoutIntegrity(code),
        viewport: inCssPixels(size, deviceScale),
        deviceScale,
        extent: 'page',
        scripts,
        intercept: network,
      } as const;
      const output = await renderInBrowser('html', job, browser, deadlineMs, signal);
      return { ...output, renderer: `${output.renderer} ${networkVersion()}` };
    },
  };
};
