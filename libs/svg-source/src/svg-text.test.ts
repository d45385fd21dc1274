import { maxRenderTextLength } from '@pentimento/contracts';
import { expect, it } from 'vitest';
import { readSvgText as readText } from './svg-text.ts';

const readSvgText = (code: string): string => readText(code, maxRenderTextLength);

const svg = (body: string): string => `<svg xmlns="http://www.w3.org/2000/svg">${body}</svg>`;

it.each([
  ['text elements in document order', '<text>one</text><g><text y="9">two</text></g>', 'one\ntwo'],
  ['styled parts within their line', '<text>H<tspan dx="1">2</tspan>O</text>', 'H2O'],
  ['placed parts as lines', '<text><tspan x="0">one</tspan><tspan x="0" dy="9">two</tspan></text>', 'one\ntwo'],
  ['entities as what they stand for', '<text>a &amp; b &#65;&#x42; &unknown;</text>', 'a & b AB &unknown;'],
  ['CDATA as it is', '<text><![CDATA[a < b]]></text>', 'a < b'],
  ['white space as one space', '<text>\n  a\n  b </text>', 'a\nb'],
  [
    'no titles, style sheets, definitions or comments',
    '<title>t</title><style>text{}</style><defs><text>d</text></defs><text>x<!-- y --><title>z</title></text>',
    'x',
  ],
  [
    'nothing that is hidden',
    '<g display="none"><text>a</text></g><text style="visibility: hidden">b</text><text>c</text>',
    'c',
  ],
  [
    'foreign objects by their blocks',
    '<foreignObject><div xmlns="http://www.w3.org/1999/xhtml"><p>one <b>bold</b></p><p>two</p></div></foreignObject>',
    'one bold\ntwo',
  ],
  ['text on paths', '<text><textPath href="#p">along</textPath></text>', 'along'],
  ['of a switch what comes first', '<switch><foreignObject><p>a</p></foreignObject><text>b</text></switch>', 'a'],
  ['nothing outside text', 'loose<rect/>', ''],
])('reads %s', (_, body, text) => {
  expect(readSvgText(svg(body))).toBe(text);
});

it('survives what is not well-formed, and bounds what it keeps', () => {
  expect(readSvgText('<svg><text>a</g>b')).toBe('a\nb');
  expect(readSvgText('<svg><text>a<')).toBe('a');
  expect(readSvgText(svg(`<text>${'word '.repeat(100_000)}</text>`))).toHaveLength(maxRenderTextLength);
});

it('takes time proportional to the length', () => {
  const startedAt = performance.now();
  readSvgText('<text>'.repeat(300_000));
  readSvgText(`<svg>${'</'.repeat(1_000_000)}`);
  readSvgText('<text>'.repeat(300_000) + '</g>'.repeat(300_000));
  readSvgText(`<text display=${' '.repeat(2_000_000)}>`);
  readSvgText(`<text display=${' '.repeat(1980)}>`.repeat(1000));
  expect(performance.now() - startedAt).toBeLessThan(5000);
});
