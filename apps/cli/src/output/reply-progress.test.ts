import type { PartialReply } from '@pentimento/contracts';
import { expect, it } from 'vitest';
import { replyProgressLine } from './reply-progress.ts';

const reply = (change: Partial<PartialReply> = {}): PartialReply => ({
  ...{ iteration: 3, candidate: 0, attempt: 1, text: 'x', length: 1, reasoning: '', reasoningLength: 0 },
  ...{ outputTokens: 620, tokensEstimated: false, ms: 20_000 },
  ...change,
});

it.each<[string, PartialReply[], string | null]>([
  ['nothing', [], null],
  ['a reply', [reply()], '  iteration 3: 620 tokens so far, 31 a second'],
  ['its first words', [reply({ ms: 3, outputTokens: 2 })], '  iteration 3: 2 tokens so far'],
  [
    'what is estimated and still thought',
    [reply({ tokensEstimated: true, length: 0, outputTokens: 90 })],
    '  iteration 3: about 90 tokens so far, 4.5 a second, thinking',
  ],
  [
    'several iterations at once',
    [reply(), reply({ candidate: 1 }), reply({ iteration: 4 })],
    '  iteration 3 and 4: 1860 tokens so far, 93 a second, 3 replies',
  ],
])('is one line for %s', (_, replies, line) => {
  expect(replyProgressLine(replies)).toBe(line);
});
