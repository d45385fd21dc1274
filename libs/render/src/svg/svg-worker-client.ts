import type { Size } from '@pentimento/contracts';
import { FrameReader, writeFrame } from '../sandbox/frames.ts';
import { renderLimits } from '../limits.ts';
import { nodeProgram } from '../sandbox/node-program.ts';
import type { Program, Running } from '../sandbox/program.ts';
import type { SvgJob, SvgWorkerVersions } from './svg-worker.ts';

const startMs = 30_000;

export const svgWorkerProgram = (): Program =>
  nodeProgram('svg/svg-worker.ts', { sources: ['sandbox/frames.ts', 'svg/fonts.conf'], packages: ['sharp'] }, []);

/** The PNG, or librsvg's complaint. */
export type Answer = { png: Uint8Array } | { complaint: string };

/** The worker ended in the middle of a drawing. */
export class WorkerDied extends Error {
  override name = 'WorkerDied';
}

/** One process of librsvg. Draws one SVG at a time. */
export class SvgWorker {
  readonly ended: Promise<unknown>;
  readonly #running: Running;
  readonly #reader = new FrameReader(renderLimits.pngBytes + 1);
  #waiting: PromiseWithResolvers<Uint8Array> = Promise.withResolvers();
  versions: SvgWorkerVersions = { librsvg: '', sharp: '' };

  private constructor(running: Running) {
    this.#running = running;
    this.ended = running.ended;
    this.#waiting.promise.catch(() => {});
    running.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    void running.ended.then(() => this.#waiting.reject(new WorkerDied(running.stderrTail())));
  }

  /** @throws Error with what the process said, where it does not start. */
  static async start(running: Running): Promise<SvgWorker> {
    const worker = new SvgWorker(running);
    const timer = setTimeout(running.kill, startMs);
    try {
      const hello = await worker.#waiting.promise;
      worker.versions = JSON.parse(Buffer.from(hello).toString('utf8')) as SvgWorkerVersions;
      return worker;
    } catch (cause) {
      running.kill();
      await running.ended;
      throw new Error(`The SVG renderer did not start: ${running.stderrTail().trim() || 'it said nothing'}`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  ready(): Promise<boolean> {
    return Promise.resolve(true);
  }

  kill(): void {
    this.#running.kill();
  }

  /** @throws WorkerDied with the end of its stderr where the process ends over it. */
  async draw(svg: string, size: Size): Promise<Answer> {
    const job: SvgJob = { svg, maxPixels: size.width * size.height };
    this.#waiting = Promise.withResolvers();
    this.#running.stdin.write(writeFrame(Buffer.from(JSON.stringify(job))));
    const answer = await this.#waiting.promise;
    const body = answer.subarray(1);
    return answer[0] === 1 ? { png: body } : { complaint: Buffer.from(body).toString('utf8') };
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk)) this.#waiting.resolve(frame);
    } catch (error) {
      this.#waiting.reject(error as Error);
      this.kill();
    }
  }
}
