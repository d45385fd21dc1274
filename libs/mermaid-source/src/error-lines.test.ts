import { describe, expect, it } from 'vitest';
import { withLinesOf } from './error-lines.ts';

describe('the lines of an error', () => {
  it.each([
    ['plain code', 'flowchart LR\n a\n b', 3, 3],
    ['front matter', '---\ntitle: x\n---\nflowchart LR\n a\n b', 3, 6],
    ['blank lines in front', '\n\nflowchart LR\n a', 2, 4],
    ['comments, and blank lines before them', 'flowchart LR\n a\n\n%% one\n %% two\n b', 3, 6],
    ['a directive in front', '%%{init: {"theme": "dark"}}%%\nflowchart LR\n a', 2, 3],
    ['a directive of several lines in front', '%%{init: {\n"theme": "dark"}\n}%%\nflowchart LR\n a', 2, 5],
  ])('are those of the code as it was written: %s', (_, code, counted, written) => {
    expect(withLinesOf(code, `Parse error on line ${counted}:`)).toBe(`Parse error on line ${written}:`);
  });

  it('stay where the code has no such line', () => {
    expect(withLinesOf('pie', 'Parse error on line 9:')).toBe('Parse error on line 9:');
  });
});
