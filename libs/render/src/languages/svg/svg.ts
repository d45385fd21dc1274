import type { Size } from '@pentimento/contracts';
import { drawInBrowser } from '../../pages/browser-drawing.ts';
import { fitDrawing, isWithin, renderLimits } from '../../port/limits.ts';
import { failed, type Outcome } from '../../port/outcome.ts';
import { type DocumentJob, MalformedDocument, orAborted, RespondentDied } from '@pentimento/sandbox';
import { pictureOf } from '../../image/picture.ts';
import type { Drawing, DrawingTerms, Renderer, Slot } from '../../port/renderer.ts';
import { browserFeatures, isCrowded } from './svg-engine.ts';
import { readSvg, svgSize, withSize, withSizeAndFont, type SvgSource } from './svg-source.ts';
import { asForgivingPage, describeXmlError, readXmlError, type XmlError } from './svg-syntax.ts';
import { readSvgText } from './svg-text.ts';
import type { Answer } from './svg-worker-client.ts';

/** One drawing on its way through the engines. */
interface Sheet {
  code: string;
  source: SvgSource;
  size: Size;
  terms: DrawingTerms;
  slot: Slot;
  signal: AbortSignal;
}

/** A drawing of its own size or of the target's: by librsvg, or by the browser where librsvg would leave something out or take longer. */
export const svg: Renderer = {
  async state({ svgWorker, browser }) {
    try {
      const { versions } = await svgWorker.get();
      const lack = 'Without Chromium, text on paths and the like is left out: run "npm run setup -- --only html".';
      return { available: true, renderer: librsvgName(versions.librsvg), reason: browser ? null : lack };
    } catch (error) {
      return { available: false, renderer: null, reason: (error as Error).message };
    }
  },

  async draw(code, terms, slot, signal) {
    const source = readSvg(code);
    if (!source) return { ...failed('syntax', 'There is no <svg> element in the code.'), renderer: 'svg' };
    const size = svgSize(source, fitDrawing(terms.size));
    if (!isWithin(size, renderLimits.drawingSide)) return { ...tooLarge(size), renderer: 'svg' };
    const drawing = await drawSheet({ code, source, size, terms, slot, signal });
    return drawing.status === 'ok' ? { ...drawing, text: readSvgText(code) } : drawing;
  },
};

function drawSheet(sheet: Sheet): Promise<Drawing> {
  const features = browserFeatures(sheet.code, sheet.source);
  if (sheet.slot.browser && (features.length > 0 || isCrowded(sheet.source))) return drawAsDocument(sheet);
  const lacking = features.length > 0 ? `Left out for want of a browser: ${features.join(', ')}.` : '';
  return drawByLibrsvg(sheet, lacking);
}

/** A document of the drawing's size that runs no scripts and gets nothing of the network. */
export const stillDocument = (
  mediaType: DocumentJob['mediaType'],
  code: string,
  viewport: Size,
): Omit<DocumentJob, 'limits'> => ({
  ...{ mediaType, code, viewport },
  deviceScale: 1,
  extent: 'viewport',
  scripts: false,
  serve: () => undefined,
});

const librsvgName = (version: string): string => `svg librsvg-${version}`;

const tooLarge = ({ width, height }: Size): Outcome =>
  failed(
    'too-large',
    `A drawing of ${width}x${height} pixels is too large: at most ${renderLimits.drawingSide} a side and ${renderLimits.pixels / 1e6} megapixels.`,
  );

async function drawByLibrsvg(sheet: Sheet, remark: string): Promise<Drawing> {
  const { code, source, size, terms, slot, signal } = sheet;
  let startedAt = 0;
  const [answer, renderer] = await slot.svgWorker.use(
    terms.deadlineMs,
    signal,
    async (worker): Promise<[Answer | Outcome, string]> => {
      startedAt = performance.now();
      const drawn = await worker.draw(withSizeAndFont(code, source, size), size).catch(deathOf);
      return [drawn, librsvgName(worker.versions.librsvg)];
    },
  );
  if ('status' in answer) return { ...answer, renderer };
  if ('png' in answer) return { ...(await pictureOf(answer.png, size, remark)), renderer };
  const error = readXmlError(answer.complaint);
  return error
    ? drawForgivingly(afterTime(sheet, startedAt), error, renderer)
    : { ...complaintOf(answer.complaint), renderer };
}

/** The sheet with what is left of its time, for another try. */
function afterTime(sheet: Sheet, startedAt: number): Sheet {
  const deadlineMs = Math.max(1, sheet.terms.deadlineMs - (performance.now() - startedAt));
  return { ...sheet, terms: { ...sheet.terms, deadlineMs } };
}

function complaintOf(complaint: string): Outcome {
  const text = complaint.replace(/^Input buffer has corrupt header: |^glib: /g, '');
  if (/limit|too (?:many|large|big)|exceed|cannot load more/i.test(text)) {
    return failed('too-large', `The drawing is too large or too involved: ${text}`);
  }
  return failed('runtime', `librsvg cannot draw it: ${text}`);
}

function deathOf(error: unknown): Outcome {
  if (!(error instanceof RespondentDied)) throw error;
  if (/panicked/.test(error.message)) return failed('runtime', 'The drawing brought librsvg down.');
  return failed('memory', 'The drawing brought librsvg down: it asked for more memory than a render may have.');
}

async function drawAsDocument(sheet: Sheet): Promise<Drawing> {
  const { code, source, size, terms, slot, signal } = sheet;
  const document = stillDocument('image/svg+xml', withSize(code, source, size), size);
  const browser = slot.browser!;
  await orAborted(browser.get(), signal);
  const startedAt = performance.now();
  try {
    return await drawInBrowser('svg', document, browser, terms.deadlineMs, signal);
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    return drawForgivingly(
      afterTime(sheet, startedAt),
      readXmlError(error.message) ?? { line: 1, column: 1, complaint: error.message },
      'svg',
    );
  }
}

/** Draws what is not well-formed as far as a browser makes sense of it; the error goes to the log, or is the answer. */
async function drawForgivingly(sheet: Sheet, error: XmlError, renderer: string): Promise<Drawing> {
  const { code, source, size, terms, slot, signal } = sheet;
  const description = describeXmlError(error, code);
  if (slot.browser) {
    const page = stillDocument('text/html', asForgivingPage(code, source, size), size);
    const drawing = await drawInBrowser('svg', page, slot.browser, terms.deadlineMs, signal);
    if (drawing.status === 'ok')
      return { ...drawing, log: `${description}\nDrawn as far as a browser understands it.` };
    if (drawing.kind !== 'empty') return drawing;
  }
  return { ...failed('syntax', description), renderer };
}
