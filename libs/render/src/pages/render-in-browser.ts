import { DeadlineExceeded } from '@pentimento/abort';
import {
  CdpError,
  isScreenshotFailure,
  PageCrashed,
  ToolError,
  ToolNotLoaded,
  type Browser,
  type DocumentJob,
  type PageToolJob,
  type Screenshot,
  type ScreenshotLimits,
  type WarmProcess,
} from '@pentimento/sandbox';
import { missingGlyphs } from '@pentimento/runtimes';
import { outcomeOfPng } from '../image/png-outcome.ts';
import { renderLimits } from '../port/limits.ts';
import { RendererOutageError } from '../port/outage.ts';
import { readSurvey, survey, type ShownContent } from '@pentimento/page-survey';
import { failed, stopped, type Outcome } from '../port/outcome.ts';
import type { RenderOutput } from '../port/renderer.ts';

/**
 * Renders a document, or an input by a tool, in a browser.
 *
 * @param name begins the renderer's name.
 * @throws MalformedDocument; else as `WarmProcess.use`.
 */
export function renderInBrowser(
  name: string,
  job: Omit<DocumentJob, 'limits'> | Omit<PageToolJob, 'limits'>,
  browser: WarmProcess<Browser>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<RenderOutput> {
  let pageLog = (): string => '';
  const rendering = browser.use(deadlineMs, signal, async (running) => {
    pageLog = () => running.pageLog;
    const renderer = `${name} chromium-${running.version}`;
    try {
      const screenshot = await running.screenshot({ ...job, limits: limitsOf(job), survey });
      const { png, width, height, text } = screenshot;
      const size = { width, height };
      const content = await contentOf(screenshot, job.deviceScale);
      const glyphs = screenshot.hasWebFonts ? undefined : await missingGlyphs(text);
      const log = [screenshot.log, glyphs].filter(Boolean).join('\n');
      return { ...(await outcomeOfPng(png, size, log, content)), renderer };
    } catch (error) {
      if (error instanceof ToolError) return { ...failed(error.kind, error.message), renderer };
      if (error instanceof ToolNotLoaded) throw new RendererOutageError(error.message, { cause: error });
      if (!(error instanceof CdpError)) throw error;
      return { ...failureOf(error, pageLog()), renderer };
    }
  });
  return rendering.catch((error: unknown) => {
    throw error instanceof DeadlineExceeded ? new DeadlineExceeded({ log: pageLog() }) : error;
  });
}

/** Where the survey cannot be read, the text is all of the page's, what is hidden included. */
async function contentOf(
  { png, width, height, text, survey: answer }: Screenshot,
  deviceScale: number,
): Promise<ShownContent> {
  const content = await readSurvey(answer, { png, size: { width, height }, deviceScale });
  return { ...content, text: content.text ?? (text || null) };
}

function limitsOf(job: object): ScreenshotLimits {
  const { maxSide, maxPageSide, maxPixels } = renderLimits;
  return { maxSide: 'tool' in job ? maxSide : maxPageSide, maxPixels };
}

function failureOf(error: CdpError, log: string): Outcome {
  if (error instanceof PageCrashed) {
    return stopped('memory', 'The page crashed: it asked for more memory than a render may have.', log);
  }
  if (isScreenshotFailure(error)) return failed('too-large', 'The page is too large for a screenshot.');
  return stopped('runtime', `The page could not be rendered: ${error.message}`, log);
}
