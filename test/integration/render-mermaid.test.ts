import type { RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const size = { width: 640, height: 480 };
const noAbort = new AbortController().signal;

let renderers: RenderService;
beforeAll(() => {
  renderers = createRenderService({ concurrency: 1, cacheBytes: 0 });
});
afterAll(() => renderers.close());

const render = (code: string, target = size): Promise<RenderResult> =>
  renderers.render({ language: 'mermaid', code, size: target, trusted: false }, noAbort);

async function renderCode(code: string, target = size): Promise<RenderResult & { status: 'ok' }> {
  const result = await render(code, target);
  expect(result).toMatchObject({ status: 'ok' });
  return result as RenderResult & { status: 'ok' };
}

/** Every type of diagram that Mermaid documents, with words that its image shows. */
const diagrams: [name: string, words: string[], code: string][] = [
  [
    'flowchart',
    ['Start', 'two lines', 'Yes'],
    'flowchart TD\n A[Start] -->|Yes| B{one<br/>two lines}\n subgraph s\n B\n end',
  ],
  ['sequence', ['Alice', 'Hello'], 'sequenceDiagram\n Alice->>Bob: Hello\n Note over Alice,Bob: A note'],
  ['class', ['Animal', '+swim()'], 'classDiagram\n Animal <|-- Duck\n class Duck{\n +swim()\n }'],
  ['state', ['Still'], 'stateDiagram-v2\n [*] --> Still\n Still --> Moving'],
  ['entities', ['CUSTOMER', 'places'], 'erDiagram\n CUSTOMER ||--o{ ORDER : places\n CUSTOMER { string name }'],
  ['gantt', ['A task'], 'gantt\n title Plan\n dateFormat YYYY-MM-DD\n section S\n A task :a1, 2024-01-01, 30d'],
  ['pie', ['Dogs', '82%'], 'pie title Pets\n "Dogs" : 386\n "Cats" : 85'],
  ['journey', ['Make tea'], 'journey\n title Day\n section Work\n Make tea: 5: Me'],
  ['git', ['develop'], 'gitGraph\n commit id: "a"\n branch develop\n commit id: "b"'],
  ['mindmap', ['Origins'], 'mindmap\n root((map))\n  Origins\n  Research'],
  ['timeline', ['LinkedIn'], 'timeline\n title History\n 2002 : LinkedIn'],
  ['quadrant', ['Expand'], 'quadrantChart\n x-axis Low --> High\n quadrant-1 Expand\n A: [0.3, 0.6]'],
  ['xy', ['Sales', 'jan'], 'xychart-beta\n title "Sales"\n x-axis [jan, feb]\n bar [50, 60]'],
  ['sankey', ['B 10'], 'sankey-beta\n\nA,B,10\nA,C,5'],
  ['block', ['a', 'd'], 'block-beta\n columns 2\n a b\n c d'],
  ['packet', ['Source'], 'packet-beta\n 0-15: "Source"\n 16-31: "Target"'],
  ['kanban', ['Todo'], 'kanban\n Todo\n  [Write]'],
  ['architecture', ['Database'], 'architecture-beta\n group g(cloud)[API]\n service d(database)[Database] in g'],
  ['C4', ['Customer'], 'C4Context\n Person(a, "Customer")\n System(b, "Bank")\n Rel(a, b, "Uses")'],
  [
    'requirement',
    ['the test.'],
    'requirementDiagram\n requirement r {\n id: 1\n text: the test.\n risk: high\n verifymethod: test\n }',
  ],
  ['radar', ['A', 'C'], 'radar-beta\n axis a["A"], b["B"], c["C"]\n curve x["X"]{1,2,3}'],
  ['treemap', ['Root'], 'treemap-beta\n"Root"\n  "A": 10\n  "B": 20'],
  ['hand-drawn', ['Rough'], '---\nconfig:\n  look: handDrawn\n---\nflowchart LR\n A[Rough]-->B'],
  ['formulas', ['x'], 'flowchart LR\n A["$$x^2$$"]-->B'],
];

describe('a diagram', () => {
  it.each(diagrams)('of type %s is rendered, and its text read', async (_, words, code) => {
    const { text, log, renderer } = await renderCode(code);
    for (const word of words) expect(text).toContain(word);
    expect(log).toBe('');
    expect(renderer).toMatch(/^mermaid-\d+\.\d+\.\d+ chromium-\d/);
  });

  it('fits the target and keeps its proportions', async () => {
    const code = 'flowchart LR\n A-->B-->C';
    const wide = await renderCode(code);
    expect(wide.width).toBe(640);
    expect(wide.height).toBeLessThan(480);
    const narrow = await renderCode(code, { width: 160, height: 480 });
    expect(narrow.width).toBe(160);
    expect(narrow.width / narrow.height).toBeCloseTo(wide.width / wide.height, 0);
    expect(await sharp(wide.image).metadata()).toMatchObject({ width: wide.width, height: wide.height, channels: 3 });
  });

  it('keeps a legible height, however long it is', async () => {
    const chain = Array.from({ length: 40 }, (_, step) => `S${step}[Step ${step}]`).join('-->');
    const { width, height } = await renderCode(`flowchart LR\n ${chain}`);
    expect(height).toBe(60);
    expect(width).toBeGreaterThan(2000);
    expect(width).toBeLessThanOrEqual(8192);
  });

  it('shows the icons of Font Awesome', async () => {
    const [plain, withIcon] = [
      await renderCode('flowchart LR\n A[Car]'),
      await renderCode('flowchart LR\n A[fa:fa-car Car]'),
    ];
    expect(Buffer.compare(plain.image, withIcon.image)).not.toBe(0);
    expect(withIcon.text?.trim()).toBe('Car');
  });

  it('is rendered to the same bytes at any time, hand-drawn or with a date', async () => {
    for (const code of ['---\nconfig:\n  look: handDrawn\n---\nclassDiagram\n A <|-- B', diagrams[5]![2]]) {
      const [first, second] = [await renderCode(code), await renderCode(code)];
      expect(Buffer.compare(first.image, second.image)).toBe(0);
    }
  });
});

describe('an error', () => {
  it("is reported in Mermaid's words, with its line", async () => {
    expect(await render('flowchart TD\n A --> B\n B --> [C')).toMatchObject({
      status: 'failed',
      kind: 'syntax',
      message: expect.stringMatching(/Parse error on line 3:[^]*Expecting/),
    });
  });

  it.each([
    ['unknown type', 'hello world'],
    ['an empty text', ' '],
    ['bad front matter', '---\nconfig: [\n---\nflowchart LR\n A'],
    ['bad grammar of a newer type', 'packet-beta\n 0-: x'],
  ])('about %s is of the kind "syntax"', async (_, code) => {
    expect(await render(code)).toMatchObject({ status: 'failed', kind: 'syntax' });
  });

  it.each([
    ['characters', `flowchart LR\n${' A-->B\n'.repeat(9000)}`],
    ['edges', `flowchart LR\n${' a-->b\n'.repeat(2500)}`],
  ])('about too many %s is of the kind "too-large"', async (_, code) => {
    expect(await render(code)).toMatchObject({ status: 'failed', kind: 'too-large' });
  });
});

describe('code in a label', () => {
  const plain = 'flowchart LR\n A[x]-->B';

  it.each([
    ['script', 'flowchart LR\n A["<script>document.body.remove()</script>x"]-->B'],
    ['handlers', 'flowchart LR\n A["<img src=x onerror=document.body.remove()>x"]-->B'],
    ['links', `${plain}\n click A href "javascript:document.body.remove()"`],
    ['callbacks', `${plain}\n click A call alert()`],
    ['a lower security level', `%%{init: {"securityLevel":"loose","secure":[]}}%%\n${plain}\n click A call alert()`],
  ])('does not run: %s', async (_, code) => {
    expect((await renderCode(code)).text).toContain('B');
  });

  it('reaches no network', async () => {
    const { log } = await renderCode('flowchart LR\n A["<img src=\'https://example.com/x.png\'>x"]');
    expect(log).toContain('refused: https://example.com/x.png');
  });

  it('does not become part of the page, even if it closes elements', async () => {
    const { text } = await renderCode('flowchart LR\n A["`</script></div> ${1} \\\\ quoted`"]-->B');
    expect(text).toContain('B');
  });
});
