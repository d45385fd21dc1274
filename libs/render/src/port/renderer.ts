import type { RendererState, RenderRequest } from '@pentimento/contracts';
import type { Browser, Standing } from '@pentimento/sandbox';
import type { Outcome } from './outcome.ts';
import type { PythonZygote, Typesetter } from '@pentimento/runtimes';
import type { SvgWorker } from '../languages/svg/svg-worker-client.ts';

/** What one render at a time may use. Each process is started when first wanted. */
export interface Slot {
  svgWorker: Standing<SvgWorker>;
  /** Undefined where there is no Chromium on this machine. */
  browser: Standing<Browser> | undefined;
  typesetter: Typesetter;
  /** Undefined where there is no Python on this machine. */
  python: Standing<PythonZygote> | undefined;
}

/** How a piece of code may be drawn here. */
export interface DrawingTerms {
  size: RenderRequest['size'];
  /** Device pixels a CSS pixel of a page. */
  deviceScale: number;
  /** Scripts run only where a sandbox holds them, or where it is given up by explicit setting. */
  scripts: boolean;
  deadlineMs: number;
  /** The target's own code, where it is known: what a molecule is compared with. */
  reference: string | null;
}

/** An outcome, and the renderer with its version that it came from. */
export type Drawing = Outcome & { renderer: string };

/** Draws the code of one language. */
export interface Renderer {
  /** Whether it can draw, tried on the slot. Never rejects. */
  state(slot: Slot): Promise<Pick<RendererState, 'available' | 'renderer' | 'reason'>>;
  /**
   * Rejects with DeadlineReached, with the signal's reason, or with an Error where a process of its own cannot be started.
   * In the first two cases what it had running is killed.
   */
  draw(code: string, terms: DrawingTerms, slot: Slot, signal: AbortSignal): Promise<Drawing>;
}
