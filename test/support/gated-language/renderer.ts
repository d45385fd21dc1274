import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer } from '../../contracts/toy-language/worker.ts';
import { outcomeOfPng } from '../../../libs/render/src/image/png-outcome.ts';
import { failed } from '../../../libs/render/src/port/outcome.ts';
import type { RendererFactory } from '../../../libs/render/src/port/renderer.ts';

const renderer = 'gated-1';
const isOpen = (gate: string): boolean => existsSync(join(process.env.GATE_FOLDER!, gate));

/** Of a language for tests: only tests write its code, so it is rendered in this process. */
export const createRenderer: RendererFactory = () => ({
  status: () => Promise.resolve({ available: true, renderer, reason: null }),

  async render(code, { size }, signal) {
    const [, gate, rest = code] = /^hold (\w+)\n([^]*)$/.exec(code) ?? [];
    while (gate && !isOpen(gate)) await sleep(10, undefined, { signal });
    if (isOpen('outage')) return { ...failed('unavailable', 'The renderer is away.'), renderer };
    const rendered = Buffer.from(await answer({ code: rest, ...size }));
    const body = rendered.subarray(1);
    if (rendered[0] === 1) return { ...(await outcomeOfPng(body, size, '')), renderer };
    return { ...failed('syntax', body.toString('utf8')), renderer };
  },
});
