import { expect, it } from 'vitest';
import type { FlawKind } from '@pentimento/contracts';
import { changesOf } from '../testing/changes.ts';
import { samples } from '../testing/samples.ts';
import { mermaid } from './mermaid.ts';

const changes = (kind: FlawKind, code = samples['mermaid']!) => changesOf(mermaid, code, kind);
const sequence =
  'sequenceDiagram\n  participant A as Reader\n  A->>B: Ask for it\n  loop daily\n    B->>A: Remind\n  end\n';
const plan =
  'gantt\n  title Garden\n  dateFormat YYYY-MM-DD\n  section Soil\n  Clear beds :a1, 2026-03-01, 12d\n  Sow :a2, after a1, 5d\n';
const pie = 'pie title Visitors\n  "Norway" : 320\n  "Others" : 85\n';
const states = 'stateDiagram-v2\n  [*] --> Open\n  Open --> Closed : shut\n';
const chart = 'xychart-beta\n  title "Rain"\n  x-axis [Jan, Feb]\n  bar [62, 48]\n';

it('changes colors of styles and themes', () => {
  expect(changes('wrong-color')).toContain('#cfe8ef -> #d62728');
  expect(changes('wrong-color', `%%{init: {"theme": "forest"}}%%\n${samples['mermaid']}`)).toContain('forest -> dark');
});

it.each([
  [samples['mermaid']!, ['Order placed', 'In stock', 'yes', 'Pack 2 parcels', 'Ship it']],
  [sequence, ['Reader', 'Ask for it', 'daily', 'Remind']],
  [plan, ['Garden', 'Soil', 'Clear beds', 'Sow']],
  [pie, ['Visitors', 'Norway', 'Others']],
  [states, ['shut']],
  [chart, ['Rain', 'Jan', 'Feb']],
  ['mindmap\n  root((Middle))\n    One idea\n', ['Middle', 'One idea']],
  ['timeline\n  title History\n  2002 : First boat\n', ['History', 'First boat']],
  [
    'classDiagram\n  class A {\n    +String name\n    +sail()\n  }\n  A --> B : uses\n',
    ['String name', 'sail', 'uses'],
  ],
])('changes the text of %j', (code, texts) => {
  const changed = changes('wrong-label', code).map((change) => change.split(' -> ')[0]);
  expect([...new Set(changed)]).toEqual(texts);
});

it('changes numbers of data, and none of ids and styles', () => {
  expect(changes('wrong-number', pie)).toEqual(expect.arrayContaining(['320 -> 480', '85 -> 58']));
  expect(changes('wrong-number', chart)).toContain('62 -> 31');
  expect(changes('wrong-number')).toEqual(['2 -> 3', '2 -> 1']);
  expect(changes('wrong-number', 'flowchart LR\n  A1 --> B2\n')).toEqual([]);
});

it('takes lines out, and none that open or close a block or style', () => {
  expect(changes('missing-element')).toContain('  C --> D[Ship it]\n -> ');
  const lines = changes('missing-element', sequence);
  expect(lines).toContain('    B->>A: Remind\n -> ');
  expect(lines.some((line) => /loop|end/.test(line))).toBe(false);
  expect(changes('missing-element', 'pie\n  "a" : 1\n  "b" : 2')).toContain('\n  "b" : 2 -> ');
});

it.each([
  [samples['mermaid']!, ' -> \n  C --> extraStep[Extra step]'],
  [sequence, ' -> \n  A->>B: Another call'],
  [plan, ' -> \n  Extra task : 6d'],
  [pie, ' -> \n  "Extra" : 320'],
  [states, ' -> \n  Open --> ExtraState'],
  [chart, ' -> \n  line [31, 24]'],
  ['classDiagram\n  Animal <|-- Duck\n', ' -> \n  Animal --> ExtraPart'],
  ['erDiagram\n  A ||--o{ B : has\n', ' -> \n  A ||--o{ EXTRA : has'],
])('adds a line to %j', (code, expected) => {
  expect(changes('extra-element', code)).toContain(expected);
});

it('turns the direction, swaps lines, leads edges elsewhere and moves dates', () => {
  expect(changes('shifted-part')).toEqual(expect.arrayContaining(['LR -> TB', 'LR -> RL']));
  expect(changes('shifted-part', 'flowchart TD\n  A --> B\n  B --> C\n')).toEqual(
    expect.arrayContaining(['TD -> LR', 'A --> B\n  B --> C -> B --> C\n  A --> B', 'C -> A']),
  );
  expect(changes('shifted-part', plan)).toContain('03 -> 04');
  expect(changes('shifted-part', pie)).toEqual([]);
});

it('resizes strokes, fonts and durations', () => {
  expect(changes('resized-part')).toEqual(expect.arrayContaining(['2 -> 4', ' -> \n  style A font-size:28px']));
  expect(changes('resized-part', plan)).toContain('12 -> 24');
});

it('breaks the keyword, brackets, quotes and blocks', () => {
  expect(changes('broken-syntax')).toEqual(expect.arrayContaining(['flowchart -> flowcha', '] -> ', '} -> ']));
  expect(changes('broken-syntax', sequence)).toContain('end -> ');
  expect(changes('broken-syntax', pie)).toContain('" -> ');
});

it('uses wrong arrows and keywords, and knows those of each type', () => {
  expect(changes('wrong-call')).toContain('--> -> -.->');
  expect(changes('wrong-call', sequence)).toEqual(expect.arrayContaining(['->> -> -->>', 'participant  -> actor ']));
  expect(changes('wrong-call', chart)).toContain('bar  -> line ');
  expect(changes('wrong-call', 'block-beta\n  a b c\n')).toEqual([]);
});

it('reads front matter and comments as no part of the diagram', () => {
  const code = '---\ntitle: Steps\n---\n%% a comment\nflowchart LR\n  %% another\n  A[Start] --> B[End]\n';
  expect(changes('missing-element', code)).toEqual(['  A[Start] --> B[End]\n -> ']);
});
