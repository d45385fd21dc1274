import { languages } from '@pentimento/render/languages';
import { expect, it } from 'vitest';
import { describeRenderer, type RendererSamples } from './renderer-contract.ts';
import { createRenderer } from './toy-language/renderer.ts';

const blurred = Array.from(
  { length: 300 },
  (_, index) => `<circle cx="${index}" cy="${index % 240}" r="99" fill="teal" filter="url(#b)"/>`,
).join('');

const samples: Record<string, RendererSamples> = {
  html: {
    good: '<h1>Good</h1><script>document.body.append(Math.random())</script>',
    failing: { code: '<script>document.body.append(missing)</script>', kind: 'empty' },
    slow: { code: '<script>for (;;);</script>', deadlineMs: 700 },
    without: 'chromium',
  },
  latex: {
    good: String.raw`\begin{tikzpicture}\fill[teal] (0,0) circle (1);\end{tikzpicture}`,
    failing: { code: String.raw`\begin{tikzpicture}\nothing\end{tikzpicture}`, kind: 'syntax' },
    slow: { code: String.raw`\loop\iftrue\repeat`, deadlineMs: 700 },
    without: 'programs',
  },
  mermaid: {
    good: 'flowchart LR\n a --> b',
    failing: { code: 'flowchart LR\n a --> [', kind: 'syntax' },
    slow: {
      code: `flowchart LR\n${Array.from({ length: 900 }, (_, at) => `a${at} --> b${at % 30}`).join('\n')}`,
      deadlineMs: 50,
    },
    without: 'chromium',
  },
  python: {
    good: "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.savefig('x.png')",
    failing: { code: 'undefined_name', kind: 'runtime' },
    slow: { code: 'while True: pass', deadlineMs: 700 },
    without: 'python',
  },
  smiles: {
    good: 'CC(=O)Oc1ccccc1C(=O)O',
    failing: { code: 'C1CC', kind: 'syntax' },
    slow: { code: 'C'.repeat(480), deadlineMs: 1 },
    without: 'python',
  },
  svg: {
    good: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3" fill="teal"/></svg>',
    failing: { code: 'There is none.', kind: 'syntax' },
    slow: {
      code: `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><filter id="b"><feGaussianBlur stdDeviation="20"/></filter>${blurred}</svg>`,
      deadlineMs: 50,
    },
    without: null,
  },
};

for (const { id, loadRenderer } of languages) {
  describeRenderer(id, (await loadRenderer()).createRenderer, samples[id]!);
}

describeRenderer('a toy language', createRenderer, {
  good: '#008080 10 10 100 50\n#ff0000 5 5 20 20',
  failing: { code: '#008080 10 10 100 50\nteal', kind: 'syntax' },
  slow: { code: 'forever', deadlineMs: 300 },
  without: 'programs',
});

it('has samples for each language, and no others', () => {
  expect(Object.keys(samples).sort()).toEqual(languages.map(({ id }) => id).sort());
});
