import type { Size } from '@pentimento/contracts';
import { InvalidImageError } from '@pentimento/imaging';
import {
  failureOf,
  isMathFailure,
  lossesOf,
  needsAnotherRun,
  overfullOf,
  restAfter,
  TexJobExited,
  type DocumentOptions,
  type Format,
  type PreamblePrefix,
  type TexDocument,
  type TexJob,
  type TexRun,
  type Typesetter,
} from '@pentimento/runtimes';
import { orAborted, withDeadline } from '@pentimento/abort';
import { outcomeOfPixels } from '../../image/pixels-outcome.ts';
import { isWithinLimits, renderLimits } from '../../port/limits.ts';
import { failed, type Outcome } from '../../port/outcome.ts';
import { orOutage } from '../../port/outage.ts';
import type { RenderOptions } from '../../port/renderer.ts';
import {
  cropToInk,
  densityFor,
  findPage,
  isCutOff,
  missingRoom,
  PageTooLargeError,
  pixelsAt,
  readPpm,
  type ShownPage,
} from '@pentimento/tex-pages';

/** Dots per inch of the published reward. */
const publishedDensity = 300;
const maxPpmBytes = renderLimits.maxPixels * 3 + 64;

/** Reads the code again: as mathematics, or with more room. */
type ReadAgain = (more: Partial<DocumentOptions>) => Promise<TexDocument>;

/** One document on its way to an image. None of its processes outlives `run`. */
export class LatexRenderJob {
  #document: TexDocument;
  /** How the code was read again. */
  #more: Partial<DocumentOptions> = {};
  readonly #options: RenderOptions;
  readonly #typesetter: Typesetter;
  readonly #readAgain: ReadAgain;
  readonly #lifetime = new AbortController();

  constructor(document: TexDocument, options: RenderOptions, typesetter: Typesetter, readAgain: ReadAgain) {
    this.#document = document;
    this.#options = options;
    this.#typesetter = typesetter;
    this.#readAgain = readAgain;
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
    if (run.status !== 0) return (await this.#asMath(job, run)) ?? this.#failure(run);
    try {
      const page = await findPage(job, this.#document.crop, run, this.#isPublished);
      if (!page) return failed('empty', 'The document has no page: nothing is drawn in it.');
      if (page === 'blank') return failed('empty', 'The page is blank: nothing is drawn on it.');
      const room = this.#more.room ? undefined : this.#missingRoom(page, run);
      if (room) return await this.#typesetAgain(job, { room });
      return await this.#draw(job, page, run);
    } catch (error) {
      if (error instanceof PageTooLargeError) return tooLarge(pixelsAt(error.page, 72));
      if (!(error instanceof InvalidImageError)) throw error;
      return failed('runtime', `The renderer returned no usable image: ${error.message}`);
    }
  }

  async #draw(job: TexJob, page: ShownPage, run: TexRun): Promise<Outcome> {
    const isCropped = this.#document.crop === 'ink' && page.ink !== undefined;
    const shown = isCropped ? await cropToInk(job, page, page.ink!) : page;
    const density = this.#isPublished ? publishedDensity : densityFor(shown, this.#options.size);
    const size = pixelsAt(shown, density);
    if (!isWithinLimits(size)) return tooLarge(size);
    const image = await job.renderPage(isCropped ? 1 : page.number, density, maxPpmBytes);
    const log = [lossesOf(run), otherPages(page)].filter(Boolean).join('\n');
    return outcomeOfPixels(readPpm(image, size), log, page.text);
  }

  get #isPublished(): boolean {
    return this.#options.mode === 'published';
  }

  #missingRoom(page: ShownPage, run: TexRun): DocumentOptions['room'] {
    const { crop, isSnippet } = this.#document;
    if (crop === 'ink') return missingRoom(page, run, isSnippet);
    const { right } = overfullOf(run);
    return isCutOff(page, crop, right) ? { right, below: 0 } : undefined;
  }

  /** The outcome of a snippet as mathematics, where it failed as text; undefined where it fails as that too. */
  async #asMath(job: TexJob, run: TexRun): Promise<Outcome | undefined> {
    const text = this.#document;
    if (!text.mayBeMath || !isMathFailure(run)) return undefined;
    const outcome = await this.#typesetAgain(job, { isMath: true });
    if (outcome.status === 'ok') return outcome;
    this.#document = text;
    return undefined;
  }

  async #typesetAgain(job: TexJob, more: Partial<DocumentOptions>): Promise<Outcome> {
    job.kill();
    this.#more = { ...this.#more, ...more };
    this.#document = await this.#readAgain(this.#more);
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

const otherPages = ({ number, count }: ShownPage): string =>
  count > 1 ? `The document has ${count} pages: page ${number} is shown.` : '';

/** Whether no format can have caused the outcome. */
const isIndependentOfFormat = (outcome: Outcome): boolean =>
  outcome.status === 'ok' || outcome.kind === 'empty' || outcome.kind === 'too-large';

/** Undefined for a job that ended during its work, or whose answer was malformed. */
function nothingIfExited(error: unknown): undefined {
  if (!(error instanceof TexJobExited) && !(error instanceof RangeError)) throw error;
}
