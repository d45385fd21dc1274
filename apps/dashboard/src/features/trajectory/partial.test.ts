import type { PartialReply } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { announcement, chunksOf, iterationWords, progressWords, stretchesOf } from './partial.ts';

const reply = (change: Partial<PartialReply> = {}): PartialReply => ({
  iteration: 2,
  candidate: 0,
  attempt: 1,
  text: '',
  length: 0,
  reasoning: '',
  reasoningLength: 0,
  outputTokens: 1240,
  tokensEstimated: true,
  ms: 40_000,
  ...change,
});
const stretches = (text: string, length = text.length) =>
  stretchesOf({ text, length }).map(({ kind, text: part }) => [kind, part]);

describe('the stretches of a reply', () => {
  it('are prose and code, as far as it has come', () => {
    expect(stretches('Here.\n```svg\n<svg>\n<g/')).toEqual([
      ['prose', 'Here.\n```svg\n'],
      ['code', '<svg>\n<g/'],
    ]);
    expect(stretches('```svg\n<svg/>\n```\nDone.')).toEqual([
      ['prose', '```svg\n'],
      ['code', '<svg/>\n'],
      ['prose', '```\nDone.'],
    ]);
  });

  it('hold every character of it', () => {
    const text = 'a\n\n```\r\nb\r\n```\n~~~python\nc`d`\n';
    for (let length = 1; length <= text.length; length++) {
      const parts = stretchesOf({ text: text.slice(0, length), length });
      expect(parts.map((part) => part.text).join('')).toBe(text.slice(0, length));
    }
  });

  it('begin within code where the beginning is left out', () => {
    expect(stretches('<g/>\n```\nDone.', 100_000)).toEqual([
      ['code', '<g/>\n'],
      ['prose', '```\nDone.'],
    ]);
  });
});

describe('the chunks of code', () => {
  it('stay as they are while the code grows, but for the last', () => {
    const code = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');
    const [before, after] = [chunksOf(code), chunksOf(`${code} more\nand more`)];
    expect(before).toHaveLength(3);
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after.join('')).toBe(`${code} more\nand more`);
  });
});

describe('the words of a partial reply', () => {
  it('have the tokens and their speed, and say what is estimated', () => {
    expect(progressWords(reply())).toBe('about 1,240 tokens, 31 a second');
    expect(progressWords(reply({ tokensEstimated: false, outputTokens: 1, ms: 10 }))).toBe('1 token');
    expect(progressWords(reply({ outputTokens: 20 }))).toBe('about 20 tokens, 0.5 a second');
  });

  it('add up the candidates of an iteration', () => {
    const replies = [reply(), reply({ candidate: 1 }), reply({ iteration: 3 })];
    expect(iterationWords(replies, 2)).toEqual({ pace: '62/s', count: '~2,480 tokens' });
    expect(iterationWords(replies, 4)).toBeNull();
    expect(announcement(replies)).toBe(
      'Iteration 2 is being written, 2,480 tokens so far. Iteration 3 is being written, 1,240 tokens so far.',
    );
    expect(announcement([])).toBe('');
  });
});
