import { createHash } from 'node:crypto';
import { availableParallelism, tmpdir } from 'node:os';
import type { ByteCache, Language, RendererState, RenderRequest, RenderResult } from '@pentimento/contracts';
import { BoundedCache } from './cache.ts';
import { Chromium, DeadlineReached, findChromium, Keeper, orAborted, Standing } from '@pentimento/sandbox';
import { DiskDrawings } from './disk-drawings.ts';
import { languages } from '../languages/index.ts';
import { html } from '../languages/html/html.ts';
import { findPython, Formats, PythonZygote, Typesetter } from '@pentimento/runtimes';
import { latex } from '../languages/latex/latex.ts';
import { mermaid } from '../languages/mermaid/mermaid.ts';
import { python } from '../languages/python/python.ts';
import { smiles } from '../languages/smiles/smiles.ts';
import { renderLimits } from '../port/limits.ts';
import { failed } from '../port/outcome.ts';
import type { Drawing, Renderer, Slot } from '../port/renderer.ts';
import { Slots } from './slots.ts';
import { svg } from '../languages/svg/svg.ts';
import { SvgWorker, svgWorkerProgram } from '../languages/svg/svg-worker-client.ts';

export interface RenderersOptions {
  /** Renders at a time. Default: one a core, at most 2. */
  slots?: number;
  /** Draw anybody's code where there is no sandbox. Default: false. */
  allowUnsandboxed?: boolean;
  /** For LaTeX's formats, and for what is written where there is no sandbox. Default: the system's. */
  temporaryFolder?: string;
  /** Longest time of one render, without the wait for a slot or for a process to start. Default: 10 000. */
  deadlineMs?: number;
  /** Path of bwrap; null to do without. Default: searched for. */
  bubblewrap?: string | null;
  /** Path of Chromium or its headless shell; null to do without. Default: searched for. */
  chromium?: string | null;
  /** Path of a Python with its libraries; null to do without. Default: Debian's. */
  python?: string | null;
  /** Bound on the images kept in memory; 0 keeps none. Default: 64 MiB. */
  cacheBytes?: number;
  /** Lasting results kept across restarts, behind those in memory, by the renderer's version among others. */
  cache?: ByteCache;
}

export interface Renderers {
  /**
   * Draws code. A failure of the code is a value. Rejects with the signal's reason where it aborts, and with an Error on an
   * outage: a renderer that stood here no longer starts.
   */
  render(request: RenderRequest, signal: AbortSignal): Promise<RenderResult>;
  /** The languages, all where none are named, and whether each can be drawn here, tried out. Starts what they need of one slot. */
  states(wanted?: readonly Language[]): Promise<RendererState[]>;
  /** Ends every process and waits until it is gone. Renders on their way reject. */
  close(): Promise<void>;
}

const byLanguage: ReadonlyMap<Language, Renderer> = new Map(
  Object.entries({ svg, html, python, latex, smiles, mermaid }),
);

function rendererOf(language: Language): Renderer {
  const renderer = byLanguage.get(language);
  if (!renderer) throw new Error(`There is no renderer of "${language}".`);
  return renderer;
}

