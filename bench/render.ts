/**
 * Every renderer, warm and sandboxed, compared with the plain way: a new process for each render: node bench/render.ts [LANGUAGE...]
 *
 * Runs bench/render-*.ts one after the other, and prints the ratio of each with its goal.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RatioMessage } from './render/comparison.ts';

/** How many times faster a renderer must be, and on what: one a script here, `render-<key>.ts`. */
const goals: Record<string, [ratio: number, on: string]> = {
  python: [3, 'charts, two at a time'],
  html: [8, 'pages'],
  latex: [2.5, 'documents of a refinement'],
  svg: [2, 'large SVGs'],
  smiles: [4, 'molecules'],
};

const wanted = process.argv.slice(2);
const rows: string[] = [];
for (const [language, [goal, on]] of Object.entries(goals)) {
  const script = fileURLToPath(new URL(`render-${language}.ts`, import.meta.url));
  if ((wanted.length > 0 && !wanted.includes(language)) || !existsSync(script)) continue;
  console.log(`\n${language}`);
  const ratio = await ratioOf(script);
  const verdict = ratio === undefined ? 'not measured' : `${ratio.toFixed(1)}x`;
  rows.push(`${language.padEnd(8)} ${verdict.padEnd(12)} goal ${goal}x on ${on}`);
}
console.log(`\n${rows.join('\n')}`);

/** Undefined where the script fails, or measures only one way because the other's programs are missing. */
async function ratioOf(script: string): Promise<number | undefined> {
  const child = fork(script);
  let ratio: number | undefined;
  child.on('message', (message) => (ratio = (message as RatioMessage).ratio));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) process.exitCode = 1;
  return ratio;
}
