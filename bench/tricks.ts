/**
 * Whether the reward can be fooled: node bench/tricks.ts [--sheets FOLDER]
 *
 * Sixteen tricks, which make an image of a target without drawing what it shows, against honest renders that lack a part, have a wrong
 * label or a part in another place. Every second target is held out: the combination of terms was chosen by the others.
 * `--sheets` draws every trick that scores above an honest render of its target by `strict`.
 */
import { parseArgs } from 'node:util';
import { defaultPolicy, reachesThreshold } from '../libs/contracts/src/index.ts';
import { createRenderService } from '../libs/render/src/index.ts';
import { createReward } from '../libs/reward/src/index.ts';
import { mean } from './ranking/statistics.ts';
import { refinements } from './refinements.ts';
import { combinations, figuresOf, quantile, type Measure } from './tricks/figures.ts';
import { allSamples, type Sample } from './tricks/samples.ts';
import { writeSheets } from './tricks/sheets.ts';
import { tricks } from './tricks/tricks.ts';

const { sheets } = parseArgs({ options: { sheets: { type: 'string' } } }).values;
const noAbort = new AbortController().signal;
const renderers = createRenderService();
const reward = createReward();

const terms = ['overall', 'worstTile', 'lowQuantile', 'color', 'shiftTolerant', 'strict'];
const termMeasures = terms.map((term): Measure => ({ name: term, of: (values) => values[term]! }));
const samples = await allSamples({ renderers, reward });
const halves = [
  ['first half', samples.filter(({ held }) => !held)],
  ['held-out half', samples.filter(({ held }) => held)],
] as const;

for (const [title, chosen] of [['all targets', samples], ...halves] as const) {
  const targets = new Set(chosen.map(({ target }) => target)).size;
  console.log(`\n${title}: ${targets}, ${chosen.length} images`);
  for (const measure of termMeasures) console.log(lineOf(measure, chosen));
}

console.log('\nmedian and highest by trick: overall, strict');
for (const { name, kind } of tricks) {
  const values = ['overall', 'strict'].flatMap((term) => {
    const scores = samples.filter((sample) => sample.name === name).map((sample) => sample.terms[term]!);
    return [quantile(scores, 0.5), Math.max(...scores)].map(format);
  });
  console.log(`${name.padEnd(16)} ${kind.padEnd(6)} ${values.join(' ')}`);
}

const alone = { ...defaultPolicy, minimums: {} };
const rules = [{ ...alone, threshold: 0.95 }, alone, defaultPolicy];
console.log('\ntricks that a stop rule calls done');
for (const rule of rules) {
  const passing = samples.filter(
    ({ kind, terms }) =>
      kind !== 'honest' && reachesThreshold({ render: { status: 'ok' }, reward: { terms } } as never, rule),
  );
  const minimums = Object.entries(rule.minimums).map(([term, minimum]) => ` and ${term} >= ${minimum}`);
  const names = passing.map(({ target, name }) => `${name} of ${target}`);
  console.log(
    `${rule.profile} >= ${rule.threshold}${minimums.join('')}: ${passing.length}, e.g. ${names.slice(0, 14).join(', ')}`,
  );
}

console.log('\nbest combinations by the first half (area under the curve, honest against soft tricks), then held out');
const ranked = combinations(['overall', 'worstTile', 'lowQuantile', 'color', 'shiftTolerant'])
  .map((measure) => ({ measure, soft: figuresOf(measure, halves[0][1]).soft.area }))
  .toSorted((a, b) => b.soft - a.soft);
for (const { measure } of ranked.slice(0, 8)) for (const [, half] of halves) console.log(lineOf(measure, half));
const proposed: Measure = { name: 'min(worstTile, color, shiftTolerant)', of: lowest };
for (const [, half] of halves) console.log(lineOf(proposed, half));

// SVG renders fast; the other languages' examples are in bench/reward.ts.
const sequences = await refinements(6, [1, 2, 3], ['svg']);
console.log(`\nsteps that do not fall in ${sequences.length} refinement sequences`);
const records = await Promise.all(
  sequences.map(({ target, renders }) =>
    Promise.all(renders.map((render) => reward.score({ target, render, alignment: 1 }, noAbort))),
  ),
);
for (const term of terms) {
  const steps = records.flatMap((sequence) =>
    sequence.slice(1).map((record, index) => record.terms[term]! - sequence[index]!.terms[term]!),
  );
  console.log(`${term.padEnd(14)} ${steps.filter((step) => step >= 0).length} of ${steps.length}`);
}

if (sheets !== undefined) await writeSheets(sheets, samples);
await Promise.all([renderers.close(), reward.close()]);

function lowest({ worstTile, color, shiftTolerant }: Sample['terms']): number {
  return Math.min(worstTile!, color!, shiftTolerant!);
}

function lineOf(measure: Measure, chosen: readonly Sample[]): string {
  const { honest, cheap, soft } = figuresOf(measure, chosen);
  const parts = [
    `honest ${format(honest)}`,
    `cheap ${format(cheap.median)}, at most ${format(cheap.highest)}, AUC ${format(cheap.area)}`,
    `soft ${format(soft.median)}, above 0.9 ${(100 * mean(soft.scores.map((score) => (score > 0.9 ? 1 : 0)))).toFixed(0)} %, AUC ${format(soft.area)}`,
  ];
  return `${measure.name.padEnd(38)} ${parts.join(' | ')}`;
}

function format(value: number): string {
  return value.toFixed(3);
}
