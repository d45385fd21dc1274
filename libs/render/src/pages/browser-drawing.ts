import {
  type Browser,
  CdpError,
  type DocumentJob,
  isLostPhotograph,
  PageCrashed,
  type ScreenshotLimits,
  type Standing,
  ToolComplaint,
  type ToolJob,
} from '@pentimento/sandbox';
import { renderLimits } from '../port/limits.ts';
import { failed, type Outcome } from '../port/outcome.ts';
import { pictureOf } from '../image/picture.ts';
import type { Drawing } from '../port/renderer.ts';

/**
 * Draws a document, or an input by a tool, in a browser. `name` is the language's. Rejects as `Standing.use` does, and with
 * MalformedDocument.
 */
export function drawInBrowser(
  name: string,
  job: Omit<DocumentJob, 'limits'> | Omit<ToolJob, 'limits'>,
  standing: Standing<Browser>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Drawing> {
  return standing.use(deadlineMs, signal, async (browser) => {
    const renderer = `${name} chromium-${browser.version}`;
    try {
      const { png, width, height, log, text } = await browser.draw({ ...job, limits: limitsOf(job) });
      return { ...(await pictureOf(png, { width, height }, log, text)), renderer };
    } catch (error) {
      if (error instanceof ToolComplaint) return { ...failed(error.kind, error.message), renderer };
      if (!(error instanceof CdpError)) throw error;
      return { ...failureOf(error), renderer };
    }
  });
}

function limitsOf(job: object): ScreenshotLimits {
  const { drawingSide, pageSide, pixels } = renderLimits;
  return { maxSide: 'tool' in job ? drawingSide : pageSide, maxPixels: pixels };
}

function failureOf(error: CdpError): Outcome {
  if (error instanceof PageCrashed) {
    return failed('memory', 'The page crashed: it asked for more memory than a render may have.');
  }
  if (isLostPhotograph(error)) return failed('too-large', 'The page is too large to be photographed.');
  return failed('runtime', `The page could not be drawn: ${error.message}`);
}
