import type { RendererState, RenderMode, RenderRequest } from '@pentimento/contracts';
import type { SandboxLauncher } from '@pentimento/sandbox';
import type { Outcome } from './outcome.ts';

/** How a piece of code is to be rendered. */
export interface RenderOptions {
  /** Of the target, pixels. */
  size: RenderRequest['size'];
  /** Device pixels per CSS pixel of a page. */
  deviceScale: number;
  /** Of the viewport of a page, CSS pixels. Default: inferred from the target. */
  viewportHeight?: number;
  mode: RenderMode;
  /** False where no sandbox confines scripts and no setting allows them without one. */
  scripts: boolean;
  /** Longest time of the render. The time that a process takes to start does not count. */
  deadlineMs: number;
  /** The target's own code where it is known; a molecule is compared with it. */
  reference: string | null;
}

/** An outcome, and the name of its renderer with its version. */
export type RenderOutput = Outcome & { renderer: string };

export interface RendererStatus extends Pick<RendererState, 'available' | 'renderer' | 'reason'> {
  /** The versions that code is written for, e.g. "Python 3.11, matplotlib 3.6". Default: those in the renderer's name. */
  versions?: string;
}

/** The state of a language's renderer, with the versions that code is written for where it is available. */
export interface RendererReport extends RendererState {
  versions?: string;
}

/**
 * Renders the code of one language, one piece of code at a time. What it starts is registered with its context, which ends it.
 * `test/contracts/renderer.test.ts` states what every implementation must do.
 */
export interface Renderer {
  /** Whether it can render on this machine, which is tried out; if not, `reason` has the remedy. Never rejects. */
  status(): Promise<RendererStatus>;
  /**
   * A failure of the code is a value. The processes that worked on it are killed before it rejects with one of the first two.
   *
   * @throws DeadlineExceeded; the signal's reason where it aborts; RendererOutageError where a process of its own cannot be started.
   * Whatever else it throws counts as a failure of the code.
   */
  render(code: string, options: RenderOptions, signal: AbortSignal): Promise<RenderOutput>;
}

export type RendererFactory = (context: RendererContext) => Renderer;

/** What renderers are made with. Each slot of the pool, which renders one piece of code at a time, has its own. */
export interface RendererContext {
  /** Starts every program that a renderer runs. */
  readonly launcher: SandboxLauncher;
  /** For files that a program outside of a sandbox writes. */
  readonly temporaryFolder: string;
  /** Path of Chromium or its headless shell; undefined where there is none. */
  readonly chromium: string | undefined;
  /** Path of a Python interpreter; undefined where there is none. */
  readonly python: string | undefined;
  /** What `create` makes, called once for this slot: for processes that several languages use, by the identity of `create`. */
  shared<T>(create: (context: RendererContext) => T): T;
  /** The same, called once for all slots. */
  sharedBySlots<T>(create: (context: RendererContext) => T): T;
  /** Called once when the renderers close. Resolves once nothing is left of what it ends. */
  onClose(close: () => Promise<void>): void;
}
