import { commandOf, startedTrees, treeBytes } from './processes.ts';

const intervalMs = 150;
const mebibyte = 1024 * 1024;

/** A program whose processes together had more memory than they may. */
interface Excess {
  mebibytes: number;
  command: string;
}

/** Measures, while it runs, the memory of each program that this process has started, with all its processes. */
export class MemoryGauge {
  readonly #boundBytes: number;
  readonly #timer: NodeJS.Timeout;
  #worst: Excess | undefined;

  /** @param boundMebibytes what a program may have. */
  constructor(boundMebibytes: number) {
    this.#boundBytes = boundMebibytes * mebibyte;
    this.#timer = setInterval(() => this.#measure(), intervalMs);
  }

  /** The worst excess since the last call. Attacks that run at the same time see the same. */
  takeExcess(): Excess | undefined {
    const worst = this.#worst;
    this.#worst = undefined;
    return worst;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #measure(): void {
    for (const tree of startedTrees()) {
      const bytes = treeBytes(tree, this.#boundBytes);
      if (bytes <= Math.max(this.#boundBytes, (this.#worst?.mebibytes ?? 0) * mebibyte)) continue;
      this.#worst = {
        mebibytes: Math.round(bytes / mebibyte),
        command: tree.map(commandOf).join(' | ').slice(0, 1000),
      };
    }
  }
}
