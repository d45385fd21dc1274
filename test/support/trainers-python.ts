import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A Python with the trainers' packages (CONTRIBUTING.md says which), or undefined: then tests that need it are skipped. */
export const trainersPython = process.env.PENTIMENTO_TRAINERS_PYTHON;
export const skippedWithoutTrainers = trainersPython
  ? ''
  : ' (skipped: PENTIMENTO_TRAINERS_PYTHON names no Python with the trainers, see CONTRIBUTING.md)';

/** What a script of test/loaders prints. `cache`: a folder for what the packages keep; nothing is downloaded. */
export async function runTrainersPython(script: string, args: readonly string[], cache: string): Promise<string> {
  const path = fileURLToPath(new URL(`../loaders/${script}`, import.meta.url));
  const offline = { HF_HOME: cache, HF_HUB_OFFLINE: '1', HF_DATASETS_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false' };
  const { stdout } = await promisify(execFile)(trainersPython!, ['-B', path, ...args], {
    env: { ...process.env, ...offline },
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout;
}
