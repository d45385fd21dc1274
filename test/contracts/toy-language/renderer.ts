import { fileURLToPath } from 'node:url';
import { RpcProcess, rpcWorkerProgram, WarmProcess, type ManagedProcess } from '@pentimento/sandbox';
import { outcomeOfPng } from '../../../libs/render/src/image/png-outcome.ts';
import { failed } from '../../../libs/render/src/port/outcome.ts';
import type { RendererContext, RendererFactory } from '../../../libs/render/src/port/renderer.ts';

const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const options = { name: 'The toy', startMs: 20_000, maxFrameBytes: 1024 * 1024 };

interface ToyProcess extends ManagedProcess {
  version: string;
  ask: RpcProcess['ask'];
}

async function startToy({ launcher }: RendererContext): Promise<ToyProcess> {
  const program = await launcher.start(rpcWorkerProgram(own('worker.ts'), [], ['sharp']));
  const [rpc, { version }] = await RpcProcess.start<{ version: string }>(program, options);
  return {
    version,
    ended: rpc.ended,
    ready: () => Promise.resolve(true),
    kill: () => rpc.kill(),
    ask: (question) => rpc.ask(question),
  };
}

/** A language of rectangles that exists only in tests: what a renderer needs, and no more. */
export const createRenderer: RendererFactory = (context) => {
  const toy = new WarmProcess(() => startToy(context));
  context.onClose(() => toy.close());
  return {
    async status() {
      try {
        const { version } = await toy.get();
        return { available: true, renderer: `toy-${version}`, reason: null, versions: `Toy ${version}` };
      } catch {
        return { available: false, renderer: null, reason: 'The toy does not start: run "npm run setup".' };
      }
    },

    async render(code, { size, deadlineMs }, signal) {
      if (!(await toy.get().catch(() => undefined))) {
        return { ...failed('unavailable', 'The toy does not start: run "npm run setup".'), renderer: 'toy' };
      }
      return toy.use(deadlineMs, signal, async (running) => {
        const answer = await running.ask({ code, ...size });
        const renderer = `toy-${running.version}`;
        const body = answer.subarray(1);
        if (answer[0] === 1) return { ...(await outcomeOfPng(body, size, '')), renderer };
        return { ...failed('syntax', Buffer.from(body).toString('utf8')), renderer };
      });
    },
  };
};
