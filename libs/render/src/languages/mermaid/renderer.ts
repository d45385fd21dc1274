import { chromiumMissing, warmBrowser } from '../../pages/browser.ts';
import { renderInBrowser } from '../../pages/render-in-browser.ts';
import { fitWithinLimits } from '../../port/limits.ts';
import { failed } from '../../port/outcome.ts';
import type { RendererFactory } from '../../port/renderer.ts';
import { mermaidTool } from './mermaid-tool.ts';

/**
 * Renders a diagram scaled to fit the target's size, so that it has the target's scale whatever the target's density. A diagram much
 * longer than the target overflows it in one direction: its shorter side keeps an eighth of the target's, at most 64 pixels, unless
 * it is smaller by itself.
 * The code is data to Mermaid at its strictest security level, in a page that is used once.
 */
export const createRenderer: RendererFactory = (context) => {
  const browser = context.shared(warmBrowser);
  return {
    async status() {
      if (!browser) return { available: false, renderer: null, reason: chromiumMissing };
      try {
        const { name } = mermaidTool();
        const { version } = await browser.get();
        return { available: true, renderer: `${name} chromium-${version}`, reason: null };
      } catch (error) {
        return { available: false, renderer: null, reason: (error as Error).message };
      }
    },

    async render(code, { size, deadlineMs }, signal) {
      if (!browser) return { ...failed('unavailable', chromiumMissing), renderer: 'mermaid' };
      const tool = mermaidTool();
      const job = { tool, input: code, viewport: fitWithinLimits(size), deviceScale: 1 };
      return renderInBrowser(tool.name, job, browser, deadlineMs, signal);
    },
  };
};
