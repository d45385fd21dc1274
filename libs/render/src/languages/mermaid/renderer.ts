import { chromiumMissing, warmBrowser } from '../../pages/browser.ts';
import { renderInBrowser } from '../../pages/render-in-browser.ts';
import { fitWithinLimits } from '../../port/limits.ts';
import { failed } from '../../port/outcome.ts';
import type { RendererFactory, RenderOutput } from '../../port/renderer.ts';
import { adviseOn, readSource, withLinesOf, type MermaidSource } from '@pentimento/mermaid-source';
import { maxTextSize, mermaidTool, type MermaidInput } from './mermaid-tool.ts';

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
      const source = sourceOf(code);
      const job = { tool, input: inputOf(source), viewport: fitWithinLimits(size), deviceScale: 1 };
      return explained(source, await renderInBrowser(tool.name, job, browser, deadlineMs, signal));
    },
  };
};

const zenumlMissing = 'ZenUML is a plug-in of Mermaid that is not installed: write a sequenceDiagram.';

/** Code that is too long is refused as it is. */
const sourceOf = (code: string): MermaidSource =>
  code.length > maxTextSize ? { code, first: null, notes: [] } : readSource(code);

function inputOf({ code, first }: MermaidSource): string {
  const advice = code.length > maxTextSize ? undefined : adviseOn(code);
  return JSON.stringify({ code, first, advice: advice ?? null } satisfies MermaidInput);
}

/** With what reading the code has left out, and with the lines of the code in place of those that Mermaid counts. */
function explained({ code, notes }: MermaidSource, output: RenderOutput): RenderOutput {
  if (output.status === 'ok') return { ...output, log: [...notes, output.log].filter(Boolean).join('\n') };
  if (output.kind !== 'syntax') return output;
  if (/^\s*zenuml\b/.test(code)) return { ...output, message: zenumlMissing };
  return { ...output, message: withLinesOf(code, output.message) };
}
