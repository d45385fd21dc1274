import type { Language, RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import { languages } from '@pentimento/render/languages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countOfColor } from '../support/colors.ts';

const size = { width: 320, height: 240 };

let renderers: RenderService;
let available: Language[];
beforeAll(async () => {
  renderers = createRenderService({ concurrency: 2, deadlineMs: 30_000 });
  available = (await renderers.states()).filter((state) => state.available).map((state) => state.language);
});
afterAll(() => renderers.close());

const written = await Promise.all(languages.map(async ({ id, loadSamples }) => ({ id, ...(await loadSamples()) })));

describe.each(written)('$id', ({ id: language, samples: { styles } }) => {
  const render = (name: string): Promise<RenderResult> =>
    renderers.render({ language, code: styles[name]!.code, size, trusted: false }, new AbortController().signal);

  async function renderCode(name: string): Promise<RenderResult & { status: 'ok' }> {
    const result = await render(name);
    expect(result).toMatchObject({ status: 'ok' });
    return result as RenderResult & { status: 'ok' };
  }

  it.concurrent.for(Object.keys(styles))('%s', async (name, { skip }) => {
    skip(!available.includes(language), `${language} cannot be rendered on this machine`);
    const { shows = [], like, unlike, size: expected, log = /^$/ } = styles[name]!;
    const { image, width, height, log: renderLog } = await renderCode(name);
    for (const color of shows) expect(await isShown(color, image), `${color} is shown`).toBe(true);
    if (expected) expect({ width, height }).toEqual(expected);
    if (like) expect(Buffer.compare(image, (await renderCode(like)).image), `the same as ${like}`).toBe(0);
    if (unlike)
      expect(Buffer.compare(image, (await renderCode(unlike)).image), `not the same as ${unlike}`).not.toBe(0);
    expect(errorsIn(renderLog)).toMatch(log);
  });
});

/** Whether at least eight pixels are within six levels of the color in each channel. */
const isShown = async (color: string, image: Uint8Array): Promise<boolean> =>
  (await countOfColor(image, color, 6)) >= 8;

/** The lines of a log that report an error. Other output does not matter. */
const errorsIn = (log: string): string =>
  log
    .split('\n')
    .filter((line) => /error|not defined|nbsp|glyph|refused|left out/i.test(line))
    .join('\n');