export function createRenderers(options: RenderersOptions = {}): Renderers {
  const keeper = new Keeper({ bubblewrap: options.bubblewrap, allowUnsandboxed: options.allowUnsandboxed ?? false });
  const chromium = chromiumOf(options, keeper);
  const temporaryFolder = options.temporaryFolder ?? tmpdir();
  const formats = new Formats(temporaryFolder);
  const startPython = pythonStarter(options, keeper);
  const slotList = Array.from({ length: options.slots ?? Math.min(2, availableParallelism()) }, () =>
    newSlot(keeper, chromium, new Typesetter(keeper, formats, temporaryFolder), startPython),
  );
  const slots = new Slots(slotList);
  const cache = new BoundedCache<Drawing>(options.cacheBytes ?? 64 * 1024 * 1024);
  const disk = options.cache && new DiskDrawings(options.cache, chromiumPathOf(options));
  const versions = new Map<Language, string>();
  const closing = new AbortController();

  /** Undefined where nothing is kept on disk, or the language cannot be drawn now. */
  async function diskKeyOf(request: RenderRequest, key: string, signal: AbortSignal): Promise<string | undefined> {
    if (!disk) return undefined;
    const { language } = request;
    const version = versions.get(language) ?? (await versionOf(language, signal));
    return version && `${version} ${key}`;
  }

  async function versionOf(language: Language, signal: AbortSignal): Promise<string | undefined> {
    const { renderer } = await slots.use(signal, (slot) => orAborted(rendererOf(language).state(slot), signal));
    if (renderer) versions.set(language, renderer);
    return renderer ?? undefined;
  }

  async function draw(request: RenderRequest, signal: AbortSignal): Promise<Drawing> {
    const refusal = refusalOf(request);
    if (refusal) return refusal;
    const { isolation, reason } = await keeper.isolated();
    if (isolation === 'process' && !request.trusted) {
      return { ...failed('unavailable', reason!), renderer: 'none' };
    }
    const key = keyOf(request);
    const kept = cache.get(key);
    if (kept) return kept;
    const diskKey = await diskKeyOf(request, `${isolation === 'process'} ${key}`, signal);
    const keptOnDisk = diskKey && (await disk?.get(diskKey));
    if (keptOnDisk) {
      cache.set(key, keptOnDisk, weightOf(keptOnDisk));
      return keptOnDisk;
    }
    const deadlineMs = options.deadlineMs ?? 10_000;
    const terms = {
      size: request.size,
      deviceScale: request.deviceScale ?? 1,
      scripts: isolation !== 'process',
      deadlineMs,
      reference: request.reference ?? null,
    };
    const drawing = await slots
      .use(signal, (slot) => rendererOf(request.language).draw(request.code, terms, slot, signal))
      .catch(timeoutOf(request.language, deadlineMs));
    if (isLasting(drawing)) {
      cache.set(key, drawing, weightOf(drawing));
      if (diskKey) await disk?.set(diskKey, drawing);
    }
    return drawing;
  }

  return {
    async render(request, signal) {
      const startedAt = performance.now();
      const drawing = await draw(request, AbortSignal.any([signal, closing.signal]));
      return { ...drawing, ms: performance.now() - startedAt };
    },

    async states(wanted = languages.map(({ id }) => id)) {
      const isolated = await keeper.isolated();
      const slot = slotList[0]!;
      return Promise.all(
        wanted.map(async (language) => {
          const state = await rendererOf(language).state(slot);
          return {
            language,
            ...state,
            isolation: state.available ? isolated.isolation : null,
            reason:
              [state.available ? isolated.reason : null, state.reason].filter((part) => part !== null).join(' ') ||
              null,
          };
        }),
      );
    },

    async close() {
      closing.abort(new Error('The renderers are closed.'));
      await Promise.all(
        slotList.flatMap((slot) => [
          slot.svgWorker.close(),
          slot.browser?.close(),
          slot.python?.close(),
          slot.typesetter.close(),
        ]),
      );
      await formats.close();
    },
  };
}

function chromiumPathOf({ chromium }: RenderersOptions): string | undefined {
  return chromium === null ? undefined : findChromium(chromium);
}

function chromiumOf(options: RenderersOptions, keeper: Keeper): Chromium | undefined {
  const path = chromiumPathOf(options);
  return path === undefined ? undefined : new Chromium(path, keeper, options.temporaryFolder ?? tmpdir());
}

/** What Python's libraries may draw. */
const imageLimits = {
  maxSide: renderLimits.drawingSide,
  maxPixels: renderLimits.pixels,
  maxBytes: renderLimits.pngBytes,
};

/** Undefined where there is no Python. */
function pythonStarter(options: RenderersOptions, keeper: Keeper): (() => Promise<PythonZygote>) | undefined {
  const path = options.python === null ? undefined : findPython(options.python);
  return path === undefined
    ? undefined
    : () => PythonZygote.start(path, imageLimits, keeper, options.temporaryFolder ?? tmpdir());
}

function newSlot(
  keeper: Keeper,
  chromium: Chromium | undefined,
  typesetter: Typesetter,
  startPython: (() => Promise<PythonZygote>) | undefined,
): Slot {
  return {
    svgWorker: new Standing(async () => SvgWorker.start(await keeper.start(svgWorkerProgram()))),
    browser: chromium && new Standing(() => chromium.start()),
    typesetter,
    python: startPython && new Standing(startPython),
  };
}

function refusalOf({ code }: RenderRequest): Drawing | undefined {
  if (code.length <= renderLimits.codeLength) return undefined;
  const message = `The code has ${code.length} characters: at most ${renderLimits.codeLength} are drawn.`;
  return { ...failed('too-large', message), renderer: 'none' };
}

function timeoutOf(language: Language, deadlineMs: number): (error: unknown) => Drawing {
  return (error) => {
    if (!(error instanceof DeadlineReached)) throw error;
    return {
      ...failed(
        'timeout',
        `The code was not drawn within ${deadlineMs / 1000} s: look for a loop that does not end, or draw less.`,
      ),
      renderer: language,
    };
  };
}

/** Renderers and their versions do not change while the process lives, so the request says it all. */
function keyOf({ language, size, deviceScale = 1, code, reference = '' }: RenderRequest): string {
  const setting = JSON.stringify([language, size.width, size.height, deviceScale, reference]);
  return createHash('sha256').update(setting).update(code).digest('hex');
}

/** Whether the same code would come to the same again, on a busy machine too. */
function isLasting(drawing: Drawing): boolean {
  return drawing.status === 'ok' || ['syntax', 'empty', 'too-large'].includes(drawing.kind);
}

const weightOf = (drawing: Drawing): number => (drawing.status === 'ok' ? drawing.image.length : 0) + 4096;
