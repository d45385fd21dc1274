import { describe, expect, it } from 'vitest';
import { readSource } from './source.ts';

const flow = 'flowchart LR\n  a --> b';

describe('the code of a diagram', () => {
  it.each([
    ['an info word', `mermaid\n${flow}`],
    ['a fence', `\`\`\`mermaid\n${flow}\n\`\`\``],
    ['a fence and the word within it', `\`\`\`\nmermaid\n${flow}\n\`\`\`\n`],
    ['blank lines and a byte order mark', `\uFEFF\n\n${flow}`],
    ['the indentation of a page', `\n    flowchart LR\n      a --> b`],
  ])('is read without %s', (_, code) => {
    expect(readSource(code).code.trim()).toBe(flow);
  });

  it('keeps its own indentation, which has a meaning', () => {
    expect(readSource('mindmap\n  a\n    b').code).toBe('mindmap\n  a\n    b');
  });

  it('ends where the next diagram begins, front matter included', () => {
    expect(readSource(`${flow}\n\npie\n "x": 1`).first?.trim()).toBe(flow);
    expect(readSource(`${flow}\n---\ntitle: x\n---\npie\n "x": 1`).first?.trim()).toBe(flow);
    expect(readSource(`\`\`\`mermaid\n${flow}\n\`\`\`\ntext\n\`\`\`mermaid\npie\n\`\`\``).first?.trim()).toBe(flow);
    expect(readSource(flow).first).toBeNull();
  });

  it.each([
    ['a word', 'Origins\n ::icon(fa fa-book)', 'fa:fa-book Origins'],
    ['a shape', 'id((Origins))\n ::icon(fa-solid fa-book)', 'id((fas:fa-book Origins))'],
    ['a quoted text', 'id["`Origins`"]\n ::icon(fab fa-github)', 'id["`fab:fa-github Origins`"]'],
    ['a bang', 'id))Origins((\n ::icon(far fa-star)', 'id))far:fa-star Origins(('],
  ])("puts a mind map's icon before the words of %s", (_, written, read) => {
    expect(readSource(`mindmap\n${written}`)).toMatchObject({ code: `mindmap\n${read}`, notes: [] });
  });

  it('says what is ignored', () => {
    const notes = (code: string): string[] => readSource(code).notes;
    expect(notes('mindmap\n a\n ::icon(mdi mdi-fire)')).toEqual([expect.stringContaining('mdi mdi-fire')]);
    expect(notes(`%%{init: {"securityLevel": "loose"}}%%\n${flow}`)).toEqual([
      expect.stringContaining('securityLevel'),
    ]);
    expect(notes(`---\nconfig:\n  layout: elk\n---\n${flow}`)).toEqual([expect.stringContaining('layout elk')]);
    expect(notes(`${flow}[securityLevel: one]`)).toEqual([]);
  });
});
