/**
 * Which rule means "done": node bench/done.ts [--sheets FOLDER]
 *
 * `done/labels.json` says of 324 renders whether anything of the target is missing, unreadable or plainly wrong in them. One vision model
 * gave the labels by looking at both images.
 * The renders are made again, and one whose code is no longer the labeled one is left out and counted. A rule is fit to the examples of
 * one half, and judged by those of the other half, so that no target is in both. `--sheets` writes every pair as a picture, for labels.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { allPairs, type Pair } from './done/pairs.ts';
import {
  agreementOf,
  alone,
  balanced,
  bestOf,
  intervalOf,
  together,
  type LabeledTerms,
  type Rule,
} from './done/rules.ts';

interface Label {
  id: string;
  code: string;
  done: boolean;
  why: string;
}

const { sheets } = parseArgs({ options: { sheets: { type: 'string' } } }).values;
const labels = new Map(
  (JSON.parse(await readFile(new URL('done/labels.json', import.meta.url), 'utf8')) as Label[]).map((label) => [
    label.id,
    label,
  ]),
);
const pairs = await allPairs();
if (sheets !== undefined) await writeSheets(sheets);

const current = pairs.filter(({ id, code }) => labels.get(id)?.code === code);
console.log(`${labels.size} labels, ${current.length} of them of code that is the same today`);
for (const source of ['traced', 'code'] as const)
  report(source, current.filter((pair) => pair.source === source).map(labeled));

function labeled({ id, example, terms }: Pair): LabeledTerms {
  return { example, terms, done: labels.get(id)!.done };
}

function report(source: string, renders: readonly LabeledTerms[]): void {
  const examples = [...new Set(renders.map(({ example }) => example))].sort();
  const isFirst = ({ example }: LabeledTerms): boolean => examples.indexOf(example) % 2 === 0;
  const halves = [renders.filter(isFirst), renders.filter((render) => !isFirst(render))] as const;
  console.log(
    `\n${source}: ${renders.length} renders of ${examples.length} examples, ${renders.filter(({ done }) => done).length} done`,
  );
  console.log('fixed rules, all renders');
  for (const overall of [0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.996, 0.997]) line({ overall }, renders);
  const pairs: Rule[] = [
    { overall: 0.97, worstTile: 0.9 },
    { overall: 0.99, worstTile: 0.98 },
    { overall: 0.995, worstTile: 0.99 },
    { overall: 0.995, strict: 0.895 },
  ];
  for (const rule of pairs) line(rule, renders);
  const families: Record<string, Rule[]> = Object.fromEntries([
    ...['overall', 'worstTile', 'lowQuantile', 'color', 'shiftTolerant', 'strict'].map((term) => [term, alone(term)]),
    ...['worstTile', 'lowQuantile', 'color', 'shiftTolerant', 'strict'].map((term) => [
      `overall and ${term}`,
      together(term),
    ]),
  ]);
  console.log('fit to one half, judged by the other');
  for (const rules of Object.values(families)) {
    line(bestOf(rules, halves[0]), halves[1]);
    line(bestOf(rules, halves[1]), halves[0]);
  }
}

function line(rule: Rule, renders: readonly LabeledTerms[]): void {
  const agreement = agreementOf(rule, renders);
  const { right, wrong, done } = agreement;
  const name = Object.entries(rule)
    .map(([term, minimum]) => `${term} >= ${minimum}`)
    .join(' and ');
  const between = (hits: number, total: number) =>
    intervalOf(hits, total)
      .map((share) => share.toFixed(2))
      .join('..');
  console.log(
    `  ${name.padEnd(42)} called done ${String(right + wrong).padStart(3)}, rightly ${String(right).padStart(3)} (${between(right, right + wrong)}), of ${done} done ${between(right, done)}, balanced ${balanced(agreement).toFixed(3)}`,
  );
}

/** Target and render side by side, at the target's size. */
async function writeSheets(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { id, target, render } of pairs) {
    const { width, height } = await sharp(target).metadata();
    const flat = await Promise.all(
      [target, render].map((image) =>
        sharp(image).flatten({ background: '#fff' }).resize(width, height, { fit: 'fill' }).png().toBuffer(),
      ),
    );
    await sharp({ create: { width: 2 * width + 8, height, channels: 3, background: '#888' } })
      .composite(flat.map((input, index) => ({ input, left: index * (width + 8), top: 0 })))
      .png()
      .toFile(join(folder, `${id.replaceAll('/', '.')}.png`));
  }
}
