import { availableParallelism, tmpdir } from 'node:os';
import type { ByteCache, Language, RenderMode, RenderRequest, RenderResult } from '@pentimento/contracts';
import { findPython, fontsVersion } from '@pentimento/runtimes';
import { DeadlineExceeded, orAborted } from '@pentimento/abort';
import { findChromium, MemoryExceeded, SandboxLauncher } from '@pentimento/sandbox';
import { languages } from '../languages/index.ts';
import type { LanguageDefinition } from '../port/language.ts';
import { renderLimits } from '../port/limits.ts';
import { RendererOutageError } from '../port/outage.ts';
import { failed, stopped } from '../port/outcome.ts';
import type { Renderer, RendererReport, RendererStatus, RenderOutput } from '../port/renderer.ts';
import { versionsIn } from '../port/versions.ts';
import { RenderSlot } from './render-slot.ts';
import { RenderCache } from './render-cache.ts';
import { ResourcePool } from './resource-pool.ts';

/** What a render needs of a language. */
type RenderedLanguage = Pick<LanguageDefinition, 'id' | 'loadRenderer'>;

export interface RenderServiceOptions {
  /** Renders at a time. Default: one per core, at most 2. */
  concurrency?: number;
  /** Render any code where there is no sandbox. Default: false. */
  allowUnsandboxed?: boolean;
  /** For LaTeX's formats, and for what programs outside of a sandbox write. Default: the system's. */
  temporaryFolder?: string;
  /** Longest time of one render, without the wait for a slot or for a process to start. Default: 10 000. */
  deadlineMs?: number;
  /** Height of the viewport of pages, CSS pixels, for requests without one. Default: inferred from each target. */
  viewportHeight?: number;
  /** Path of bwrap; null to do without. Default: searched for. */
  bubblewrap?: string | null;
  /** Path of Chromium or its headless shell; null to do without. Default: searched for. */
  chromium?: string | null;
  /** Path of a Python with its libraries; null to do without. Default: Debian's. */
  python?: string | null;
  /** Whether code is rendered as its target shows it, or as the published reward renders it. Default: `target`. */
  mode?: RenderMode;
  /** Bound on the images kept in memory; 0 keeps none. Default: 64 MiB. */
  cacheBytes?: number;
  /** Keeps results across restarts, behind those in memory, by the renderer's version among others. */
  cache?: ByteCache;
  /** Called with an error that became the failure of one render, because neither a deadline nor an outage explains it. */
  onUnexpectedError?: (error: unknown, language: Language) => void;
  /** What can be rendered. Default: the registered languages. */
  languages?: readonly RenderedLanguage[];
}

export interface RenderService {
  /**
   * A failure of the code is a value, also one that nobody foresaw. Renders of different jobs take turns.
   *
   * @throws the signal's reason where it aborts; RendererOutageError where a renderer that was available no longer starts; Error for a
   * language that is not there.
   */
  render(request: RenderRequest, signal: AbortSignal): Promise<RenderResult>;
  /** Whether each of the languages, all by default, can be rendered here, which is tried out. Starts what they need. */
  states(wanted?: readonly Language[]): Promise<RendererReport[]>;
  /** Ends every process and waits until it is gone. Renders in progress reject. */
  close(): Promise<void>;
}

export function createRenderService(options: RenderServiceOptions = {}): RenderService {
  return new PooledRenderService(options);
}

const defaultConcurrency = (): number => Math.min(2, availableParallelism());

class PooledRenderService implements RenderService {
  readonly #languages: ReadonlyMap<Language, RenderedLanguage>;
  readonly #launcher: SandboxLauncher;
  readonly #deadlineMs: number;
  readonly #viewportHeight: number | undefined;
  readonly #mode: RenderMode;
  readonly #common: RenderSlot;
  readonly #slots: RenderSlot[];
  readonly #pool: ResourcePool<RenderSlot>;
  readonly #cache: RenderCache;
  readonly #versions = new Map<Language, string>();
  readonly #onUnexpectedError: NonNullable<RenderServiceOptions['onUnexpectedError']>;
  readonly #closing = new AbortController();

  constructor(options: RenderServiceOptions) {
    const launcher = new SandboxLauncher({
      bubblewrap: options.bubblewrap,
      allowUnsandboxed: options.allowUnsandboxed ?? false,
    });
    const environment = {
      launcher,
      temporaryFolder: options.temporaryFolder ?? tmpdir(),
      chromium: options.chromium === null ? undefined : findChromium(options.chromium),
      python: options.python === null ? undefined : findPython(options.python),
    };
    const concurrency = options.concurrency ?? defaultConcurrency();
    this.#languages = new Map((options.languages ?? languages).map((language) => [language.id, language]));
    this.#launcher = launcher;
    this.#deadlineMs = options.deadlineMs ?? 10_000;
    this.#viewportHeight = options.viewportHeight;
    this.#mode = options.mode ?? 'target';
    this.#common = new RenderSlot(environment);
    this.#slots = Array.from({ length: concurrency }, () => new RenderSlot(environment, this.#common));
    this.#pool = new ResourcePool(this.#slots);
    this.#onUnexpectedError = options.onUnexpectedError ?? (() => {});
    this.#cache = new RenderCache(options.cacheBytes ?? 64 * 1024 * 1024, options.cache, environment.chromium);
  }

