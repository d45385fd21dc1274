import type { Isolation } from '@pentimento/contracts';
import { detectSandbox, type Detection } from './detect.ts';
import { findExecutable } from './executable.ts';
import { startBare, startInSandbox } from './sandbox.ts';
import type { Program, Running } from './program.ts';

/** What a program is shut in with, and why it is not more. */
export interface Isolated {
  isolation: Isolation;
  /** Null in a sandbox; else why there is none, with the remedy. */
  reason: string | null;
}

const unsafeSetting = 'PENTIMENTO_ALLOW_UNSANDBOXED=yes';

/** Starts programs behind the best wall that this machine has, found once. */
export class Keeper {
  readonly #bubblewrap: string | null | undefined;
  readonly #allowUnsandboxed: boolean;
  readonly #prlimit = findExecutable(['prlimit'], process.env['PATH']);
  #detection: Promise<Detection> | undefined;
  #usersGiven = 0;

  constructor(options: { bubblewrap: string | null | undefined; allowUnsandboxed: boolean }) {
    this.#bubblewrap = options.bubblewrap;
    this.#allowUnsandboxed = options.allowUnsandboxed;
  }

  async isolated(): Promise<Isolated> {
    const detection = await this.#detect();
    if (detection.wall) return { isolation: 'sandbox', reason: null };
    if (this.#allowUnsandboxed) {
      return {
        isolation: 'unsafe',
        reason: `${detection.reason} Until then anybody's code runs unconfined, as ${unsafeSetting} asks.`,
      };
    }
    return {
      isolation: 'process',
      reason: `${detection.reason} Until then only code of the built-in model is drawn here; ${unsafeSetting} draws all code unconfined.`,
    };
  }

  async start(program: Program): Promise<Running> {
    const detection = await this.#detect();
    return detection.wall
      ? startInSandbox(program, detection.wall, this.#nextUser())
      : startBare(program, this.#prlimit);
  }

  /** Whether Chromium may be asked to build its own, inner sandbox: it refuses to as root. */
  async runsAsRoot(): Promise<boolean> {
    const detection = await this.#detect();
    return process.getuid?.() === 0 && (!detection.wall || detection.wall.entry === 'mapped-root');
  }

  #detect(): Promise<Detection> {
    return (this.#detection ??= detectSandbox(this.#bubblewrap, this.#nextUser()));
  }

  /** From the range that Debian leaves free, begun elsewhere by each process, so that two programs hardly ever share one. */
  #nextUser(): number {
    return 60_001 + ((process.pid * 17 + this.#usersGiven++) % 4000);
  }
}
