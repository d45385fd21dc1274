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
])('reads the position of an XML error of %s', (_, text) => {
  expect(readXmlError(text)).toEqual({
    line: 2,
    column: 9,
    message: 'Opening and ending tag mismatch: rect line 2 and svg',
  });
});

it('reads no XML error from any other message', () => {
  expect(readXmlError('Input image exceeds pixel limit')).toBeUndefined();
});

it('describes an error with the code around it', () => {
  const text = describeXmlError({ line: 2, column: 8, message: 'Mismatch' }, '<svg>\n  <rect></svg>');
  expect(text).toBe('The SVG is not well-formed XML. Line 2, column 8: Mismatch\nNear: <rect></svg>');
});

it('describes an error after the end of the code', () => {
  expect(describeXmlError({ line: 99, column: 1, message: 'Cut off' }, '<svg>')).toContain('Line 99, column 1');
});

it('leaves the text around an SVG out of the forgiving page', () => {
  const code = 'Here you are: <svg width="9" height="9"><p></svg> Enjoy!';
  const page = asForgivingPage(code, readSvg(code)!.root, { width: 9, height: 9 });
  expect(page).toMatch(/<svg width="9" height="9"><p><\/svg>$/);
  expect(page).not.toMatch(/Here|Enjoy/);
});
