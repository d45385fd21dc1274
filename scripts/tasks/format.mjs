import { runShown } from './child-processes.mjs';
import { binary } from './paths.mjs';
import { setUp } from './setup.mjs';

/** Writes every file as Prettier formats it. */
export async function run() {
  await setUp([]);
  return runShown(binary('prettier'), ['--write', '--log-level=warn', '.']);
}
