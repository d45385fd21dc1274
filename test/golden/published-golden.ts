/**
 * Writes published.json, the published reward's visual score of every pair with the tiny network of the tests:
 * node test/golden/published-golden.ts PYTHON, which has torch, transformers and Pillow 12.2 or newer.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyShape, writeDinov2Folder } from '../../libs/encoder/src/testing/dinov2-folder.ts';
import { publishedPairs } from './published-pairs.ts';

const [python = 'python3'] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'pentimento-published-'));
try {
  const encoder = await writeDinov2Folder(join(folder, 'dinov2'), tinyShape);
  const pairs = [];
  for (const [index, { name, target, render }] of publishedPairs.entries()) {
    const paths = { target: join(folder, `${index}-target`), render: join(folder, `${index}-render`) };
    await writeFile(paths.target, await target());
    await writeFile(paths.render, await render());
    pairs.push({ name, ...paths });
  }
  const script = new URL('published.py', import.meta.url).pathname;
  const input = JSON.stringify({ encoder, pairs });
  const scores: unknown = JSON.parse(execFileSync(python, [script], { input, encoding: 'utf8' }));
  await writeFile(new URL('published.json', import.meta.url), `${JSON.stringify(scores, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}
