import { existsSync, readdirSync } from 'node:fs';
import { runShown } from './child-processes.mjs';
import { inRoot, projectNode } from './paths.mjs';
import { setUp } from './setup.mjs';
import { Failure, say } from './terminal.mjs';

/** Run only where they are named: parts of render, what takes the better part of an hour, and what needs material from elsewhere. */
const onlyByName = /^(?:render-\w+|soak|done|jobs|policies|latex-set|svg-suite|export)\.ts$/;

/** Runs the measurements of bench/ one after the other, or those named. They print figures and judge nothing. */
export async function run(names) {
  const all = existsSync(inRoot('bench'))
    ? readdirSync(inRoot('bench')).filter((name) => /(?<!\.test)\.ts$/.test(name))
    : [];
  const isNamed = (name) => names.some((wanted) => name === `${wanted}.ts`);
  const chosen = all.filter(names.length > 0 ? isNamed : (name) => !onlyByName.test(name));
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
