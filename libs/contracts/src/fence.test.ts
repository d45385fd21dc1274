import { describe, expect, it } from 'vitest';
import { alignmentOf, blocksOfLanguage, fence, fencedBlocks, publishedCode } from './fence.ts';

describe('fencedBlocks', () => {
  it('reads closed blocks in order, with the first word of their info string', () => {
    const reply = 'a\n```SVG title="x"\n<a/>\n```\n\n  ```\nplain\n  ```\r\n````md\n```\ninner\n```\n````';
    expect(fencedBlocks(reply)).toEqual([
      { info: 'svg', body: '<a/>' },
      { info: '', body: 'plain' },
      { info: 'md', body: '```\ninner\n```' },
    ]);
  });

  it('leaves out a block that is never closed', () => {
    expect(fencedBlocks('```svg\n<a/>\n```\n```svg\n<b')).toEqual([{ info: 'svg', body: '<a/>' }]);
  });

  it.each(['', 'x', '`', '```', 'a\n````\nb', '<a>\n```js\n`x`\n```\n</a>'])(
    'reads back what fence wrote of %j',
    (body) => {
      expect(fencedBlocks(fence(body, 'svg'))).toEqual([{ info: 'svg', body }]);
    },
  );
});

it('takes line breaks of either kind, also next to each other', () => {
  expect(fencedBlocks('```svg\r\n<a>\r\n\r\n</a>\r\n```\r\n')).toEqual([{ info: 'svg', body: '<a>\n\n</a>' }]);
  expect(fencedBlocks('```\r\n```')).toEqual([{ info: '', body: '' }]);
  expect(fencedBlocks('```\n\r\n```')).toEqual([{ info: '', body: '' }]);
  expect(fencedBlocks('```\n\n\n```')).toEqual([{ info: '', body: '\n' }]);
});

it.each(['    ```\nx\n```', 'x ```\nx\n```', '```a`\nx\n```'])('opens no block by %j', (text) => {
  expect(fencedBlocks(text)).toEqual([]);
});

describe('hostile replies', () => {
  it('have no more than 10,000 blocks', () => {
    expect(fencedBlocks('```\n'.repeat(30_000))).toHaveLength(10_000);
  });

  it('are read in a time that grows with their length: a long line of spaces after a fence', () => {
    expect(fencedBlocks(`\`\`\`${' '.repeat(1_000_000)}\``)).toEqual([]);
  });

  it('are fenced again however many backticks they hold', () => {
    const body = '` '.repeat(400_000);
    expect(fencedBlocks(fence(body, 'svg'))).toEqual([{ info: 'svg', body }]);
  });
});

it('knows a language by any of its fence names', () => {
  const reply = '```tikz\na\n```\n```tex\nb\n```\n```svg\nc\n```';
  expect(blocksOfLanguage(reply, ['latex', 'tex', 'tikz'])).toEqual(['a', 'b']);
});

it.each([
  ['```python\nx\n```', 1],
  ['```py\nx\n```', 0],
  ['```Python\nx\n```', 0],
  ['Here: ```python x```', 1],
  ['```python3\nx\n```', 1],
  ['```svg\nx\n```', 0],
  ['python: x', 0],
  ['```python\nx', 0],
])('aligns %j with Python as %i', (reply, alignment) => {
  expect(alignmentOf(reply, 'python')).toBe(alignment);
});

it('takes the last code that the published rule finds', () => {
  expect(publishedCode('```svg\na\n``` and ```svg  b```', 'svg')).toBe('b');
  expect(publishedCode('```svg\na', 'svg')).toBeUndefined();
});
