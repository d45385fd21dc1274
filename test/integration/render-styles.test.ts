import type { Language, RenderResult } from '@pentimento/contracts';
import { createRenderers, type Renderers } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latexStyles, mermaidStyles, smilesStyles } from './styles/documents.ts';
import { pythonStyles } from './styles/python.ts';
import type { Styles } from './styles/style.ts';
import { htmlStyles, svgStyles } from './styles/web.ts';

const size = { width: 320, height: 240 };

let renderers: Renderers;
let available: Language[];
beforeAll(async () => {
  renderers = createRenderers({ slots: 2, deadlineMs: 30_000 });
  available = (await renderers.states()).filter((state) => state.available).map((state) => state.language);
});
afterAll(() => renderers.close());

describe.each<[Language, Styles]>([
  ['python', pythonStyles],
  ['html', htmlStyles],
  ['svg', svgStyles],
  ['latex', latexStyles],
  ['smiles', smilesStyles],
  ['mermaid', mermaidStyles],
])('%s', (language, styles) => {
  const render = (name: string): Promise<RenderResult> =>
    renderers.render({ language, code: styles[name]!.code, size, trusted: false }, new AbortController().signal);

  async function draw(name: string): Promise<RenderResult & { status: 'ok' }> {
    const result = await render(name);
    expect(result).toMatchObject({ status: 'ok' });
    return result as RenderResult & { status: 'ok' };
  }

  it.concurrent.for(Object.keys(styles))('%s', async (name, { skip }) => {
    skip(!available.includes(language), `${language} cannot be drawn on this machine`);
    const { shows = [], like, unlike, size: expected, log = /^$/ } = styles[name]!;
    const { image, width, height, log: said } = await draw(name);
    const coloursShown = await coloursOf(image);
    for (const colour of shows) expect(isShown(colour, coloursShown), `${colour} is shown`).toBe(true);
    if (expected) expect({ width, height }).toEqual(expected);
    if (like) expect(Buffer.compare(image, (await draw(like)).image), `the same as ${like}`).toBe(0);
    if (unlike) expect(Buffer.compare(image, (await draw(unlike)).image), `not the same as ${unlike}`).not.toBe(0);
    expect(faultsIn(said)).toMatch(log);
  });
});

/** How many pixels have each colour. */
async function coloursOf(png: Uint8Array): Promise<Map<number, number>> {
  const pixels = await sharp(png).flatten({ background: 'white' }).raw().toBuffer();
  const counts = new Map<number, number>();
  for (let i = 0; i < pixels.length; i += 3) {
    const colour = pixels.readUIntBE(i, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return counts;
}

/** Whether at least eight pixels are within six levels of the colour in each channel. */
function isShown(colour: string, counts: Map<number, number>): boolean {
  const wanted = Number.parseInt(colour, 16);
  const isNear = (found: number): boolean =>
    [16, 8, 0].every((shift) => Math.abs(((found >> shift) & 255) - ((wanted >> shift) & 255)) <= 6);
  let pixels = 0;
  for (const [found, count] of counts) if (isNear(found)) pixels += count;
  return pixels >= 8;
}

/** The lines of a log that tell of a fault: what a program prints is its own business. */
const faultsIn = (log: string): string =>
  log
    .split('\n')
    .filter((line) => /error|not defined|nbsp|glyph|refused|left out/i.test(line))
    .join('\n');
