import type { Size } from '@pentimento/contracts';
import { isWithin, renderLimits } from '../../port/limits.ts';
import { failed, type Outcome } from '../../port/outcome.ts';
import { pictureOfPixels } from '../../image/pixels.ts';
import { HostileImage } from '@pentimento/imaging';
import type { DrawingTerms, Renderer } from '../../port/renderer.ts';
import { orAborted, withDeadline } from '@pentimento/sandbox';
import {
  asksForAnotherRun,
  type Cut,
  cutsOf,
  type Engine,
  failureOf,
  type Format,
  JobDied,
  overhangOf,
  readDocument,
  remarksOf,
  restAfter,
  type TexDocument,
  type TexJob,
  type TexRun,
  type Typesetter,
} from '@pentimento/runtimes';
import { densityFor, isCutOff, pixelsAt, readPage } from './page.ts';
import { readPpm } from './ppm.ts';

const maxPpmBytes = renderLimits.pixels * 3 + 64;
const remedy = 'run "npm run setup -- --only latex"';

/** The first page of a document or of a wrapped snippet, at the target's size. */
export const latex: Renderer = {
  async state({ typesetter }) {
    try {
      return { available: true, renderer: await rendererName(typesetter), reason: null };
    } catch {
      return { available: false, renderer: null, reason: `LaTeX is not installed: ${remedy}.` };
    }
  },

  async draw(code, terms, { typesetter }, signal) {
    signal.throwIfAborted();
    const renderer = await orAborted(rendererName(typesetter).catch(nothing), signal);
    if (renderer === undefined) {
      return { ...failed('unavailable', `LaTeX is not installed: ${remedy}.`), renderer: 'none' };
    }
    const document = readDocument(code);
    if (!typesetter.hasEngine(document.engine)) return { ...missingEngine(document.engine), renderer };
    const outcome = await new Sheet(code, document, terms, typesetter).draw(signal);
    return { ...outcome, renderer };
  },
};

const rendererName = async (typesetter: Typesetter): Promise<string> => `latex ${await typesetter.versions()}`;

const nothing = (): undefined => undefined;

const missingEngine = (engine: Engine): Outcome =>
  failed('unavailable', `The document asks for ${engine}, which is not installed: ${remedy}, or write for pdflatex.`);

/** One document on its way to a picture. None of its processes outlives the drawing of it. */
class Sheet {
  readonly #code: string;
  #document: TexDocument;
  #isWidened = false;
  readonly #terms: DrawingTerms;
  readonly #typesetter: Typesetter;
  readonly #life = new AbortController();

  constructor(code: string, document: TexDocument, terms: DrawingTerms, typesetter: Typesetter) {
    this.#code = code;
    this.#document = document;
    this.#terms = terms;
    this.#typesetter = typesetter;
  }

  async draw(signal: AbortSignal): Promise<Outcome> {
    const { formats } = this.#typesetter;
    const cuts = cutsOf(this.#document);
    const cut = cuts.find(({ key }) => formats.ofCut(key));
    const end = (): void => this.#life.abort();
    try {
      const job = await orAborted(this.#start(cut), signal);
      const outcome = await withDeadline(this.#terms.deadlineMs, signal, () => this.#drawWith(job, cut), end);
      const wanted = outcome.status === 'ok' ? formats.wanted(cuts) : undefined;
      await this.#prepareNext(cut, wanted);
      return outcome;
    } finally {
      end();
    }
  }

  /** With a format of the document's beginning; without one where TeX fails with it, so that it never decides an outcome. */
  async #drawWith(job: TexJob, cut: Cut | undefined): Promise<Outcome> {
    const { source } = this.#document;
    const first = await this.#typeset(job, cut ? restAfter(cut, source) : source).catch(deathOf);
    if (first && (!cut || isCertain(first))) return first;
    const plain = await this.#typeset(await this.#start(undefined), source).catch(deathOf);
    if (cut && plain?.status === 'ok') this.#typesetter.formats.spoil(cut.key);
    return plain ?? failed('runtime', 'The document brought the renderer down.');
  }

  async #typeset(job: TexJob, source: string): Promise<Outcome> {
    let run = await job.typeset(source);
    if (run.status === 0 && asksForAnotherRun(run, source)) run = await job.typesetAgain();
    if (run.status !== 0) return this.#failure(run);
    const page = readPage(run.layout);
    if (!page) return failed('empty', 'The document has no page: nothing is drawn in it.');
    const overhang = overhangOf(run);
    if (!this.#isWidened && isCutOff(page, this.#document.crop, overhang)) return this.#typesetWider(job, overhang);
    const density = densityFor(page, this.#terms.size);
    const size = pixelsAt(page, density);
    if (!isWithin(size, renderLimits.drawingSide)) return tooLarge(size);
    const image = await job.draw(density, maxPpmBytes);
    try {
      return await pictureOfPixels(readPpm(image, size), remarksOf(run), page.text);
    } catch (error) {
      if (!(error instanceof HostileImage)) throw error;
      return failed('runtime', `The page gave no usable image: ${error.message}`);
    }
  }

  async #typesetWider(narrow: TexJob, overhang: number): Promise<Outcome> {
    narrow.kill();
    this.#isWidened = true;
    this.#document = readDocument(this.#code, overhang);
    return this.#typeset(await this.#start(undefined), this.#document.source);
  }

  #failure(run: TexRun): Outcome {
    const ending = endingsBySignal[run.status];
    if (ending) return failed(...ending);
    const { kind, message } = failureOf(run, this.#document);
    return failed(kind, message);
  }

  async #start(cut: Cut | undefined): Promise<TexJob> {
    const { engine } = this.#document;
    return this.#typesetter.job(engine, await this.#formatOf(cut), this.#life.signal);
  }

  async #formatOf(cut: Cut | undefined): Promise<Format | undefined> {
    const { formats } = this.#typesetter;
    return (cut && formats.ofCut(cut.key)) ?? formats.ofEngine(this.#document.engine);
  }

  async #prepareNext(cut: Cut | undefined, wanted: Cut | undefined): Promise<void> {
    this.#typesetter.prepare(this.#document.engine, await this.#formatOf(cut), wanted);
  }
}

/** Exit statuses of a shell for programs ended by SIGABRT, SIGKILL, SIGSEGV and SIGXFSZ. */
const endingsBySignal: Record<number, [kind: 'memory' | 'runtime' | 'too-large', message: string]> = {
  134: ['memory', 'TeX asked for more memory than a render may have.'],
  137: ['memory', 'TeX asked for more memory than a render may have.'],
  139: ['runtime', 'The document brought TeX down.'],
  153: ['too-large', 'The document makes a file that is larger than 64 MB: draw less.'],
};

const tooLarge = ({ width, height }: Size): Outcome =>
  failed(
    'too-large',
    `A page of ${width}x${height} pixels is too large: at most ${renderLimits.drawingSide} a side and ${renderLimits.pixels / 1e6} megapixels. Draw it smaller, or scale it down.`,
  );

/** What a format cannot have brought about. */
const isCertain = (outcome: Outcome): boolean =>
  outcome.status === 'ok' || outcome.kind === 'empty' || outcome.kind === 'too-large';

/** Undefined for a job that ended over its work, or that answered with what no job answers. */
function deathOf(error: unknown): undefined {
  if (!(error instanceof JobDied) && !(error instanceof RangeError)) throw error;
}
