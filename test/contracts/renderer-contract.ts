import { DeadlineExceeded } from '@pentimento/abort';
import { SandboxLauncher } from '@pentimento/sandbox';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RenderSlot } from '../../libs/render/src/pool/render-slot.ts';
import type { ContractSamples } from '../../libs/render/src/port/contract-samples.ts';
import { renderLimits } from '../../libs/render/src/port/limits.ts';
import type { Renderer, RendererFactory, RenderOptions, RenderOutput } from '../../libs/render/src/port/renderer.ts';
import { findPython } from '../../libs/runtimes/src/python/interpreter.ts';
import { findChromium } from '../../libs/sandbox/src/browser/chromium.ts';
import { commandOf, descendants, untilGone } from '../hostile/processes.ts';

const size = { width: 320, height: 240 };
const noAbort = new AbortController().signal;
const options: RenderOptions = {
  size,
  deviceScale: 1,
  mode: 'target',
  scripts: true,
  deadlineMs: 40_000,
  reference: null,
};
/** For killing and replacing a process on a busy machine. */
const graceMs = 3000;

type Image = RenderOutput & { status: 'ok' };

/** What every implementation of `Renderer` must do. */
export function describeRenderer(name: string, factory: RendererFactory, samples: ContractSamples): void {
  describe(`the renderer of ${name}`, () => {
    let slot: RenderSlot;
    let renderer: Renderer;
    let expected: Image;
    let before: Set<number>;

    beforeAll(async () => {
      before = new Set(descendants());
      slot = newSlot();
      renderer = slot.shared(factory);
      expected = await renderImage(renderer, samples.good);
    });
    afterAll(async () => {
      await slot.close();
      const left = await untilGone(() => descendants().filter((pid) => !before.has(pid)), 2000);
      expect(left.map(commandOf)).toEqual([]);
    });

    it('is available, and has a version in its name', async () => {
      expect(await renderer.status()).toMatchObject({ available: true, renderer: expect.stringMatching(/-\d/) });
      expect(expected.renderer).toMatch(/-\d/);
    });

    it('renders a good sample to an opaque sRGB PNG of the size that it reports', async () => {
      const { image, width, height } = expected;
      const metadata = await sharp(image).metadata();
      expect(metadata).toMatchObject({ format: 'png', space: 'srgb', depth: 'uchar', channels: 3, width, height });
      expect(Math.min(width, height)).toBeGreaterThan(0);
      expect(Math.max(width, height)).toBeLessThanOrEqual(renderLimits.maxPageSide);
      const { channels } = await sharp(image).stats();
      expect(channels.some(({ min, max }) => min < max)).toBe(true);
    });

    it('renders the same code to the same output, in another slot too', async () => {
      expect(await renderImage(renderer, samples.good)).toEqual(expected);
      const other = newSlot();
      try {
        expect(await renderImage(other.shared(factory), samples.good)).toEqual(expected);
      } finally {
        await other.close();
      }
    });

    it('returns a typed failure with a message of at most 2 KB for a failing sample', async () => {
      const output = await renderer.render(samples.failing.code, options, noAbort);
      expect(output).toMatchObject({ status: 'failed', kind: samples.failing.kind });
      const { message } = output as RenderOutput & { status: 'failed' };
      expect(message).not.toBe('');
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(2048);
    });

    it('rejects with DeadlineExceeded soon after the deadline, and is right afterwards', async () => {
      const { code, deadlineMs } = samples.slow;
      await renderer.status();
      const startedAt = performance.now();
      await expect(renderer.render(code, { ...options, deadlineMs }, noAbort)).rejects.toThrow(DeadlineExceeded);
      expect(performance.now() - startedAt).toBeLessThan(deadlineMs + graceMs);
      expect(await renderImage(renderer, samples.good)).toEqual(expected);
    });

    it("rejects with the signal's reason soon after it aborts, and is right afterwards", async () => {
      const caller = new AbortController();
      const rendering = renderer.render(samples.slow.code, options, caller.signal);
      const reason = new Error('canceled');
      const startedAt = performance.now();
      setImmediate(() => caller.abort(reason));
      await expect(rendering).rejects.toBe(reason);
      expect(performance.now() - startedAt).toBeLessThan(graceMs);
      expect(await renderImage(renderer, samples.good)).toEqual(expected);
    });

    it('starts nothing for a signal that has aborted already', async () => {
      const reason = new Error('late');
      await expect(renderer.render(samples.good, options, AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    it.skipIf(samples.without === null)('is unavailable without what it needs, and says what to do', async () => {
      const bare = newSlot(samples.without);
      try {
        const incomplete = bare.shared(factory);
        const remedy = expect.stringMatching(/npm run setup/);
        expect(await incomplete.status()).toEqual({ available: false, renderer: null, reason: remedy });
        const output = await incomplete.render(samples.good, options, noAbort);
        expect(output).toMatchObject({ status: 'failed', kind: 'unavailable', message: remedy });
      } finally {
        await bare.close();
      }
    });
  });
}

async function renderImage(renderer: Renderer, code: string): Promise<Image> {
  const output = await renderer.render(code, options, noAbort);
  expect(output).toMatchObject({ status: 'ok' });
  return output as Image;
}

/** A launcher of a machine on which no program can be started. */
class BrokenLauncher extends SandboxLauncher {
  override start(): never {
    throw new Error('There is no such program.');
  }
}

function newSlot(without: ContractSamples['without'] = null): RenderSlot {
  const Launcher = without === 'programs' ? BrokenLauncher : SandboxLauncher;
  return new RenderSlot({
    launcher: new Launcher({ bubblewrap: undefined, allowUnsandboxed: false }),
    temporaryFolder: '/tmp',
    chromium: without === 'chromium' ? undefined : findChromium(process.env['PENTIMENTO_CHROMIUM']),
    python: without === 'python' ? undefined : findPython(process.env['PENTIMENTO_PYTHON']),
  });
}
