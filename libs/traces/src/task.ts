import type { Job } from '@pentimento/contracts';

/**
 * The id of a job's task by its content: SHA-256, in hex, of the target's blob, the language and the instructions. Jobs that ask
 * for the same have the same task, whichever model they use and whenever they ran.
 */
export async function taskIdOf({ target, language, instructions }: Pick<Job, 'target' | 'language' | 'instructions'>) {
  const content = JSON.stringify([target.image, language, instructions.trim()]);
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
