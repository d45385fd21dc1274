import { expect, it } from 'vitest';
import { ImageLimits, limitIn, readImageLimits } from './image-limits.ts';

it.each<[string, number, number | undefined]>([
  ['At most 1 image(s) may be provided in one request.', 4, 1],
  ['You set image=5 (or defaulted to 5) in `--limit-mm-per-prompt`, but passed 6 image items: at most 5 images.', 6, 5],
  ['Too many images: the maximum is 16.', 20, 16],
  ['This model only supports a single image.', 3, 1],
  ['Multiple images are not supported', 2, 1],
  ['Multiple images are not supported', 1, undefined],
  ['At most 0 image(s) may be provided in one request.', 1, undefined],
  ['The image exceeds the maximum size of 4 MB.', 9, undefined],
  ['image 3: width must be at most 2 pixels', 9, undefined],
  ['Image input is not enabled', 4, undefined],
  ['The maximum is 2 tools.', 4, undefined],
])('reads %o about %i images', (message, images, limit) => {
  expect(limitIn(message, images)).toBe(limit);
});

it('keeps the lowest limit of a model, set or learned', () => {
  const limits = new ImageLimits({ 'a/b': 4 });
  limits.learn('a/b', 'At most 9 images', 12);
  expect(limits.of('a/b')).toBe(4);
  limits.learn('a/b', 'At most 2 images', 4);
  expect([limits.of('a/b'), limits.of('a/c')]).toEqual([2, Infinity]);
});

it('says what is wrong with the setting', () => {
  expect(readImageLimits('{"a/b": 1}')).toEqual({ limits: { 'a/b': 1 }, problem: null });
  expect(readImageLimits('{"a/b": 0}').problem).toContain('PENTIMENTO_MODEL_IMAGES');
});
