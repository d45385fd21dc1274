import { expect, it } from 'vitest';
import type { FlawKind } from '@pentimento/contracts';
import { changesOf } from '../testing/changes.ts';
import { samples } from '../testing/samples.ts';
import { html } from './html.ts';

const changes = (kind: FlawKind, code = samples['html']!) => changesOf(html, code, kind);
const page = (body: string) => `<!doctype html><html><head><title>No label</title></head><body>${body}</body></html>`;

it('changes colors of style sheets, style attributes, old attributes and classes', () => {
  expect(changes('wrong-color')).toContain('#ffffff -> #d62728');
  expect(changes('wrong-color', page('<p style="color: navy">a</p>'))).toContain('navy -> red');
  expect(changes('wrong-color', page('<p style="border: 1px solid #111">a</p>'))).toContain('#111 -> #1f77b4');
  expect(changes('wrong-color', page('<td bgcolor="#ffffff">a</td>'))).toContain('#ffffff -> #1f77b4');
  expect(changes('wrong-color', page('<p class="p-4 bg-red-500">a</p>'))).toContain('red -> blue');
});

it('changes text that is shown, and no title', () => {
  expect(changes('wrong-label')).toContain('Open orders -> Open oredrs');
  expect(changes('wrong-label', page('<input placeholder="Full name">'))).toContain('Full name -> Flul name');
  expect(changes('wrong-label', page(''))).toEqual([]);
});

it('changes numbers that are shown, of a group of digits the first ones', () => {
  expect(changes('wrong-number')).toContain('37 -> 56');
  expect(changes('wrong-number', page('<b>5,000 images</b>'))).toEqual(['5 -> 8', '5 -> 3', '5 -> 6']);
});

it('changes labels and data in the lists of scripts', () => {
  const chart = page(`<script>draw({ labels: ['North', 'South'], data: [12, 19, 3], name: 'Depth' });</script>`);
  expect(changes('wrong-label', chart)).toContain('North -> Notrh');
  expect(changes('wrong-label', chart).some((change) => change.startsWith('Depth'))).toBe(false);
  expect(changes('wrong-number', chart)).toContain('19 -> 29');
});

it('takes elements out, and repeats them', () => {
  expect(changes('missing-element')).toContain('<h2>Open orders</h2> -> ');
  expect(changes('missing-element').some((change) => /^<(?:body|html|style)/.test(change))).toBe(false);
  expect(changes('extra-element')).toEqual(expect.arrayContaining([' -> <p>37 orders wait.</p>', ' -> <p>Extra</p>']));
  expect(changes('extra-element', page('<ul><li>one\n<li>two</ul>'))).toContain(' -> <li>one');
});

it('moves by margins and alignment, and resizes', () => {
  expect(changes('shifted-part')).toEqual(['12 -> 30', '12 -> 4', '12 -> 36']);
  expect(changes('shifted-part', page('<p style="text-align:center">a</p>'))).toContain('center -> left');
  expect(changes('resized-part')).toEqual(['200 -> 120', '200 -> 300', '200 -> 400']);
});

it('breaks rules, declarations and tags', () => {
  const broken = changes('broken-syntax');
  expect(broken).toEqual(expect.arrayContaining([': -> ', '} -> ', '</h2> -> ', '> -> ', '" -> ']));
});

it('uses wrong properties, elements and attributes', () => {
  const wrong = changes('wrong-call');
  expect(wrong).toEqual(expect.arrayContaining(['background -> background-fill', 'class -> id']));
  expect(wrong).toContain('<h2>Open orders</h2> -> <h5>Open orders</h5>');
});
