import { existsSync, readdirSync } from 'node:fs';
import { runShown } from './children.mjs';
import { inRoot, projectNode } from './paths.mjs';
import { setUp } from './setup.mjs';
import { Failure, say } from './terminal.mjs';

/** Runs the measurements of bench/ one after the other, or those named. They print figures and judge nothing. */
export async function run(names) {
  const all = existsSync(inRoot('bench'))
    ? readdirSync(inRoot('bench')).filter((name) => /(?<!\.test)\.ts$/.test(name))
    : [];
  const chosen = all.filter((name) => names.length === 0 || names.some((part) => name.includes(part)));
  if (chosen.length === 0)
    throw new Failure(`There is no such measurement: bench/ has ${all.join(', ') || 'none'}.`, 2);
  await setUp(['prisma', 'api']);
  let worst = 0;
  for (const name of chosen) {
    say(`bench: ${name}`);
    worst = Math.max(worst, await runShown(projectNode(), [inRoot('bench', name)], { inherit: true }));
  }
  return worst;
}
