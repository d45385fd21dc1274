import type { RendererContext } from '../port/renderer.ts';

type Environment = Pick<RendererContext, 'launcher' | 'temporaryFolder' | 'chromium' | 'python'>;

/** A `RendererContext` that makes each shared thing once, and closes what was registered. */
export class RenderSlot implements RendererContext {
  readonly launcher: Environment['launcher'];
  readonly temporaryFolder: string;
  readonly chromium: string | undefined;
  readonly python: string | undefined;
  /** Holds what all slots share; undefined for the slot that is itself shared. */
  readonly #common: RenderSlot | undefined;
  readonly #made = new Map<unknown, unknown>();
  readonly #closers: (() => Promise<void>)[] = [];

  constructor(environment: Environment, common?: RenderSlot) {
    this.launcher = environment.launcher;
    this.temporaryFolder = environment.temporaryFolder;
    this.chromium = environment.chromium;
    this.python = environment.python;
    this.#common = common;
  }

  shared<T>(create: (context: RendererContext) => T): T {
    if (!this.#made.has(create)) this.#made.set(create, create(this));
    return this.#made.get(create) as T;
  }

  sharedBySlots<T>(create: (context: RendererContext) => T): T {
    return (this.#common ?? this).shared(create);
  }

  onClose(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    await Promise.all(this.#closers.map((close) => close()));
  }
}
