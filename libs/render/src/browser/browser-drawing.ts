import { PageCrashed, type Browser } from './browser.ts';
import { CdpError } from './cdp.ts';
import { failed, type Outcome } from '../outcome.ts';
import { isLostPhotograph, type DocumentJob, type ToolJob } from './page.ts';
import { pictureOf } from '../picture/picture.ts';
import type { Drawing } from '../renderer.ts';
import type { Standing } from '../sandbox/standing.ts';
import { ToolComplaint } from './tool.ts';

/**
 * Draws a document, or an input by a tool, in a browser. `name` is the language's. Rejects as `Standing.use` does, and with
 * MalformedDocument.
 */
export function drawInBrowser(
  name: string,
  job: DocumentJob | ToolJob,
  standing: Standing<Browser>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Drawing> {
  return standing.use(deadlineMs, signal, async (browser) => {
    const renderer = `${name} chromium-${browser.version}`;
    try {
      const { png, width, height, log, text } = await browser.draw(job);
      return { ...(await pictureOf(png, { width, height }, log, text)), renderer };
    } catch (error) {
      if (error instanceof ToolComplaint) return { ...failed(error.kind, error.message), renderer };
      if (!(error instanceof CdpError)) throw error;
      return { ...failureOf(error), renderer };
    }
  });
}

function failureOf(error: CdpError): Outcome {
  if (error instanceof PageCrashed) {
    return failed('memory', 'The page crashed: it asked for more memory than a render may have.');
  }
  if (isLostPhotograph(error)) return failed('too-large', 'The page is too large to be photographed.');
  return failed('runtime', `The page could not be drawn: ${error.message}`);
}
