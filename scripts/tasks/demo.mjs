import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inRoot } from './paths.mjs';
import { setUp, startDashboardBuild } from './setup.mjs';
import { cli } from './serve.mjs';
import { Failure, say, sentence } from './terminal.mjs';

const options = {
  example: { type: 'string', default: 'caffeine' },
  once: { type: 'boolean' },
  json: { type: 'boolean' },
};

function read(args) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new Failure(`${sentence(error.message)} The demo takes --example NAME, --once and --json.`, 2);
  }
}

function exampleNamed(name) {
  const examples = JSON.parse(readFileSync(inRoot('examples/examples.json'), 'utf8'));
  const example = examples.find(({ id }) => id === name);
  if (!example)
    throw new Failure(`There is no example "${name}": take one of ${examples.map(({ id }) => id).join(', ')}.`, 2);
  return example;
}

/** Refines one example as SVG with the built-in model, through the same command line that users have. */
export async function run(args) {
  const { example: name, once, json } = read(args);
  const example = exampleNamed(name);
  await setUp(['prisma', 'api']);
  if (!once) startDashboardBuild();
  say(`demo: refining examples/${example.file} (${example.hard})`);
  const refine = ['refine', inRoot('examples', example.file), '--language', 'svg'];
  return cli([...refine, ...(once ? [] : ['--keep-serving']), ...(json ? ['--json'] : [])]);
}
