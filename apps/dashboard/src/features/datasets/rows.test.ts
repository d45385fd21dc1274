import { describe, expect, it } from 'vitest';
import {
  imagesIn,
  isImage,
  isImageAlone,
  isLong,
  isNumbers,
  originWords,
  scoreOf,
  splitFields,
  summaries,
} from './rows.ts';

const image = (digit: string) => ({ image: digit.repeat(64), width: 4, height: 3 });

describe('images of a row', () => {
  it('are found in order, wherever they are, with their paths', () => {
    const row = {
      images: [image('a'), image('b')],
      turns: [{ messages: [{ content: [{ type: 'image', image: image('c') }] }] }],
      none: null,
    };
    expect(imagesIn(row).map(({ path, image: id }) => [path, id[0]])).toEqual([
      ['images[0]', 'a'],
      ['images[1]', 'b'],
      ['turns[0].messages[0].content[0].image', 'c'],
    ]);
  });

  it('may have more fields than an image in the place of its bytes', () => {
    const target = { ...image('a'), original: 'b'.repeat(64) };
    expect([isImage(target), isImageAlone(target), isImageAlone(image('a'))]).toEqual([true, false, true]);
  });

  it('are not what only looks like one', () => {
    const others = [
      { image: 'a.png', width: 4, height: 3 },
      { image: 'a'.repeat(64) },
      'a'.repeat(64),
      null,
      [image('a')],
    ];
    expect(others.some(isImage)).toBe(false);
  });
});

describe('a row at a glance', () => {
  const row = (reply: string) => ({
    messages: [
      { role: 'user', content: 'Write SVG that draws the image.' },
      { role: 'assistant', content: reply },
    ],
    images: [image('a')],
    task_id: 'f'.repeat(64),
    reason: 'The provider of the model gives no tokens.',
  });

  it('is its last longer text with words that no other row has, in one line', () => {
    const replies = ['Here it is:\n```svg\n<svg/>\n```', 'Here is another:\n```svg\n<svg/>\n```'];
    expect(summaries(replies.map(row))).toEqual([
      'Here it is: ```svg <svg/> ```',
      'Here is another: ```svg <svg/> ```',
    ]);
  });

  it('is what rows share where nothing tells them apart, and empty where there is no text', () => {
    const shared = 'The provider of the model gives no tokens.';
    expect(summaries([row('No.'), row('No.')])).toEqual([shared, shared]);
    expect(summaries([{ done: true, reply: 'DONE' }, { tokens: [1, 2] }])).toEqual(['DONE', '']);
  });

  it('says where the row comes from', () => {
    expect(originWords({ language: 'svg', kind: 'refine', iteration: 2, verdict: 'not_best' })).toBe(
      'svg, refine, iteration 2, not best',
    );
    expect(originWords({ job: { name: 'a.png', language: 'svg' }, iterations: [] })).toBe('a.png, svg');
    expect(originWords({ prompt: 'x', kind: null })).toBe('');
  });

  it('has the score of its candidate, or its reward', () => {
    expect([scoreOf({ score: 0.5, reward: 1 }), scoreOf({ reward: 1 }), scoreOf({ score: null })]).toEqual([
      0.5,
      1,
      null,
    ]);
  });
});

it('folds texts that are long or have many lines, and shows numbers as one', () => {
  expect([isLong('x'.repeat(601)), isLong('a\n'.repeat(9)), isLong('short\ntext')]).toEqual([true, true, false]);
  expect([isNumbers([1, 2]), isNumbers([]), isNumbers([1, 'a'])]).toEqual([true, false, false]);
});

it('puts the short fields of a struct together', () => {
  const part = { type: 'text', text: 'a\nb', loss: true, images: [] };
  expect(splitFields(part)).toEqual({
    short: [
      ['type', 'text'],
      ['loss', true],
    ],
    others: [
      ['text', 'a\nb'],
      ['images', []],
    ],
  });
});
