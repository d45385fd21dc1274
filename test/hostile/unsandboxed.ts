/**
 * Runs one hostile program without the product's sandbox and prints whether the canary fires. Arguments: a language and the name
 * of one of its programs. To be run behind the outer wall only: it refuses if it could write the machine's files.
 */
import { accessSync, constants } from 'node:fs';
import { parseArgs } from 'node:util';
import { fires } from './fires.ts';

const writable = ['/', '/usr', '/usr/bin', '/etc'].filter((folder) => {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
});
if (writable.length > 0)
  throw new Error(`A hostile program could write to ${writable.join(', ')}: run it behind the outer wall.`);

const [language, name] = parseArgs({ allowPositionals: true }).positionals;
/** Long, because a program that is stopped reaches nothing. */
const deadlineMs = 60_000;
const options = { bubblewrap: null, allowUnsandboxed: true, deadlineMs };
console.log(JSON.stringify(await fires(options, language!, name!)));
