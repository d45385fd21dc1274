import { fileURLToPath } from 'node:url';
import type { Size } from '@pentimento/contracts';
import { withFonts } from '@pentimento/runtimes';
import {
  RpcProcess,
  rpcWorkerProgram,
  type ManagedProcess,
  type RunningProgram,
  type WarmProcess,
} from '@pentimento/sandbox';
import { renderLimits } from '../../port/limits.ts';
import { RendererProcess } from '../../port/outage.ts';
import type { RendererContext } from '../../port/renderer.ts';
import type { SvgWorkerJob, SvgWorkerVersions } from './svg-worker.ts';

const options = { name: 'The SVG renderer', startMs: 30_000, maxFrameBytes: renderLimits.maxPngBytes + 1 };
const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The librsvg of a slot, for `context.shared`. */
export function warmSvgWorker(context: RendererContext): WarmProcess<SvgWorker> {
  const worker = new RendererProcess(async () => {
    const program = rpcWorkerProgram(own('svg-worker.ts'), [], ['sharp']);
    return SvgWorker.start(await context.launcher.start(withFonts(program)));
  });
  context.onClose(() => worker.close());
  return worker;
}

/** The PNG, or librsvg's error message. */
export type SvgWorkerReply = { png: Uint8Array } | { error: string };

/** One process of librsvg. Renders one SVG at a time. */
export class SvgWorker implements ManagedProcess {
  readonly versions: SvgWorkerVersions;
  readonly #process: RpcProcess;

  private constructor(process: RpcProcess, versions: SvgWorkerVersions) {
    this.#process = process;
    this.versions = versions;
  }

  /** Rejects as `RpcProcess.start`. */
  static async start(program: RunningProgram): Promise<SvgWorker> {
    return new SvgWorker(...(await RpcProcess.start<SvgWorkerVersions>(program, options)));
  }

  get ended(): Promise<unknown> {
    return this.#process.ended;
  }

  ready(): Promise<boolean> {
    return this.#process.ready();
  }

  kill(): void {
    this.#process.kill();
  }

  /** Rejects as `RpcProcess.ask`. */
  async render(svg: string, size: Size): Promise<SvgWorkerReply> {
    const job: SvgWorkerJob = { svg, maxPixels: size.width * size.height };
    const answer = await this.#process.ask(job);
    const body = answer.subarray(1);
    return answer[0] === 1 ? { png: body } : { error: Buffer.from(body).toString('utf8') };
  }
}
