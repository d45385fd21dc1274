import { drawInBrowser } from '../../pages/browser-drawing.ts';
import { chromiumMissing } from '../../pages/chromium-missing.ts';
import { fitDrawing } from '../../port/limits.ts';
import { failed } from '../../port/outcome.ts';
import type { Renderer } from '../../port/renderer.ts';
import { mermaidTool } from './mermaid-tool.ts';

/**
 * A diagram, scaled to fit the target's size: the same code then has the target's scale, whatever density the target was drawn at.
 * One so long that little of it would be left is longer than the target: its shorter side keeps an eighth of the target's, at most
 * 64 pixels, unless it is smaller by itself.
 * The code is data to Mermaid at its strictest security level, in a page that is thrown away.
 */
export const mermaid: Renderer = {
  async state({ browser }) {
    if (!browser) return { available: false, renderer: null, reason: chromiumMissing };
    try {
      const { name } = mermaidTool();
      const { version } = await browser.get();
      return { available: true, renderer: `${name} chromium-${version}`, reason: null };
    } catch (error) {
      return { available: false, renderer: null, reason: (error as Error).message };
    }
  },

  async draw(code, { size, deadlineMs }, { browser }, signal) {
    if (!browser) return { ...failed('unavailable', chromiumMissing), renderer: 'mermaid' };
    const tool = mermaidTool();
    const job = { tool, input: code, viewport: fitDrawing(size), deviceScale: 1 };
    return drawInBrowser(tool.name, job, browser, deadlineMs, signal);
  },
};
