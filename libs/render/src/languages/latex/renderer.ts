import {
  FormatCache,
  prefixesTo,
  readCode,
  texReader,
  Typesetter,
  type DocumentOptions,
  type Engine,
} from '@pentimento/runtimes';
import { orAborted } from '@pentimento/abort';
import { failed, type Outcome } from '../../port/outcome.ts';
import { warmReader } from '../../port/warm-reader.ts';
import type { RendererContext, RendererFactory } from '../../port/renderer.ts';
import { LatexRenderJob } from './render-job.ts';

const remedy = 'run "npm run setup -- --only latex"';

/** Renders the first page of a document that shows something, or a snippet, at the target's size. */
export const createRenderer: RendererFactory = (context) => {
  const typesetter = context.shared(createTypesetter);
  const reader = context.shared(warmTexReader);
  return {
    async status() {
      try {
        return { available: true, renderer: await rendererName(typesetter), reason: null };
      } catch {
        return { available: false, renderer: null, reason: `LaTeX is not installed: ${remedy}.` };
      }
    },

    async render(code, options, signal) {
      signal.throwIfAborted();
      const renderer = await orAborted(rendererName(typesetter).catch(nothing), signal);
      if (renderer === undefined) {
        return { ...failed('unavailable', `LaTeX is not installed: ${remedy}.`), renderer: 'none' };
      }
      const startedAt = performance.now();
      const deadlineMs = () => Math.max(1, options.deadlineMs - (performance.now() - startedAt));
      const pages = options.mode === 'published' ? 'published' : 'ink';
      const read = (more: Partial<DocumentOptions>) =>
        readCode({ code, pages, ...more }, texReader, reader, deadlineMs(), signal);
      const { document, ends } = await read({});
      if (!typesetter.hasEngine(document.engine)) return { ...missingEngine(document.engine), renderer };
      const left = { ...options, deadlineMs: deadlineMs() };
      const job = new LatexRenderJob(document, left, typesetter, async (more) => (await read(more)).document);
      return { ...(await job.run(prefixesTo(ends, document.source), signal)), renderer };
    },
  };
};

/** The TeX of a slot, for `context.shared`. */
export function createTypesetter(context: RendererContext): Typesetter {
  const formats = context.sharedBySlots(createFormatCache);
  const typesetter = new Typesetter(context.launcher, formats, context.temporaryFolder);
  context.onClose(() => typesetter.close());
  return typesetter;
}

const warmTexReader = (context: RendererContext) => warmReader(texReader, context);

function createFormatCache(context: RendererContext): FormatCache {
  const formats = new FormatCache(context.temporaryFolder);
  context.onClose(() => formats.close());
  return formats;
}

const rendererName = async (typesetter: Typesetter): Promise<string> => `latex ${await typesetter.versions()}`;

const nothing = (): undefined => undefined;

const missingEngine = (engine: Engine): Outcome =>
  failed('unavailable', `The document asks for ${engine}, which is not installed: ${remedy}, or write for pdflatex.`);
