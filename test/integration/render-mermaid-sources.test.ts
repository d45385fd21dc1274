import type { RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let renderers: RenderService;
beforeAll(() => {
  renderers = createRenderService({ concurrency: 1, cacheBytes: 0 });
});
afterAll(() => renderers.close());

const size = { width: 400, height: 300 };
const render = (code: string): Promise<RenderResult> =>
  renderers.render({ language: 'mermaid', code, size, trusted: false }, new AbortController().signal);

async function renderCode(code: string): Promise<RenderResult & { status: 'ok' }> {
  const result = await render(code);
  expect(result).toMatchObject({ status: 'ok' });
  return result as RenderResult & { status: 'ok' };
}

/** The columns of the image that have dark pixels: those of labels, and of no frame. */
async function darkColumns(image: Uint8Array): Promise<number[]> {
  const { data, info } = await sharp(image).grayscale().raw().toBuffer({ resolveWithObject: true });
  const columns = Array.from({ length: info.width }, () => 0);
  for (let at = 0; at < data.length; at++) if (data[at]! < 100) columns[at % info.width]!++;
  return columns.flatMap((count, x) => (count > 0 ? [x] : []));
}

describe('what surrounds a diagram', () => {
  const flow = 'flowchart LR\n  one --> two';
  it.each([
    ['an info word in the first line', `mermaid\n${flow}`],
    ['a fence', `\`\`\`mermaid\n${flow}\n\`\`\``],
    ['the indentation of a page', `\n      flowchart LR\n        one --> two\n  `],
  ])('is not part of it: %s', async (_, code) => {
    const [plain, surrounded] = [await renderCode(flow), await renderCode(code)];
    expect(Buffer.compare(plain.image, surrounded.image)).toBe(0);
    expect(surrounded.log).toBe('');
  });

  it('may be front matter that is indented with it', async () => {
    const { text } = await renderCode(`\n    ---\n    title: A title\n    ---\n    ${flow.replace('\n', '\n    ')}`);
    expect(text).toContain('A title');
  });

  it('may be another diagram: the first is drawn, and the log says so', async () => {
    const { text, log } = await renderCode(`${flow}\n\nsequenceDiagram\n  Ann->>Ben: three`);
    expect(text).toContain('two');
    expect(text).not.toContain('three');
    expect(log).toBe('The code has several diagrams: only the first one is drawn.');
  });

  it('may name it for readers of the page', async () => {
    expect((await renderCode(`flowchart LR\n accTitle: T\n accDescr: D\n one --> two`)).log).toBe('');
  });
});

describe('an icon', () => {
  it('is there when its label is measured', async () => {
    const { image, width } = await renderCode('flowchart LR\n A[fa:fa-truck Truck]');
    const columns = await darkColumns(image);
    const [left, right] = [columns[0]!, width - 1 - columns.at(-1)!];
    expect(Math.abs(left - right)).toBeLessThanOrEqual(8);
  });

  it('of a mind map is drawn', async () => {
    const code = 'mindmap\n  root((Trip))\n    Train\n';
    const [plain, withIcon] = [await renderCode(code), await renderCode(`${code}      ::icon(fa fa-train)\n`)];
    expect(withIcon.log).toBe('');
    expect(withIcon.text?.match(/\w+/g)).toEqual(plain.text?.match(/\w+/g));
    expect(Buffer.compare(plain.image, withIcon.image)).not.toBe(0);
  });

  it.each([
    [
      'of no pack',
      'flowchart LR\n A@{ icon: "logos:go", label: "x" }',
      'question marks, since no icon packs are installed: 1.',
    ],
    ['of an unknown name', 'flowchart LR\n A[fa:fa-nonesuch x]', 'Font Awesome has no such icons: fa fa-nonesuch.'],
    ['of a mind map, from elsewhere', 'mindmap\n a\n  ::icon(mdi mdi-fire)', 'mdi mdi-fire'],
  ])('that is unknown is said: %s', async (_, code, note) => {
    expect((await renderCode(code)).log).toContain(note);
  });
});

describe('a setting', () => {
  it.each([
    ['security', '%%{init: {"securityLevel": "loose"}}%%\nflowchart LR\n A', 'ignored: securityLevel.'],
    ['a layout', '---\nconfig:\n  layout: elk\n---\nflowchart LR\n A', 'The layout elk is not installed'],
    [
      'a font',
      '%%{init: {"fontFamily": "Nonesuch Sans"}}%%\nflowchart LR\n A',
      'The font Nonesuch Sans is not installed',
    ],
  ])('that has no effect is said: %s', async (_, code, note) => {
    expect((await renderCode(code)).log).toContain(note);
  });

  it('that has an effect is not', async () => {
    const code =
      '%%{init: {"theme": "forest", "fontFamily": "DejaVu Sans"}}%%\nflowchart LR\n A[x &#x1F680; 🚀 <b>y</b>]';
    expect((await renderCode(code)).log).toBe('');
  });
});

/** Every kind of mistake that has advice, each with the lines that the message advises. */
const mistakes: [kind: string, code: string][] = [
  ['parentheses in a label', 'flowchart TD\n A[Open (first)] --> B[Close (last)]'],
  ['brackets in a label', 'flowchart TD\n A[cell[0]] --> B'],
  ['braces in a label', 'flowchart TD\n A(set {1, 2}) --> B'],
  ['a bar in a label', 'flowchart TD\n A[this | that]'],
  ['quotes in a label', 'flowchart TD\n A[the "best" one] --> B'],
  ['quotes in quotes', 'flowchart TD\n A["the "best" one"] --> B'],
  ['parentheses in a choice, a circle and an edge', 'flowchart TD\n A{empty()?} -->|f(x)| B((g(x)))'],
  ['parentheses in the title of a part', 'flowchart TD\n subgraph Part (one)\n A\n end'],
  ['a node that is named as the grammar ends a part', 'flowchart TD\n A --> end'],
  ['a node that is named as a statement', 'flowchart TD\n A --> style'],
  ['a short arrow', 'flowchart TD\n A[x] -> B[y]'],
  ['a semicolon in a message', 'sequenceDiagram\n A->>B: one; two'],
  ['a participant that is named as the grammar ends a block', 'sequenceDiagram\n participant end\n A->>end: x'],
  ['names and labels of several words', 'erDiagram\n Big Order ||--o{ Line Item : is made of'],
  ['names of slices without quotes', 'pie\n Cats : 3\n Dogs : 4'],
  ['signs in the name of a point', 'quadrantChart\n Plan (new): [0.3, 0.6]'],
  ['signs in the title of a chart', 'xychart-beta\n title Sales (net)\n x-axis [a, b]\n bar [1, 2]'],
];

describe('advice', () => {
  it.each(mistakes)('is given for %s, and what it says draws', async (_, code) => {
    const failure = await render(code);
    expect(failure).toMatchObject({ status: 'failed', kind: 'syntax' });
    const { message } = failure as RenderResult & { status: 'failed' };
    const lines = code.split('\n');
    const advised = [...message.matchAll(/^Line (\d+): (.*)$/gm)];
    expect(advised).not.toHaveLength(0);
    for (const [, line, text] of advised) lines[Number(line) - 1] = text!;
    await renderCode(lines.join('\n'));
  });

  it('names the kind of diagram that the code lacks', async () => {
    const { message } = (await render('A --> B')) as RenderResult & { status: 'failed' };
    const first = /The first line must name the kind of diagram: (.*)/.exec(message)?.[1];
    await renderCode(`${first}\nA --> B`);
  });

  it('names what there is in place of a plug-in', async () => {
    expect(await render('zenuml\n A.call()')).toMatchObject({
      message: expect.stringContaining('write a sequenceDiagram'),
    });
  });

  it('is left out where it does not help', async () => {
    const { message } = (await render('flowchart TD\n A[f(x)] --> B\n [')) as RenderResult & { status: 'failed' };
    expect(message).not.toContain('Line 2');
  });

  it("has the code's own lines, and so has the parser", async () => {
    const code = '---\ntitle: x\n---\n%% a comment\nflowchart TD\n A[f(x)]';
    expect(await render(code)).toMatchObject({ message: expect.stringMatching(/Line 6:[^]*Parse error on line 6:/) });
  });
});
