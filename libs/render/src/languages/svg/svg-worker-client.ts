import { fileURLToPath } from 'node:url';
import type { Size } from '@pentimento/contracts';
import { renderLimits } from '../../port/limits.ts';
import { Respondent, rpcWorkerProgram, type Child, type Program, type Running } from '@pentimento/sandbox';
import type { SvgJob, SvgWorkerVersions } from './svg-worker.ts';

const options = { name: 'The SVG renderer', startMs: 30_000, maxFrameBytes: renderLimits.pngBytes + 1 };

const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export const svgWorkerProgram = (): Program => rpcWorkerProgram(own('svg-worker.ts'), [own('fonts.conf')], ['sharp']);

/** The PNG, or librsvg's complaint. */
export type Answer = { png: Uint8Array } | { complaint: string };

/** One process of librsvg. Draws one SVG at a time. */
export class SvgWorker implements Child {
  readonly versions: SvgWorkerVersions;
  readonly #process: Respondent;

  private constructor(process: Respondent, versions: SvgWorkerVersions) {
    this.#process = process;
    this.versions = versions;
  }

  /** Rejects as `Respondent.start`. */
  static async start(running: Running): Promise<SvgWorker> {
    return new SvgWorker(...(await Respondent.start<SvgWorkerVersions>(running, options)));
  }

  get ended(): Promise<unknown> {
    return this.#process.ended;
  }

  ready(): Promise<boolean> {
    return Promise.resolve(true);
  }

  kill(): void {
    this.#process.kill();
  }

  /** Rejects as `Respondent.ask`. */
  async draw(svg: string, size: Size): Promise<Answer> {
    const job: SvgJob = { svg, maxPixels: size.width * size.height };
    const answer = await this.#process.ask(job);
    const body = answer.subarray(1);
    return answer[0] === 1 ? { png: body } : { complaint: Buffer.from(body).toString('utf8') };
  }
}
