import type { Size } from '@pentimento/contracts';
import { InvalidImageError } from '@pentimento/imaging';
import {
  FormatCache,
  failureOf,
  needsAnotherRun,
  overhangOf,
  prefixesTo,
  readCode,
  restAfter,
  TexJobExited,
  texReader,
  Typesetter,
  warningsOf,
  type Engine,
  type Format,
  type PreamblePrefix,
  type TexDocument,
  type TexJob,
  type TexRun,
} from '@pentimento/runtimes';
import { orAborted, withDeadline } from '@pentimento/abort';
import { outcomeOfPixels } from '../../image/pixels-outcome.ts';
import { isWithinLimits, renderLimits } from '../../port/limits.ts';
import { failed, type Outcome } from '../../port/outcome.ts';
import { orOutage } from '../../port/outage.ts';
import { warmReader } from '../../port/warm-reader.ts';
import type { RendererContext, RendererFactory, RenderOptions } from '../../port/renderer.ts';
import { densityFor, isCutOff, pixelsAt, readPage } from './page.ts';
import { readPpm } from './ppm.ts';

const maxPpmBytes = renderLimits.maxPixels * 3 + 64;
const remedy = 'run "npm run setup -- --only latex"';

/** Renders the first page of a document, or of a wrapped snippet, at the target's size. */
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
      const read = (overhang: number) => readCode({ code, overhang }, texReader, reader, deadlineMs(), signal);
      const { document, ends } = await read(0);
      if (!typesetter.hasEngine(document.engine)) return { ...missingEngine(document.engine), renderer };
      const left = { ...options, deadlineMs: deadlineMs() };
      const job = new LatexRenderJob(document, left, typesetter, async (overhang) => (await read(overhang)).document);
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

/** One document on its way to an image. None of its processes outlives `run`. */
class LatexRenderJob {
  #document: TexDocument;
  #isWidened = false;
  readonly #options: RenderOptions;
  readonly #typesetter: Typesetter;
  readonly #readWider: (overhang: number) => Promise<TexDocument>;
  readonly #lifetime = new AbortController();

  constructor(
    document: TexDocument,
    options: RenderOptions,
    typesetter: Typesetter,
    readWider: (overhang: number) => Promise<TexDocument>,
  ) {
    this.#document = document;
    this.#options = options;
    this.#typesetter = typesetter;
    this.#readWider = readWider;
  }

  async run(prefixes: PreamblePrefix[], signal: AbortSignal): Promise<Outcome> {
    const { formats } = this.#typesetter;
    const prefix = prefixes.find(({ key }) => formats.get(key));
    const end = (): void => this.#lifetime.abort();
    try {
      const job = await orAborted(this.#start(prefix), signal);
      const { deadlineMs } = this.#options;
      const outcome = await withDeadline({ deadlineMs, signal, kill: end }, () => this.#render(job, prefix));
      const wanted = outcome.status === 'ok' ? formats.wanted(prefixes) : undefined;
      await this.#prepareNext(prefix, wanted);
      return outcome;
    } finally {
      end();
    }
  }

  /** With a format of the preamble's prefix. Without one where TeX fails with it, so that a format never decides the outcome. */
  async #render(job: TexJob, prefix: PreamblePrefix | undefined): Promise<Outcome> {
    const { source } = this.#document;
    const first = await this.#typeset(job, prefix ? restAfter(prefix, source) : source).catch(nothingIfExited);
    if (first && (!prefix || isIndependentOfFormat(first))) return first;
    const plain = await this.#typeset(await this.#start(undefined), source).catch(nothingIfExited);
    if (prefix && plain?.status === 'ok') this.#typesetter.formats.disable(prefix.key);
    return plain ?? failed('runtime', 'The renderer crashed on this document.');
  }

  async #typeset(job: TexJob, source: string): Promise<Outcome> {
    let run = await job.typeset(source);
    if (run.status === 0 && needsAnotherRun(run, source)) run = await job.typesetAgain();
    if (run.status !== 0) return this.#failure(run);
    const page = readPage(run.layout);
    if (!page) return failed('empty', 'The document has no page: nothing is drawn in it.');
    const overhang = overhangOf(run);
    if (!this.#isWidened && isCutOff(page, this.#document.crop, overhang)) return this.#typesetWider(job, overhang);
    const density = densityFor(page, this.#options.size);
    const size = pixelsAt(page, density);
    if (!isWithinLimits(size)) return tooLarge(size);
    const image = await job.renderPage(density, maxPpmBytes);
    try {
      return await outcomeOfPixels(readPpm(image, size), warningsOf(run), page.text);
    } catch (error) {
      if (!(error instanceof InvalidImageError)) throw error;
      return failed('runtime', `The renderer returned no usable image: ${error.message}`);
    }
  }

  async #typesetWider(narrow: TexJob, overhang: number): Promise<Outcome> {
    narrow.kill();
    this.#isWidened = true;
    this.#document = await this.#readWider(overhang);
    return this.#typeset(await this.#start(undefined), this.#document.source);
  }

  #failure(run: TexRun): Outcome {
    const bySignal = failuresBySignal[run.status];
    if (bySignal) return failed(...bySignal);
    const { kind, message } = failureOf(run, this.#document);
    return failed(kind, message);
  }

  async #start(prefix: PreamblePrefix | undefined): Promise<TexJob> {
    const { engine } = this.#document;
    return orOutage(this.#typesetter.job(engine, await this.#formatOf(prefix), this.#lifetime.signal));
  }

  async #formatOf(prefix: PreamblePrefix | undefined): Promise<Format | undefined> {
    const { formats } = this.#typesetter;
    return (prefix && formats.get(prefix.key)) ?? formats.ofEngine(this.#document.engine);
  }

  async #prepareNext(prefix: PreamblePrefix | undefined, wanted: PreamblePrefix | undefined): Promise<void> {
    this.#typesetter.prepare(this.#document.engine, await this.#formatOf(prefix), wanted);
  }
}

/** By a shell's exit status for programs that SIGABRT, SIGKILL, SIGSEGV and SIGXFSZ ended. */
const failuresBySignal: Record<number, [kind: 'memory' | 'runtime' | 'too-large', message: string]> = {
  134: ['memory', 'TeX asked for more memory than a render may have.'],
  137: ['memory', 'TeX asked for more memory than a render may have.'],
  139: ['runtime', 'TeX crashed on this document.'],
  153: ['too-large', 'The document makes a file that is larger than 64 MB: draw less.'],
};

const tooLarge = ({ width, height }: Size): Outcome =>
  failed(
    'too-large',
    `A page of ${width}x${height} pixels is too large: at most ${renderLimits.maxSide} a side and ${renderLimits.maxPixels / 1e6} megapixels. Draw it smaller, or scale it down.`,
  );

/** Whether no format can have caused the outcome. */
const isIndependentOfFormat = (outcome: Outcome): boolean =>
  outcome.status === 'ok' || outcome.kind === 'empty' || outcome.kind === 'too-large';

/** Undefined for a job that ended during its work, or whose answer was malformed. */
function nothingIfExited(error: unknown): undefined {
  if (!(error instanceof TexJobExited) && !(error instanceof RangeError)) throw error;
}
