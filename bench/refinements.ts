/**
 * Refinement sequences of real code: an example's own code with defects, one fewer in each iteration and none in the last, every
 * version rendered by the project's own renderers. The defects hardly share pixels, so that each step is closer to the target by
 * any honest measure.
 */
import { readFile } from 'node:fs/promises';
import type { Language, Size } from '@pentimento/contracts';
import sharp from 'sharp';
import { createRenderService, type RenderService } from '../libs/render/src/index.ts';
import { Random } from './ranking/random.ts';

export interface Refinement {
  name: string;
  /** Whose code it is. */
  example: string;
  language: Language;
  target: Uint8Array;
  /** In the order of the iterations; the last one is the target's own code. */
  renders: Uint8Array[];
}

interface Example {
  id: string;
  file: string;
  language: Language;
  code: string;
}

const folder = new URL('../examples/', import.meta.url);
const noAbort = new AbortController().signal;
/** Most of a fault's pixels that an earlier fault may have changed too. */
const maxShared = 0.05;
/** Most places that are tried before an example is given up. */
const maxTries = 60;

/** Sequences of `iterations` renders, one per example and seed, for the languages that can be rendered here. */
export async function refinements(
  iterations: number,
  seeds: readonly number[],
  languages?: readonly Language[],
): Promise<Refinement[]> {
  const examples = JSON.parse(await readFile(new URL('examples.json', folder), 'utf8')) as Example[];
  const renderers = createRenderService();
  try {
    const states = await renderers.states();
    const drawable = examples.filter(
      ({ language }) =>
        (languages?.includes(language) ?? true) &&
        states.some((state) => state.language === language && state.available && language !== 'smiles'),
    );
    const sequences = await Promise.all(
      drawable.flatMap((example) => seeds.map((seed) => refinementOf(example, seed, iterations, renderers))),
    );
    return sequences.filter((sequence) => sequence !== null);
  } finally {
    await renderers.close();
  }
}

/** Null if too few values in the code change its image. */
async function refinementOf(
  { id, file, language, code: codeFile }: Example,
  seed: number,
  iterations: number,
  renderers: RenderService,
): Promise<Refinement | null> {
  const [targetImage, code] = await Promise.all([
    readFile(new URL(file, folder)),
    readFile(new URL(codeFile, folder), 'utf8'),
  ]);
  const size = await sizeOf(targetImage);
  const renderExample = (text: string) => renderCode(renderers, language, text, size);
  const target = await renderExample(code);
  if (!target) return null;
  const random = new Random(seed * 1000 + id.length);
  const renders = [target];
  let wrong = new Set<number>();
  let faulty = code;
  const count = [...code.matchAll(editableValues)].length;
  for (const match of random.shuffled(Array.from({ length: count }, (_, index) => index)).slice(0, maxTries)) {
    const next = withDefect(faulty, match, random);
    const render = next && (await renderExample(next));
    const changed = render && (await changedPixels(renders.at(-1)!, render));
    if (!changed || changed.size === 0 || shared(changed, wrong) > maxShared) continue;
    wrong = wrong.union(changed);
    renders.push(render);
    faulty = next;
    if (renders.length === iterations)
      return { name: `${id} ${seed}`, example: id, language, target, renders: renders.toReversed() };
  }
  return null;
}

export async function renderCode(
  renderers: RenderService,
  language: Language,
  code: string,
  size: Size,
): Promise<Uint8Array | null> {
  const result = await renderers.render({ language, code, size, trusted: true }, noAbort);
  return result.status === 'ok' ? result.image : null;
}

/** Places of the pixels that differ; null where the sizes do. */
export async function changedPixels(before: Uint8Array, after: Uint8Array): Promise<Set<number> | null> {
  const raw = (png: Uint8Array) => sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [a, b] = await Promise.all([raw(before), raw(after)]);
  if (a.info.width !== b.info.width || a.info.height !== b.info.height) return null;
  const changed = new Set<number>();
  for (let index = 0; index < a.data.length; index++) {
    if (a.data[index] !== b.data[index]) changed.add(Math.floor(index / 3));
  }
  return changed;
}

const shared = (part: Set<number>, whole: Set<number>): number => part.intersection(whole).size / part.size;

async function sizeOf(targetImage: Uint8Array): Promise<Size> {
  const { width, height } = await sharp(targetImage).metadata();
  return { width, height };
}

/** Colors, numbers and labels. A defect replaces one by another of the same kind, so that the rest keep their order. */
export const editableValues = /#[0-9a-f]{6}\b|(?<![\w.#])\d+(?:\.\d+)?(?![\w.]*[\w]*\{)|(?<=["'>{])[A-Z][a-z]{2,}\b/g;

export function withDefect(code: string, match: number, random: Random): string | null {
  const found = [...code.matchAll(editableValues)][match];
  if (!found) return null;
  const [text] = found;
  return code.slice(0, found.index) + otherThan(text, random) + code.slice(found.index + text.length);
}

function otherThan(text: string, random: Random): string {
  if (text.startsWith('#')) return otherColor(text, random);
  return /^\d/.test(text) ? otherNumber(text, random) : otherLetters(text, random);
}

const otherLetters = (word: string, random: Random): string =>
  word.replace(/[a-z]/g, () => String.fromCharCode(random.whole(97, 122)));

function otherColor(color: string, random: Random): string {
  const value = Number.parseInt(color.slice(1), 16) ^ (0x808080 & (random.whole(1, 7) * 0x112233));
  return `#${(value === Number.parseInt(color.slice(1), 16) ? value ^ 0x800080 : value).toString(16).padStart(6, '0')}`;
}

function otherNumber(number: string, random: Random): string {
  const factor = random.pick([0.5, 0.7, 1.3, 1.6]);
  const digits = number.split('.')[1]?.length ?? 0;
  const changed = Number(number) === 0 ? 1 : Number(number) * factor;
  return digits > 0 ? changed.toFixed(digits) : String(Math.max(1, Math.round(changed)));
}
