import { languages, type HostileProgram } from '@pentimento/render/languages';
import { describe, expect, it } from 'vitest';

type ResultKind = keyof HostileProgram['endings'];

/** What a failure of a kind says whatever the code was: it proves nothing about an attack. An image may have nothing in its log. */
const sentences: Record<ResultKind, string[]> = {
  ok: ['', 'Rendered as far as a browser understands it.', 'The image is one single color.'],
  syntax: [
    'LaTeX Error',
    'RDKit cannot read the SMILES: ',
    'Mermaid cannot render it: ',
    'SyntaxError: invalid syntax',
  ],
  runtime: [
    'The code ended its process (1) before the image was made.\n',
    'The code ended its process (70) before the image was made.\nTraceback (most recent call last):',
    'The code crashed Python: endless recursion, or a bug in a library.\n',
    'The code crashed the Python that ran it.',
    'The renderer crashed on this document.',
    'The renderer returned no usable image: ',
    'The page could not be rendered: ',
    'LaTeX ended without an image and without an error.\n',
    'TeX crashed on this document.',
    'The renderer cannot process this code: write it in a simpler way.',
  ],
  timeout: ['The code did not finish within 10 s: look for a loop that does not end, or draw less.'],
  memory: [
    'The code asked for more memory than a render may have: draw less.',
    'TeX asked for more memory than a render may have.',
    'The page crashed: it asked for more memory than a render may have.',
    'librsvg crashed on this image: it asked for more memory than a render may have.',
  ],
  blocked: ['A render may not open : it has no files but the document itself.'],
  empty: [
    'The document has no page: nothing is drawn in it.',
    'The code ran to its end and drew nothing: make a figure and save or show it.',
    'The diagram is empty.',
  ],
  'too-large': ['The page is too large for a screenshot.', 'The image is too large or too complex: '],
};

const attacked = await Promise.all(
  languages.map(async ({ id, loadSamples }) => {
    const { hostile } = (await loadSamples()).samples;
    return { id, programs: Object.entries(hostile({ port: 9, folder: '/folder', socket: 'socket', mark: 'mark' })) };
  }),
);

/** Sentences that would pass for a proof of the attack. */
function unproven({ endings }: HostileProgram): string[] {
  return Object.entries(endings).flatMap(([kind, evidence]) =>
    sentences[kind as ResultKind].filter((sentence) => evidence instanceof RegExp && evidence.test(sentence)),
  );
}

describe.each(attacked)('the programs of $id', ({ programs }) => {
  it('end in one way', () => {
    const parts = programs.map(([name, { rehearsal, next, ...program }]) => ({
      name,
      parts: [program, rehearsal, next],
    }));
    const several = parts.filter(({ parts }) => parts.some((part) => part && Object.keys(part.endings).length !== 1));
    expect(several.map(({ name }) => name)).toEqual([]);
  });

  it('prove their attack by more than a sentence that any code may get, themselves or in a rehearsal', () => {
    const proven = ([, program]: [string, HostileProgram]): boolean =>
      unproven(program.rehearsal ?? program).length === 0 &&
      (program.next ? unproven(program.next).length === 0 : true);
    expect(programs.filter((program) => !proven(program)).map(([name]) => name)).toEqual([]);
  });
});

it('are more than five hundred', () => {
  expect(attacked.flatMap(({ programs }) => programs).length).toBeGreaterThan(500);
});
