/**
 * Policies at equal numbers of model calls, by a simulated model with stated error rates: node bench/policies.ts [CALLS] [SEEDS]
 *
 * Patches against the target alone against no feedback, edits against rewrites, and the search strategies, over the examples as they are
 * rendered and scored by the project's own loop; the built-in model beside them. It is a simulation (policies/simulated-model.ts): it says
 * what a policy makes of errors of these rates. Intervals are 95 % of the mean over examples and seeds.
 */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { refine, searchStrategies } from '../libs/agent/src/index.ts';
import { scriptedJob, scriptedPorts } from '../libs/agent/src/testing/scripted-ports.ts';
import type { Box, Size } from '../libs/contracts/src/index.ts';
import { fitWithin, RegionCropper } from '../libs/imaging/src/index.ts';
import { createModels } from '../libs/models/src/index.ts';
import { createRenderService } from '../libs/render/src/index.ts';
import { languages } from '../libs/render/src/languages/index.ts';
import { createReward } from '../libs/reward/src/index.ts';
import { rates, simulatedModel, wrongIn, type KnownCode, type Value } from './policies/simulated-model.ts';
import { Random } from './ranking/random.ts';
import { mean } from './ranking/statistics.ts';
import { changedPixels, editableValues, renderCode, withDefect } from './refinements.ts';

const calls = Number(process.argv[2] ?? 12);
const seeds = Number(process.argv[3] ?? 3);
/** Values of one example that can be wrong at most. */
const maxValues = 24;

const policies: { name: string; model?: 'builtin'; policy: object }[] = [
  { name: 'drafts alone', policy: { strategy: 'best-of-n', candidates: Math.min(16, calls) } },
  { name: 'target and code, one image', policy: { promptSet: 'vincicoder' } },
  { name: 'patches, edits', policy: {} },
  { name: 'patches, rewrites', policy: { rewriteBelow: 1 } },
  { name: 'patches, groups of 3', policy: { candidates: 3 } },
  { name: 'beam, 3 wide', policy: { strategy: 'beam', width: 3 } },
  { name: 'tree', policy: { strategy: 'tree' } },
  { name: 'recombine, groups of 3', policy: { strategy: 'recombine', candidates: 3 } },
  { name: 'built-in model, patches', model: 'builtin', policy: {} },
];

interface Target extends KnownCode {
  id: string;
  image: Uint8Array;
  size: Size;
}

const signal = new AbortController().signal;
const renderers = createRenderService();
const reward = createReward();
const cropper = new RegionCropper();

const render = (language: string, code: string, size: Size) => renderCode(renderers, language, code, size);

/** The box of the pixels that differ; null where none do, or the sizes differ. */
async function changedBox(before: Uint8Array, after: Uint8Array, { width }: Size): Promise<Box | null> {
  const changed = await changedPixels(before, after);
  if (!changed || changed.size === 0) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
  for (const pixel of changed) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** The examples that render here and whose code has values that show. */
async function targets(): Promise<Target[]> {
  const folder = new URL('../examples/', import.meta.url);
  const examples = JSON.parse(await readFile(new URL('examples.json', folder), 'utf8')) as {
    id: string;
    file: string;
    language: string;
    code: string;
  }[];
  const found: Target[] = [];
  for (const { id, file, language, code: codeFile } of examples) {
    const code = await readFile(new URL(codeFile, folder), 'utf8');
    const { width, height } = await sharp(await readFile(new URL(file, folder))).metadata();
    const size = { width, height };
    const image = language === 'smiles' ? null : await render(language, code, size);
    const fenceName = languages.find((known) => known.id === language)!.fenceNames[0];
    const values = image ? await valuesOf({ language, code, size, image }) : [];
    if (image && values.length >= 4) found.push({ id, language, fenceName, code, size, image, values });
  }
  return found;
}

async function valuesOf({
  language,
  code,
  size,
  image,
}: Pick<Target, 'language' | 'code' | 'size' | 'image'>): Promise<Value[]> {
  const random = new Random(code.length);
  const count = [...code.matchAll(editableValues)].length;
  const values: Value[] = [];
  for (const index of random.shuffled(Array.from({ length: count }, (_, at) => at))) {
    if (values.length === maxValues) break;
    const other = withDefect(code, index, random);
    const wrong = other === null ? undefined : [...other.matchAll(editableValues)][index]?.[0];
    const shown = other && wrong && (await render(language, other, size));
    const box = shown ? await changedBox(image, shown, size) : null;
    if (wrong && box) values.push({ index, wrong, box });
  }
  return values;
}

/** The share of values that are wrong in the best code, and its score. */
async function run(target: Target, { policy, model }: (typeof policies)[number], seed: number) {
  const memory = scriptedPorts(() => undefined);
  const image = await memory.put(target.image);
  const { candidates = 1 } = policy as { candidates?: number };
  const limits = { maxIterations: Math.max(1, Math.floor(calls / candidates)), patience: 200, threshold: 1, seed };
  const job = await scriptedJob(memory, { policy: { rewriteBelow: 0, ...limits, ...policy } });
  const language = languages.find(({ id }) => id === target.language)!;
  const builtin = createModels({ environment: {}, languages, blobs: memory.ports.blobs });
  const ports = {
    ...memory.ports,
    model: model ? builtin : simulatedModel(target, new Random(seed * 7919 + target.code.length)),
    ...{ render: renderers, reward },
    images: { fit: fitWithin, crops: cropper.crops.bind(cropper) },
  };
  const named = { ...job, language, ...(model && { model: 'builtin/vectorizer' }) };
  const shown = { ...named, target: { ...job.target, ...target.size, image, original: image } };
  await refine({ job: shown, from: [], trusted: true, strategies: searchStrategies, ports, signal });
  const best = memory.candidates.find(({ id }) => id === memory.iterations.at(-1)?.best?.candidate);
  if (!best) return { wrong: 1, score: 0, calls: memory.calls.length };
  const code = new TextDecoder().decode(await memory.ports.blobs.get(best.code!));
  const wrong = model ? NaN : wrongIn(target, code).size / target.values.length;
  return { wrong, score: best.reward.terms.overall, calls: memory.calls.length };
}

function interval(values: readonly number[]): string {
  const middle = mean(values);
  const deviation = Math.sqrt(
    mean(values.map((value) => (value - middle) ** 2)) * (values.length / (values.length - 1)),
  );
  return `${middle.toFixed(3)} ± ${((1.96 * deviation) / Math.sqrt(values.length)).toFixed(3)}`;
}

try {
  const all = await targets();
  console.log(`${all.length} examples, ${seeds} seeds, ${calls} calls each; rates ${JSON.stringify(rates)}`);
  console.log(`${'policy'.padEnd(30)}values still wrong   overall score     calls`);
  for (const policy of policies) {
    const results = [];
    for (const target of all) for (let seed = 1; seed <= seeds; seed++) results.push(await run(target, policy, seed));
    const wrong = policy.model ? '-' : interval(results.map((result) => result.wrong));
    const score = interval(results.map((result) => result.score));
    console.log(
      `${policy.name.padEnd(30)}${wrong.padEnd(21)}${score.padEnd(18)}${mean(results.map((result) => result.calls)).toFixed(1)}`,
    );
  }
} finally {
  await Promise.all([renderers.close(), reward.close()]);
}
