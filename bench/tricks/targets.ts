/** Targets with honest renders of each: its own code with one flaw, as a model that draws makes them. */
import { readFile } from 'node:fs/promises';
import type { FlawKind, Language, Size } from '../../libs/contracts/src/index.ts';
import { synthesizeFlaws } from '../../libs/flaws/src/index.ts';
import type { RenderService } from '../../libs/render/src/index.ts';
import type { Reward } from '../../libs/reward/src/index.ts';
import { svgOf } from '../ranking/scene.ts';
import { sceneOf } from '../ranking/scenes.ts';

interface HonestRender {
  /** What is wrong in it. */
  flaw: string;
  image: Uint8Array;
}

export interface Target {
  name: string;
  /** Whether nothing is chosen by it. */
  held: boolean;
  image: Uint8Array;
  honest: HonestRender[];
}

interface Source {
  name: string;
  language: Language;
  code: string;
  size: Size;
}

export interface Ports {
  renderers: RenderService;
  reward: Reward;
}

const kinds: readonly FlawKind[] = ['missing-element', 'wrong-label', 'shifted-part'];
/** Of each kind, for each target. */
const flawsOfKind = 3;
const size: Size = { width: 800, height: 600 };
const signal = new AbortController().signal;

/** Every second one is held out. */
const files: readonly { file: string; language: Language }[] = [
  { file: 'grouped-bars.py', language: 'python' },
  { file: 'heatmap.py', language: 'python' },
  { file: 'pricing-page.html', language: 'html' },
  { file: 'code/sign-up.html', language: 'html' },
  { file: 'isometric.svg', language: 'svg' },
  { file: 'badge.svg', language: 'svg' },
  { file: 'pgfplot.tex', language: 'latex' },
  { file: 'log-scatter.py', language: 'python' },
  { file: 'code/network.svg', language: 'svg' },
];
const sceneCount = 3;

export async function* allTargets(ports: Ports): AsyncGenerator<Target> {
  for (const [index, source] of (await allSources()).entries()) {
    const image = await render(source, source.code, ports);
    if (!image) throw new Error(`${source.name} does not render.`);
    yield { name: source.name, held: index % 2 === 1, image, honest: await honestRenders(source, ports) };
  }
}

async function allSources(): Promise<Source[]> {
  const examples = files.map(async ({ file, language }) => ({
    name: file.replace(/^.*\/|\.\w+$/g, ''),
    language,
    code: await readFile(new URL(`../../examples/${file}`, import.meta.url), 'utf8'),
    size,
  }));
  const scenes = Array.from({ length: sceneCount }, (_, seed): Source => {
    const scene = sceneOf(seed);
    const { width, height } = scene;
    return { name: `scene-${seed}`, language: 'svg', code: svgOf(scene), size: { width, height } };
  });
  return [...(await Promise.all(examples)), ...scenes];
}

async function honestRenders(source: Source, ports: Ports): Promise<HonestRender[]> {
  const honest: HonestRender[] = [];
  const blobs = { put: () => Promise.resolve('0'.repeat(64)) };
  for (const kind of kinds) {
    const request = { count: flawsOfKind, seed: 5, kinds: [kind] };
    for await (const result of synthesizeFlaws(
      source,
      request,
      { render: ports.renderers, reward: ports.reward, blobs },
      signal,
    )) {
      if (!('pair' in result)) continue;
      const { description, edit } = result.pair;
      const image = await render(
        source,
        source.code.replace(edit.search, () => edit.replace),
        ports,
      );
      if (image) honest.push({ flaw: `${kind}: ${description}`, image });
    }
  }
  return honest;
}

async function render({ language, size }: Source, code: string, { renderers }: Ports): Promise<Uint8Array | null> {
  const result = await renderers.render({ language, code, size, trusted: true }, signal);
  return result.status === 'ok' ? result.image : null;
}
