import { inCssPixels } from '@pentimento/contracts';
import { drawInBrowser } from '../../pages/browser-drawing.ts';
import { chromiumMissing } from '../../pages/chromium-missing.ts';
import { failed } from '../../port/outcome.ts';
import type { Renderer } from '../../port/renderer.ts';
import { network, networkVersion, withoutIntegrity } from './network.ts';
import { renderLimits } from '../../port/limits.ts';

/** A page in a viewport as wide as the target's screen, photographed in its whole height. */
export const html: Renderer = {
  async state({ browser }) {
    if (!browser) return { available: false, renderer: null, reason: chromiumMissing };
    try {
      const { version } = await browser.get();
      return { available: true, renderer: `html chromium-${version} ${networkVersion()}`, reason: null };
    } catch (error) {
      return { available: false, renderer: null, reason: (error as Error).message };
    }
  },

  async draw(code, { size, deviceScale, scripts, deadlineMs }, { browser }, signal) {
    if (!browser) return { ...failed('unavailable', chromiumMissing), renderer: 'html' };
    if (size.width > renderLimits.pageSide || size.width * size.height > renderLimits.pixels) {
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
      serve: network,
    } as const;
    const drawing = await drawInBrowser('html', job, browser, deadlineMs, signal);
    return { ...drawing, renderer: `${drawing.renderer} ${networkVersion()}` };
  },
};
