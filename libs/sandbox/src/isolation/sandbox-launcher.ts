import type { Isolation } from '@pentimento/contracts';
import { detectCgroups, type CgroupDetection } from './cgroup-parent.ts';
import { detectSandbox, type Detection } from './detect.ts';
import { findExecutable } from './executable.ts';
import { startInSandbox, startUnsandboxed } from './sandbox.ts';
import type { Program, RunningProgram } from './program.ts';

export interface IsolationStatus {
  isolation: Isolation;
  /** Why it is not `sandbox`, with the remedy; null where it is. */
  reason: string | null;
}

const unsafeSetting = 'PENTIMENTO_ALLOW_UNSANDBOXED=yes';

/** Starts programs in the best sandbox that this machine has. It is searched for once. */
export class SandboxLauncher {
  readonly #bubblewrap: string | null | undefined;
  readonly #allowUnsandboxed: boolean;
  readonly #prlimit = findExecutable(['prlimit'], process.env['PATH']);
  #detection: Promise<Detection> | undefined;
  #cgroups: Promise<CgroupDetection> | undefined;
  #usersAssigned = 0;

  /** @param options.bubblewrap path of bwrap; null to do without; undefined to search for it. */
  constructor(options: { bubblewrap: string | null | undefined; allowUnsandboxed: boolean }) {
    this.#bubblewrap = options.bubblewrap;
    this.#allowUnsandboxed = options.allowUnsandboxed;
  }

  async isolation(): Promise<IsolationStatus> {
    const detection = await this.#detect();
    if (detection.config) return { isolation: 'sandbox', reason: null };
    if (this.#allowUnsandboxed) {
      return {
        isolation: 'unsafe',
        reason: `${detection.reason} Until then all code runs unconfined, because ${unsafeSetting} is set.`,
      };
    }
    return {
      isolation: 'process',
      reason: `${detection.reason} Until then only code of the built-in model is rendered here; ${unsafeSetting} renders all code unconfined.`,
    };
  }

  async start(program: Program): Promise<RunningProgram> {
    const detection = await this.#detect();
    const { parent } = await this.treeBounds();
    return detection.config
      ? startInSandbox(program, detection.config, this.#nextUser(), parent)
      : startUnsandboxed(program, this.#prlimit, parent);
  }

  /** Whether the kernel bounds a program's tree, in a control group of its own, or the watchdog alone does. */
  treeBounds(): Promise<CgroupDetection> {
    return (this.#cgroups ??= detectCgroups(process.getuid?.() === 0));
  }

  /** Whether a program runs as root, for which Chromium refuses to build its own, inner sandbox. */
  async runsAsRoot(): Promise<boolean> {
    const detection = await this.#detect();
    return process.getuid?.() === 0 && (!detection.config || detection.config.entry === 'mapped-root');
  }

  #detect(): Promise<Detection> {
    return (this.#detection ??= detectSandbox(this.#bubblewrap, this.#nextUser()));
  }

  /** From a range that Debian leaves unused. It starts elsewhere for each process, so that two programs rarely share a user. */
  #nextUser(): number {
    return 60_001 + ((process.pid * 17 + this.#usersAssigned++) % 4000);
  }
}
