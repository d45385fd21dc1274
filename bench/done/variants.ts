/**
 * Renders as a model that knows the language makes them: the examples' own code with one flaw, and the same code in another style
 * with nothing missing. Their targets are the renders of the unchanged code.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { synthesizeFlaws } from '../../libs/flaws/src/index.ts';
import type { RewardRecord, Size } from '../../libs/contracts/src/index.ts';
import type { RenderService } from '../../libs/render/src/index.ts';
import { languages } from '../../libs/render/src/languages/index.ts';
import type { Reward } from '../../libs/reward/src/index.ts';

interface Variant {
  /** What was changed, in words. */
  change: string;
  code: string;
  render: Uint8Array;
  reward: RewardRecord;
}

export interface VariedExample {
  /** Name of the code's file without its ending. */
  example: string;
  language: string;
  target: Uint8Array;
  variants: Variant[];
}

const size: Size = { width: 800, height: 600 };
const flaws = { count: 4, seed: 3 };
const kinds = ['wrong-color', 'wrong-label', 'missing-element', 'shifted-part', 'resized-part'] as const;
const signal = new AbortController().signal;

/** Changes of style that leave everything where it is: what is drawn, and that it can be read. */
const restyles: Record<string, readonly { change: string; apply(code: string): string }[]> = {
  python: [
    {
      change: 'another font',
      apply: (code) => `import matplotlib; matplotlib.rcParams['font.family'] = 'Liberation Sans'\n${code}`,
    },
    { change: 'larger text', apply: (code) => `import matplotlib; matplotlib.rcParams['font.size'] = 10.6\n${code}` },
    {
      change: 'thicker lines',
      apply: (code) =>
        `import matplotlib; matplotlib.rcParams.update({'axes.linewidth': 1.2, 'lines.linewidth': 1.8})\n${code}`,
    },
  ],
  html: [
    {
      change: 'another font',
      apply: (code) => code.replace('</style>', '*{font-family:Carlito,sans-serif !important}</style>'),
    },
    { change: 'wider text', apply: (code) => code.replace('</style>', 'body{letter-spacing:.2px}</style>') },
    {
      change: 'lower lines',
      apply: (code) => code.replace('</style>', 'p,li,td{line-height:1.42 !important}</style>'),
    },
  ],
  svg: [
    {
      change: 'another font',
      apply: (code) => code.replaceAll(/font-family="[^"]*"/g, 'font-family="Liberation Sans"'),
    },
    {
      change: 'moved by a pixel',
      apply: (code) => code.replace(/(<svg[^>]*>)([^]*)<\/svg>/, '$1<g transform="translate(1 1)">$2</g></svg>'),
    },
  ],
  latex: [
    {
      change: 'another font',
      apply: (code) =>
        code.replace(
          '\\begin{document}',
          '\\usepackage{lmodern}\\renewcommand{\\familydefault}{\\sfdefault}\\begin{document}',
        ),
    },
    { change: 'a wider border', apply: (code) => code.replace(/border=\d+pt/, 'border=8pt') },
  ],
  mermaid: [
    { change: 'another font', apply: (code) => `%%{init: {"themeVariables": {"fontFamily": "Carlito"}}}%%\n${code}` },
    { change: 'larger text', apply: (code) => `%%{init: {"themeVariables": {"fontSize": "17px"}}}%%\n${code}` },
  ],
};

export async function* variedExamples(ports: {
  renderers: RenderService;
  reward: Reward;
}): AsyncGenerator<VariedExample> {
  for (const folder of ['../../examples/', '../../examples/code/']) {
    const directory = new URL(folder, import.meta.url);
    for (const file of (await readdir(directory)).sort()) {
      const language = languages.find(({ fileExtension }) => `.${fileExtension}` === extname(file));
      if (!language) continue;
      const code = await readFile(new URL(file, directory), 'utf8');
      const example = file.slice(0, -extname(file).length);
      const varied = await variantsOf({ name: example, language: language.id, code }, ports);
      if (varied) yield { example, language: language.id, ...varied };
    }
  }
}

async function variantsOf(
  { name, language, code }: { name: string; language: string; code: string },
  { renderers, reward }: { renderers: RenderService; reward: Reward },
): Promise<{ target: Uint8Array; variants: Variant[] } | null> {
  const render = async (text: string): Promise<Uint8Array | null> => {
    const result = await renderers.render({ language, code: text, size, trusted: true }, signal);
    return result.status === 'ok' ? result.image : null;
  };
  const target = await render(code);
  if (!target) return null;
  const changes = (restyles[language] ?? []).map(({ change, apply }) => ({ change, code: apply(code) }));
  const blobs = { put: () => Promise.resolve('0'.repeat(64)) };
  const source = { name, language, code, size };
  for await (const result of synthesizeFlaws(
    source,
    { ...flaws, kinds },
    { render: renderers, reward, blobs },
    signal,
  )) {
    if (!('pair' in result)) continue;
    const { kind, description, edit } = result.pair;
    changes.push({ change: `${kind}: ${description}`, code: code.replace(edit.search, () => edit.replace) });
  }
  const variants: Variant[] = [];
  for (const { change, code: changed } of changes) {
    const image = changed === code ? null : await render(changed);
    if (image)
      variants.push({
        change,
        code: changed,
        render: image,
        reward: await reward.score({ target, render: image, alignment: 1 }, signal),
      });
  }
  return { target, variants };
}