  async render(request: RenderRequest, signal: AbortSignal): Promise<RenderResult> {
    const startedAt = performance.now();
    const viewportHeight = request.viewportHeight ?? this.#viewportHeight;
    const output = await this.#output({ ...request, viewportHeight }, AbortSignal.any([signal, this.#closing.signal]));
    return { ...withSingleColor(output), ms: performance.now() - startedAt };
  }

  async states(wanted: readonly Language[] = [...this.#languages.keys()]): Promise<RendererReport[]> {
    const { isolation, reason } = await this.#launcher.isolation();
    return Promise.all(
      wanted.map(async (language) => {
        const { versions: named, ...status } = await this.#statusOf(language, this.#slots[0]!);
        const versions = named ?? (status.renderer === null ? undefined : versionsIn(status.renderer));
        const reasons = [status.available ? reason : null, status.reason].filter((part) => part !== null);
        return {
          language,
          ...status,
          isolation: status.available ? isolation : null,
          reason: reasons.join(' ') || null,
          ...(versions !== undefined && { versions }),
        };
      }),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('The renderers are closed.'));
    await Promise.all(this.#slots.map((slot) => slot.close()));
    await this.#common.close();
  }

  async #output(request: RenderRequest, signal: AbortSignal): Promise<RenderOutput> {
    if (request.code.length > renderLimits.maxCodeLength) return tooLong(request);
    const { isolation, reason } = await this.#launcher.isolation();
    if (isolation === 'process' && !request.trusted) return { ...failed('unavailable', reason!), renderer: 'none' };
    const scripts = isolation !== 'process';
    return this.#cache.getOrRender({ request, scripts, version: () => this.#versionOf(request.language, signal) }, () =>
      this.#render(request, scripts, signal),
    );
  }

  #render(request: RenderRequest, scripts: boolean, signal: AbortSignal): Promise<RenderOutput> {
    const { language, code, size, deviceScale = 1, viewportHeight, reference = null, job = '' } = request;
    const mode = this.#mode;
    const options = { size, deviceScale, viewportHeight, mode, scripts, deadlineMs: this.#deadlineMs, reference };
    return this.#pool.use(job, signal, async (slot) => {
      const renderer = await this.#rendererOf(language, slot);
      try {
        return withConditions(await renderer.render(code, options, signal), mode);
      } catch (error) {
        signal.throwIfAborted();
        return this.#failureOf(error, language);
      }
    });
  }

  async #rendererOf(language: Language, slot: RenderSlot): Promise<Renderer> {
    const definition = this.#languages.get(language);
    if (!definition) throw new Error(`There is no renderer for "${language}".`);
    const { createRenderer } = await definition.loadRenderer();
    // What a closed slot makes would never be ended.
    this.#closing.signal.throwIfAborted();
    return slot.shared(createRenderer);
  }

  async #statusOf(language: Language, slot: RenderSlot): Promise<RendererStatus> {
    const renderer = await this.#rendererOf(language, slot);
    return withConditions(await renderer.status(), this.#mode);
  }

  /** Undefined where the language cannot be rendered now. */
  async #versionOf(language: Language, signal: AbortSignal): Promise<string | undefined> {
    const known = this.#versions.get(language);
    if (known !== undefined) return known;
    const { renderer } = await this.#pool.use('', signal, (slot) => orAborted(this.#statusOf(language, slot), signal));
    if (renderer) this.#versions.set(language, renderer);
    return renderer ?? undefined;
  }

  /** Code decides what a renderer does, so an error that nobody foresaw is its failure too. @throws RendererOutageError. */
  #failureOf(error: unknown, language: Language): RenderOutput {
    if (error instanceof RendererOutageError) throw error;
    if (error instanceof DeadlineExceeded) {
      const message = `The code did not finish within ${this.#deadlineMs / 1000} s: look for a loop that does not end, or draw less.`;
      return { ...stopped('timeout', message, error.log), renderer: language };
    }
    if (error instanceof MemoryExceeded) return { ...failed('memory', outOfMemory), renderer: language };
    this.#onUnexpectedError(error, language);
    return { ...failed('runtime', unexpected), renderer: language };
  }
}

/** An image of one single color is a render all the same. Its log says so, and what the code said about it. */
function withSingleColor(output: RenderOutput): RenderOutput {
  if (output.status === 'ok' || !output.singleColor) return output;
  const { singleColor, message: log, renderer } = output;
  return { ...singleColor, log, renderer };
}

/** Fonts and the mode decide pixels as programs do: the renderer's name has them too. */
function withConditions<T extends { renderer: string | null }>(named: T, mode: RenderMode): T {
  if (named.renderer === null) return named;
  const parts = [named.renderer, fontsVersion(), ...(mode === 'target' ? [] : [mode])];
  return { ...named, renderer: parts.join(' ') };
}

const unexpected = 'The renderer cannot process this code: write it in a simpler way.';
const outOfMemory = 'The code asked for more memory than a render may have: draw less.';

function tooLong({ code }: RenderRequest): RenderOutput {
  const message = `The code has ${code.length} characters: at most ${renderLimits.maxCodeLength} are rendered.`;
  return { ...failed('too-large', message), renderer: 'none' };
}
