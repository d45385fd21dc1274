import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSurvey } from './read-survey.ts';
import { surveyLimits } from './survey.ts';

const size = { width: 200, height: 100 };
let png: Uint8Array;
/** White, but for a black square at 20, 20 and a nearly white one at 120, 20, each of 10 px. */
beforeAll(async () => {
  const square = (background: string) =>
    sharp({ create: { width: 10, height: 10, channels: 3, background } })
      .png()
      .toBuffer();
  png = await sharp({ create: { ...size, channels: 3, background: '#fff' } })
    .composite([
      { input: await square('#000'), left: 20, top: 20 },
      { input: await square('#fafafa'), left: 120, top: 20 },
    ])
    .png()
    .toBuffer();
});

const read = (answer: unknown, deviceScale = 1) =>
  readSurvey(typeof answer === 'string' ? answer : JSON.stringify(answer), { png, size, deviceScale });
const shareOf = async (...bitmaps: number[][]) => (await read({ bitmaps, pieces: [] })).bitmapShare;

describe('the share of bitmaps', () => {
  it('is 0 without any, and adds areas up without counting an overlap twice', async () => {
    expect(await shareOf()).toBe(0);
    expect(await shareOf([0, 0, 100, 100])).toBeCloseTo(0.5, 9);
    expect(await shareOf([0, 0, 100, 100], [50, 0, 100, 100])).toBeCloseTo(0.75, 9);
  });

  it('counts only what lies within the image', async () => {
    expect(await shareOf([-100, -100, 200, 150])).toBeCloseTo(0.25, 9);
    expect(await shareOf([500, 0, 100, 100], [0, 0, -50, 100])).toBe(0);
    expect(await shareOf([-1e300, -1e300, Number.MAX_VALUE, Number.MAX_VALUE])).toBe(1);
  });

  it('is in device pixels', async () => {
    expect((await read({ bitmaps: [[0, 0, 50, 50]], pieces: [] }, 2)).bitmapShare).toBeCloseTo(0.5, 9);
  });
});

describe('the text', () => {
  const piece = (text: string, x: number): [string, number[]] => [text, [x, 15, 40, 20]];

  it('is what has ink, in lines', async () => {
    const pieces = [piece('seen', 10), piece('\nwhite', 60), piece('\nnearly white', 110), piece('\nseen  too', 5)];
    expect((await read({ bitmaps: [], pieces })).text).toBe('seen\nseen too');
  });

  it('leaves out what lies outside of the image', async () => {
    expect((await read({ bitmaps: [], pieces: [piece('off', 900), piece('off', -900)] })).text).toBe('');
  });
});

it.each([
  ['nothing', ''],
  ['no JSON', 'x'],
  ['something else', 'null'],
  ['boxes that are none', { bitmaps: [[1, 2, 3]], pieces: [] }],
  ['more boxes than a page may have', { bitmaps: Array(surveyLimits.boxes + 1).fill([0, 0, 1, 1]), pieces: [] }],
  ['text that is none', { bitmaps: [], pieces: [[5, [0, 0, 1, 1]]] }],
  ['an answer without end', 'x'.repeat(5_000_000)],
])('of %s nothing is known', async (_, answer) => {
  expect(await read(answer)).toEqual({ text: null, bitmapShare: null });
});

it('reads no more pixels than it may, whatever the boxes', async () => {
  const pieces = Array.from({ length: surveyLimits.pieces }, () => ['a', [0, 0, 1e9, 1e9]]);
  const start = performance.now();
  await read({ bitmaps: [], pieces });
  expect(performance.now() - start).toBeLessThan(2000);
});
