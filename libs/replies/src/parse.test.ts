import { expect, it } from 'vitest';
import { parseReply } from './parse.ts';

const read = (reply: string, current: string | null = null, finishReason = 'stop') =>
  parseReply(reply, { fenceNames: ['svg', 'xml'], current, finishReason });

it('takes the last fenced block of the language', () => {
  expect(read('```svg\n<a/>\n```\n```html\n<b/>\n```\n```xml\n<c/>\n```')).toMatchObject({
    status: 'code',
    code: '<c/>',
  });
});

it.each([
  ['no fence', '<svg/>', 'stop', 'no_code'],
  ['another language only', '```python\nx\n```', 'stop', 'no_code'],
  ['an empty block', '```svg\n\n```', 'stop', 'no_code'],
  ['a block that is never closed', '```svg\n<svg>', 'stop', 'no_code'],
  ['a block cut off by the length limit', '```svg\n<svg>', 'length', 'cut_off'],
  ['edits without code to edit', '```svg\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```', 'stop', 'edit_failed'],
])('reads %s as a typed outcome', (_, reply, finishReason, status) => {
  const result = read(reply, null, finishReason);
  expect(result).toMatchObject({ status, code: null });
  expect(result.detail).not.toBe('');
});

it('reads no reply of more than 4 MiB, and makes its code well-formed once', () => {
  expect(read('x'.repeat(2 ** 22 + 1))).toMatchObject({
    status: 'no_code',
    detail: expect.stringContaining('4194304'),
  });
  expect(read('```svg\n<a>\ud800</a>\n```')).toMatchObject({ status: 'code', code: '<a>\ufffd</a>' });
});

it('applies the edits of several blocks to the current code', () => {
  const a = '```svg\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```';
  const b = '```svg\n<<<<<<< SEARCH\nc\n=======\nd\n>>>>>>> REPLACE\n```';
  expect(read(`${a}\nand\n${b}`, 'a c')).toEqual({ status: 'edits', code: 'b d', detail: '' });
});
