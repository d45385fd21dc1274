import { describe, expect, it } from 'vitest';
import { editOf } from './edit.ts';

const apply = (code: string, { search, replace }: { search: string; replace: string }): string => {
  expect(code.split(search)).toHaveLength(2);
  return code.replace(search, () => replace);
};

/** The edit of the only occurrence of a text, and that it and its reverse work. */
function edit(code: string, text: string, by: string, at = code.indexOf(text)) {
  const made = editOf(code, at, at + text.length, by)!;
  const edited = code.slice(0, at) + by + code.slice(at + text.length);
  expect(apply(code, made)).toBe(edited);
  expect(apply(edited, { search: made.replace, replace: made.search })).toBe(code);
  return made;
}

describe('editOf', () => {
  it('shows the line of the edit', () => {
    expect(edit('one\ntwo blue\nthree', 'blue', 'red')).toEqual({ search: 'two blue', replace: 'two red' });
  });

  it('shows the words around an edit in a long line', () => {
    const line = `${'word '.repeat(40)}blue${' word'.repeat(40)}`;
    const { search } = edit(line, 'blue', 'red');
    expect(search).toMatch(/^(word )+blue( word)+$/);
    expect(search.length).toBeLessThan(90);
  });

  it('shows more lines until the text stands once', () => {
    const code = 'a\nx = 1\nb\nx = 1\nc\n';
    expect(edit(code, '1', '2', code.lastIndexOf('1')).search).toContain('b\nx = 1');
  });

  it('shows more until the replacement stands once', () => {
    const code = 'x = 1\na\nx = 2\n';
    expect(edit(code, '1', '2').replace).toContain('x = 2\na');
  });

  it('gives a deletion and an insertion texts that can be searched for', () => {
    expect(edit('keep\ndelete me\nkeep too', 'delete me\n', '').replace).not.toBe('');
    expect(editOf('<g></g>', 3, 3, '<rect/>')).toEqual({ search: '<g></g>', replace: '<g><rect/></g>' });
  });

  it('never cuts a character of two code units', () => {
    const code = `${'😀'.repeat(60)} blue ${'😀'.repeat(60)}`;
    const { search } = edit(code, 'blue', 'red');
    expect(search.isWellFormed()).toBe(true);
  });

  it('is none where nothing would be left', () => {
    expect(editOf('all', 0, 3, '')).toBeUndefined();
    expect(editOf('all', 0, 3, ' \n')).toBeUndefined();
  });

  it('holds every context of a code that repeats itself', () => {
    const code = 'ab '.repeat(300);
    edit(code, 'a', 'c', 450);
  });
});
