import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readOrEmpty } from './proc.ts';
import type { Limits } from './program.ts';

/** Processes around a program: the sandbox's own, and those that set limits. */
const ownProcesses = 8;
/** Half of what the server and everything else gets. */
const processorWeight = '50';
const removeAttempts = 20;
const removeMs = 25;

/** A control group (version 2) that holds one program with all its descendants. */
export class Cgroup {
  /** A process that writes its id to this file enters, before it becomes the program. */
  readonly entrance: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.entrance = join(folder, 'cgroup.procs');
  }

  /** @throws Error where the kernel refuses a limit. */
  static create(folder: string, { treeBytes, temporaryBytes, processes }: Limits): Cgroup {
    mkdirSync(folder);
    const set = (file: string, value: string): void => writeFileSync(join(folder, file), value);
    const setIfThere = (file: string, value: string): void => void (existsSync(join(folder, file)) && set(file, value));
    set('memory.max', String(treeBytes + temporaryBytes));
    set('memory.oom.group', '1');
    // Missing where the kernel does not count swap, or the machine gives this group no processor controller.
    setIfThere('memory.swap.max', '0');
    setIfThere('cpu.weight', processorWeight);
    set('pids.max', String(processes + ownProcesses));
    return new Cgroup(folder);
  }

  /** Whether the kernel killed it because it exceeded its memory. */
  exceededMemory(): boolean {
    return /^oom_kill [1-9]/m.test(readOrEmpty(join(this.#folder, 'memory.events')));
  }

  /** Kills what is left in it. */
  kill(): void {
    killIn(this.#folder);
  }

  /** Kills what is left in it, and removes it. */
  async remove(): Promise<void> {
    this.kill();
    for (let attempt = 0; attempt < removeAttempts; attempt++) {
      const isGone = await rmdir(this.#folder).then(
        () => true,
        () => !existsSync(this.#folder),
      );
      if (isGone) return;
      // A killed process stays in its group until the kernel has released its memory.
      await delay(removeMs);
    }
  }
}

/** Removes the groups below `parent` that `isLeft` names, with what runs in them. */
export async function removeLeftGroups(parent: string, isLeft: (name: string) => boolean): Promise<void> {
  for (const name of readdirSync(parent).filter(isLeft)) {
    killIn(join(parent, name));
    // What the kernel is still killing is removed by the next one.
    await rmdir(join(parent, name)).catch(() => {});
  }
}

function killIn(folder: string): void {
  try {
    // Since Linux 5.14.
    if (existsSync(join(folder, 'cgroup.kill'))) writeFileSync(join(folder, 'cgroup.kill'), '1');
  } catch {
    // It is gone already.
  }
}
