/**
 * How well the reward ranks renders: node bench/ranking.ts
 *
 * Scenes are degraded in their code by graded steps; a good measure falls with every step, puts all degradations on one scale,
 * and ranks an unrelated or blank image below a close one. The second half of the scenes is held out: nothing was chosen by it.
 */
import sharp from 'sharp';
import { createRenderService } from '../libs/render/src/index.ts';
import { createReward } from '../libs/reward/src/index.ts';
import { baselinesOf } from './ranking/baselines.ts';
import { degradations, degraded, severities } from './ranking/degradations.ts';
import { svgOf, textOf, type Scene } from './ranking/scene.ts';
import { sceneOf } from './ranking/scenes.ts';
import { areaUnderCurve, mean, spearman } from './ranking/statistics.ts';
import { refinements } from './refinements.ts';

const sceneCount = Number(process.argv[2] ?? 32);
const noAbort = new AbortController().signal;
const renderers = createRenderService();
const reward = createReward();

const measures = ['reward', 'ms-ssim', 'ssim', 'mse'] as const;
type Scores = Record<(typeof measures)[number], number>;
/** Of one render: what was done to its scene, how far, and what each measure says. */
interface Sample {
  degradation: string;
  step: number;
  scores: Scores;
  text: number | null;
}

const rows: { held: boolean; samples: Sample[]; far: Scores[] }[] = [];
for (let seed = 0; seed < sceneCount; seed++) {
  rows.push(await measured(seed));
}

for (const [title, chosen] of [
  ['all scenes', rows],
  ['held-out half', rows.filter(({ held }) => held)],
] as const) {
  console.log(`\n${title}: ${chosen.length}, ${chosen.flatMap(({ samples }) => samples).length} renders`);
  console.log(
    `${''.padEnd(10)}${'within'.padStart(9)}${'pooled'.padStart(9)}${'AUC'.padStart(9)}${'near p10'.padStart(10)}${'far p90'.padStart(9)}`,
  );
  for (const measure of measures) console.log(lineOf(measure, chosen));
}

console.log('\nwithin, by degradation, all scenes');
for (const name of Object.keys(degradations)) {
  const values = measures
    .map((measure) =>
      mean(withinOf(measure, rows, name))
        .toFixed(3)
        .padStart(9),
    )
    .join('');
  const ladder = severities.map((step) =>
    mean(samplesOf(rows, name, step).map(({ scores }) => scores.reward)).toFixed(3),
  );
  console.log(`${name.padEnd(12)}${values}   reward at steps 1 to 5: ${ladder.join(' ')}`);
}

const textSamples = rows.flatMap(({ samples }) => samples.filter(({ degradation }) => degradation === 'text'));
const texts = severities.map((step) =>
  mean(textSamples.filter((sample) => sample.step === step).map(({ text }) => text ?? Number.NaN)).toFixed(3),
);
console.log(`\nwrong text of the same length, text term at steps 1 to 5: ${texts.join(' ')}`);

// SVG renders fast; the other languages' examples are in bench/reward.ts.
const sequences = await refinements(6, [1, 2, 3], ['svg']);
console.log(`\n${sequences.length} refinement sequences of six iterations: steps that do not fall`);
const trajectories = await Promise.all(
  sequences.map(({ target, renders }) => Promise.all(renders.map((render) => scoresOf(target, render, null)))),
);
for (const measure of measures) {
  const steps = trajectories.flatMap((scores) =>
    scores.slice(1).map((score, index) => score[measure] - scores[index]![measure]),
  );
  const rising = steps.filter((step) => step >= 0).length;
  console.log(`${measure.padEnd(10)}${rising} of ${steps.length} (${((100 * rising) / steps.length).toFixed(1)} %)`);
}
await Promise.all([renderers.close(), reward.close()]);

async function measured(seed: number) {
  const scene = sceneOf(seed);
  const target = await renderScene(scene);
  const samples: Sample[] = [];
  for (const degradation of Object.keys(degradations)) {
    let previous = target;
    for (const step of severities) {
      const worse = degraded(scene, degradation, step);
      const render = await renderScene(worse);
      // A step that changes nothing in this scene (no text to get wrong) is no step.
      if (Buffer.compare(render, previous) === 0) continue;
      previous = render;
      const { text, ...scores } = await scoresOf(target, render, { target: textOf(scene), render: textOf(worse) });
      samples.push({ degradation, step, scores, text });
    }
  }
  const others = await Promise.all([seed + 1000, seed + 2000].map((other) => renderScene(sceneOf(other))));
  const blank = await sharp({ create: { width: scene.width, height: scene.height, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const far = await Promise.all([...others, blank].map((render) => scoresOf(target, render, null)));
  return { held: seed >= sceneCount / 2, samples, far };
}

async function renderScene(scene: Scene): Promise<Uint8Array> {
  const { width, height } = scene;
  const request = { language: 'svg', code: svgOf(scene), size: { width, height }, trusted: true } as const;
  const result = await renderers.render(request, noAbort);
  if (result.status === 'ok') return result.image;
  throw new Error(`Scene ${scene.seed} does not render: ${result.message}`);
}

async function scoresOf(
  target: Uint8Array,
  render: Uint8Array,
  text: { target: string; render: string } | null,
): Promise<Scores & { text: number | null }> {
  const [{ terms }, { ssim, msSsim, mse }] = await Promise.all([
    reward.score({ target, render, alignment: 1, ...(text && { text }) }, noAbort),
    baselinesOf(target, render),
  ]);
  return { reward: terms.visual, 'ms-ssim': msSsim, ssim, mse, text: terms.text ?? null };
}

function lineOf(measure: keyof Scores, chosen: typeof rows): string {
  const within = mean(Object.keys(degradations).flatMap((name) => withinOf(measure, chosen, name)));
  const pooled = mean(
    chosen.map(({ samples }) =>
      spearman(
        samples.map(({ step }) => -step),
        samples.map(({ scores }) => scores[measure]),
      ),
    ),
  );
  const near = chosen.flatMap(({ samples }) =>
    samples.filter(({ step }) => step <= 3).map(({ scores }) => scores[measure]),
  );
  const far = chosen.flatMap((row) => row.far.map((scores) => scores[measure]));
  const mild = chosen.flatMap(({ samples }) =>
    samples.filter(({ step }) => step === 1).map(({ scores }) => scores[measure]),
  );
  const cells = [within, pooled, areaUnderCurve(near, far)].map((value) => value.toFixed(3).padStart(9)).join('');
  return `${measure.padEnd(10)}${cells}${quantile(mild, 0.1).toFixed(3).padStart(10)}${quantile(far, 0.9).toFixed(3).padStart(9)}`;
}

/** A rank correlation for each scene in which at least three steps differ. */
function withinOf(measure: keyof Scores, chosen: typeof rows, name: string): number[] {
  return chosen.flatMap(({ samples }) => {
    const ladder = samples.filter(({ degradation }) => degradation === name);
    if (ladder.length < 3) return [];
    return [
      spearman(
        ladder.map(({ step }) => -step),
        ladder.map(({ scores }) => scores[measure]),
      ),
    ];
  });
}

function samplesOf(chosen: typeof rows, name: string, step: number): Sample[] {
  return chosen.flatMap(({ samples }) =>
    samples.filter((sample) => sample.degradation === name && sample.step === step),
  );
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;
}
