import type { Job } from '@pentimento/contracts';
import { sha256Of } from './sha256.ts';

/**
 * The id of a job's task by its content: SHA-256, in hex, of the target's blob, the language and the instructions. Jobs that ask
 * for the same have the same task, whichever model they use and whenever they ran.
 */
export function taskIdOf({ target, language, instructions }: Pick<Job, 'target' | 'language' | 'instructions'>) {
  const content = JSON.stringify([target.image, language, instructions.trim()]);
  return sha256Of(content);
}
