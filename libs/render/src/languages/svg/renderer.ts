import { maxRenderTextLength, type Size } from '@pentimento/contracts';
import { missingGlyphs, readCode } from '@pentimento/runtimes';
import {
  asForgivingPage,
  describeXmlError,
  readXmlError,
  svgSize,
  withSize,
  withSizeAndFont,
  withViewBox,
  type SvgReading,
  type XmlError,
} from '@pentimento/svg-source';
import { orAborted } from '@pentimento/abort';
import {
  MalformedDocument,
  RpcProcessExited,
  type Browser,
  type DocumentJob,
  type WarmProcess,
} from '@pentimento/sandbox';
import { outcomeOfPng } from '../../image/png-outcome.ts';
import { warmBrowser } from '../../pages/browser.ts';
import { network } from '../../pages/network/network.ts';
import { renderInBrowser } from '../../pages/render-in-browser.ts';
import { fitWithinLimits, isWithinLimits, renderLimits } from '../../port/limits.ts';
import { failed, shorten, type Outcome } from '../../port/outcome.ts';
import type { RendererFactory, RenderOutput } from '../../port/renderer.ts';
import { svgReader, warmSvgReader } from './svg-reader.ts';
import { warmSvgWorker, type SvgWorker, type SvgWorkerReply } from './svg-worker-process.ts';

/** One SVG on its way through the engines. */
interface SvgRenderJob extends Omit<SvgReading, 'text'> {
  code: string;
  size: Size;
  deadlineMs: number;
  signal: AbortSignal;
}

interface Engines {
  librsvg: WarmProcess<SvgWorker>;
  browser: WarmProcess<Browser> | undefined;
}

/**
 * Renders an SVG at its own size or at the target's: by librsvg, or by the browser where librsvg would leave something out or take
 * longer.
 */
export const createRenderer: RendererFactory = (context) => {
  const engines = { librsvg: context.shared(warmSvgWorker), browser: context.shared(warmBrowser) };
  const reader = context.shared(warmSvgReader);
  return {
    async status() {
      try {
        const { versions } = await engines.librsvg.get();
        const lack = 'Without Chromium, text on paths and the like is left out: run "npm run setup -- --only html".';
        return { available: true, renderer: librsvgName(versions.librsvg), reason: engines.browser ? null : lack };
      } catch (error) {
        return { available: false, renderer: null, reason: (error as Error).message };
      }
    },

    async render(source, { size: target, mode, deadlineMs }, signal) {
      const startedAt = performance.now();
      const question = { code: source, maxTextLength: maxRenderTextLength };
      const read = await readCode(question, svgReader, reader, deadlineMs, signal);
      if (!read) return { ...failed('syntax', 'There is no <svg> element in the code.'), renderer: 'svg' };
      const { code, root } = mode === 'published' ? withViewBox(source, read.root) : { code: source, root: read.root };
      const reading = { ...read, root };
      const size = mode === 'published' ? publishedSize : svgSize(root, fitWithinLimits(target));
      if (!isWithinLimits(size)) return { ...tooLarge(size), renderer: 'svg' };
      const job = withTimeLeft({ code, ...reading, size, deadlineMs, signal }, startedAt);
      const output = await renderJob(job, engines);
      if (output.status === 'failed') return output;
      const bitmapShare = output.bitmapShare ?? (await shareOfBitmaps(withTimeLeft(job, startedAt), engines));
      return withReading({ ...output, bitmapShare }, code, reading);
    },
  };
};

/** The published reward renders every SVG into a square of this size. */
const publishedSize: Size = { width: 336, height: 336 };

/** All that can show a bitmap. CSS has no backgrounds in an SVG. */
const bitmapElements = /<(?:[\w.-]+:)?(?:image|feImage|foreignObject)\b/i;

/** Of an SVG that librsvg has drawn: where it may hold bitmaps, the browser says how much they cover. */
async function shareOfBitmaps(job: SvgRenderJob, engines: Engines): Promise<number | null> {
  if (!bitmapElements.test(job.code)) return 0;
  if (!engines.browser) return null;
  const output = await renderAsDocument(job, engines, engines.browser);
  return output.status === 'ok' ? output.bitmapShare : null;
}

/** With the text, and with what was left out whichever engine has rendered it. */
async function withReading(
  output: RenderOutput & { status: 'ok' },
  code: string,
  { text, hasScripts }: SvgReading,
): Promise<RenderOutput> {
  const hasOwnFonts = /@(?:font-face|import)\b/.test(code);
  const remarks = [
    ...output.log.split('\n'),
    hasScripts ? 'Scripts in an SVG are left out: they do not run.' : '',
    hasOwnFonts ? '' : await missingGlyphs(text),
  ];
  return { ...output, text: output.text ?? text, log: shorten([...new Set(remarks.filter(Boolean))].join('\n')) };
}

