import { withFonts } from '@pentimento/runtimes';
import { Chromium, type Browser, type WarmProcess } from '@pentimento/sandbox';
import { RendererProcess } from '../port/outage.ts';
import type { RendererContext } from '../port/renderer.ts';

/** Why nothing that needs a browser can be rendered, and the remedy. */
export const chromiumMissing =
  'Chromium is not installed: run "npm run setup -- --only html", or name a Chromium in PENTIMENTO_CHROMIUM.';

/** The browser of a slot, for `context.shared`. Undefined where there is no Chromium on this machine. */
export function warmBrowser(context: RendererContext): WarmProcess<Browser> | undefined {
  const chromium = context.sharedBySlots(findChromium);
  if (!chromium) return undefined;
  const browser = new RendererProcess(() => chromium.start());
  context.onClose(() => browser.close());
  return browser;
}

const findChromium = ({ chromium, launcher, temporaryFolder }: RendererContext): Chromium | undefined =>
  chromium === undefined ? undefined : new Chromium(chromium, launcher, temporaryFolder, withFonts);
