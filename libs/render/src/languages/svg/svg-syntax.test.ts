import { expect, it } from 'vitest';
import { readSvg } from './svg-source.ts';
import { asForgivingPage, describeXmlError, readXmlError } from './svg-syntax.ts';

it.each([
  [
    'librsvg',
    'Input buffer has corrupt header: glib: XML parse error: Error domain 1 code 76 on line 2 column 9 of data: Opening and ending tag mismatch: rect line 2 and svg',
  ],
  [
    'librsvg on entities',
    'glib: XML parse error: error code=76 (1) in (null):2:9: Opening and ending tag mismatch: rect line 2 and svg',
  ],
  [
    'Chromium',
    'This page contains the following errors:error on line 2 at column 9: Opening and ending tag mismatch: rect line 2 and svg\nBelow is a rendering of the page up to the first error.',
  ],
])('reads the place of an XML error as %s words it', (_, text) => {
  expect(readXmlError(text)).toEqual({
    line: 2,
    column: 9,
    complaint: 'Opening and ending tag mismatch: rect line 2 and svg',
  });
});

it('takes nothing else for an XML error', () => {
  expect(readXmlError('Input image exceeds pixel limit')).toBeUndefined();
});

it('shows the code around the error', () => {
  const text = describeXmlError({ line: 2, column: 8, complaint: 'Mismatch' }, '<svg>\n  <rect></svg>');
  expect(text).toBe('The SVG is not well-formed XML. Line 2, column 8: Mismatch\nNear: <rect></svg>');
});

it('survives an error behind the end of the code', () => {
  expect(describeXmlError({ line: 99, column: 1, complaint: 'Cut off' }, '<svg>')).toContain('Line 99, column 1');
});

it('leaves the talk around a drawing out of the forgiving page', () => {
  const code = 'Here you are: <svg width="9" height="9"><p></svg> Enjoy!';
  const page = asForgivingPage(code, readSvg(code)!, { width: 9, height: 9 });
  expect(page).toMatch(/<svg width="9" height="9"><p><\/svg>$/);
  expect(page).not.toMatch(/Here|Enjoy/);
});