function renderJob(job: SvgRenderJob, engines: Engines): Promise<RenderOutput> {
  const { features, isCrowded, page } = job;
  if (engines.browser && page) return renderInItsPage(job, engines.browser);
  if (engines.browser && (features.length > 0 || isCrowded)) {
    return renderAsDocument(job, engines, engines.browser);
  }
  const lacking = features.length > 0 ? `Left out, because there is no browser: ${features.join(', ')}.` : '';
  return renderByLibrsvg(job, engines, lacking);
}

/** A document of the image's size that runs no scripts and gets nothing from the network. */
export const staticDocument = (
  mediaType: DocumentJob['mediaType'],
  code: string,
  viewport: Size,
): Omit<DocumentJob, 'limits'> => ({
  mediaType,
  code,
  viewport,
  deviceScale: 1,
  extent: 'viewport',
  scripts: false,
  intercept: network,
});

const librsvgName = (version: string): string => `svg librsvg-${version}`;

const tooLarge = ({ width, height }: Size): Outcome =>
  failed(
    'too-large',
    `An image of ${width}x${height} pixels is too large: at most ${renderLimits.maxSide} a side and ${renderLimits.maxPixels / 1e6} megapixels.`,
  );

async function renderByLibrsvg(job: SvgRenderJob, engines: Engines, remark: string): Promise<RenderOutput> {
  const { code, root, size, deadlineMs, signal } = job;
  let startedAt = 0;
  const [answer, renderer] = await engines.librsvg.use(
    deadlineMs,
    signal,
    async (worker): Promise<[SvgWorkerReply | Outcome, string]> => {
      startedAt = performance.now();
      const answer = await worker.render(withSizeAndFont(code, root, size), size).catch(outcomeOfExit);
      return [answer, librsvgName(worker.versions.librsvg)];
    },
  );
  if ('status' in answer) return { ...answer, renderer };
  if ('png' in answer) return { ...(await outcomeOfPng(answer.png, size, remark)), renderer };
  const error = readXmlError(answer.error);
  return error
    ? renderForgivingly(withTimeLeft(job, startedAt), engines.browser, error, renderer)
    : { ...outcomeOfError(answer.error), renderer };
}

/** The job with the rest of its time, for another engine. */
function withTimeLeft(job: SvgRenderJob, startedAt: number): SvgRenderJob {
  return { ...job, deadlineMs: Math.max(1, job.deadlineMs - (performance.now() - startedAt)) };
}

function outcomeOfError(error: string): Outcome {
  const text = error.replace(/^Input buffer has corrupt header: |^glib: /g, '');
  if (/limit|too (?:many|large|big)|exceed|cannot load more/i.test(text)) {
    return failed('too-large', `The image is too large or too complex: ${text}`);
  }
  return failed('runtime', `librsvg cannot render it: ${text}`);
}

function outcomeOfExit(error: unknown): Outcome {
  if (!(error instanceof RpcProcessExited)) throw error;
  if (/panicked/.test(error.message)) return failed('runtime', 'librsvg crashed on this image.');
  return failed('memory', 'librsvg crashed on this image: it asked for more memory than a render may have.');
}

async function renderAsDocument(
  job: SvgRenderJob,
  engines: Engines,
  browser: WarmProcess<Browser>,
): Promise<RenderOutput> {
  const { code, root, size, deadlineMs, signal } = job;
  const document = staticDocument('image/svg+xml', withSize(code, root, size), size);
  await orAborted(browser.get(), signal);
  const startedAt = performance.now();
  try {
    return await renderInBrowser('svg', document, browser, deadlineMs, signal);
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    const xmlError = readXmlError(error.message) ?? { line: 1, column: 1, message: error.message };
    return renderForgivingly(withTimeLeft(job, startedAt), engines.browser, xmlError, 'svg');
  }
}

/** Renders an SVG that stands in an HTML page with what the page adds to it. */
async function renderInItsPage(
  { code, root, size, page, deadlineMs, signal }: SvgRenderJob,
  browser: WarmProcess<Browser>,
): Promise<RenderOutput> {
  const document = staticDocument('text/html', asForgivingPage(code, root, size, page), size);
  const output = await renderInBrowser('svg', document, browser, deadlineMs, signal);
  if (output.status === 'failed') return output;
  const remark = 'The SVG stands in an HTML page: it is drawn alone, with the styles of the page.';
  return { ...output, log: [remark, output.log].filter(Boolean).join('\n') };
}

/** Renders what is not well-formed as far as an HTML parser understands it, with the error in the log. */
async function renderForgivingly(
  { code, root, size, page: around, deadlineMs, signal }: SvgRenderJob,
  browser: WarmProcess<Browser> | undefined,
  error: XmlError,
  renderer: string,
): Promise<RenderOutput> {
  const description = describeXmlError(error, code);
  if (browser) {
    const page = staticDocument('text/html', asForgivingPage(code, root, size, around), size);
    const output = await renderInBrowser('svg', page, browser, deadlineMs, signal);
    if (output.status === 'ok') {
      const remark = `${description}\nRendered as far as a browser understands it.`;
      return { ...output, log: [remark, output.log].filter(Boolean).join('\n') };
    }
    if (output.kind !== 'empty') return output;
  }
  return { ...failed('syntax', description), renderer };
}
