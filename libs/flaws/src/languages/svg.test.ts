import { expect, it } from 'vitest';
import type { FlawKind } from '@pentimento/contracts';
import { changesOf } from '../testing/changes.ts';
import { samples } from '../testing/samples.ts';
import { svg } from './svg.ts';

const changes = (kind: FlawKind, code = samples['svg']!) => changesOf(svg, code, kind);

it('changes colors of attributes and of style sheets, and no references', () => {
  expect(changes('wrong-color')).toContain('#3d7ea6 -> #d62728');
  const styled = '<svg><style>.a{fill:red;stroke:url(#g)}</style><path class="a" fill="none" stroke="url(#g)"/></svg>';
  expect(changes('wrong-color', styled)).toContain('red -> blue');
  expect(changes('wrong-color', styled).every((change) => change.startsWith('red'))).toBe(true);
});

it('changes words and numbers that are shown', () => {
  expect(changes('wrong-label')).toEqual([
    'Sales 2026 -> Saels 2026',
    'Sales 2026 -> Saes 2026',
    'Sales 2026 -> Value 2026',
  ]);
  expect(changes('wrong-number')).toEqual(['2026 -> 3039', '2026 -> 1013', '2026 -> 3026']);
  expect(changes('wrong-label', '<svg><title>Sales</title><text>&amp;</text></svg>')).toEqual([]);
});

it('changes single numbers of paths and points', () => {
  const numbers = changes('wrong-number', '<svg><path d="M 10 20"/><polygon points="1.5,2 3,4"/></svg>');
  expect(numbers).toEqual(expect.arrayContaining(['10 -> 15', '20 -> 10', '1.5 -> 2.3', '4 -> 6']));
});

it('takes elements out with their line, and puts moved copies behind them', () => {
  const rect = '<rect x="10" y="5" width="30" height="20" fill="#3d7ea6"/>';
  expect(changes('missing-element')).toContain(`\n  ${rect} -> `);
  expect(changes('extra-element')).toContain(` -> <g transform="translate(8 0)">${rect}</g>`);
  expect(changes('missing-element', `<svg>${rect}${rect}</svg>`)).toEqual([`${rect} -> `, `${rect} -> `]);
});

it('gives copies no id', () => {
  expect(changes('extra-element', '<svg><path id="a" d="M0 0"/></svg>')[0]).toContain('<path d="M0 0"/>');
});

it('moves by shares of the coordinates, and what has no position by a transform', () => {
  expect(changes('shifted-part')).toEqual(expect.arrayContaining(['10 -> 18', '5 -> 9']));
  const path = '<svg viewBox="0 0 200 100"><path d="M0 0h9"/></svg>';
  expect(changes('shifted-part', path)).toContain(' ->  transform="translate(16 0)"');
});

it('resizes', () => {
  expect(changes('resized-part')).toEqual(expect.arrayContaining(['30 -> 45', '20 -> 12', '8 -> 16']));
});

it('breaks tags, quotes and the root', () => {
  expect(changes('broken-syntax')).toEqual(expect.arrayContaining(['/> -> ', '" -> ', '</text> -> ', '< -> ']));
});

it('uses wrong elements, with both of their tags, and wrong attributes', () => {
  const wrong = changes('wrong-call', '<svg><text x="1">a</text></svg>');
  expect(wrong).toEqual(expect.arrayContaining(['<text x="1">a</text> -> <label x="1">a</label>', 'x -> left']));
});
