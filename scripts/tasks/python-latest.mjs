import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCaptured } from './child-processes.mjs';
import { inRoot } from './paths.mjs';
import { Failure, say, sentence } from './terminal.mjs';

/** The base of the environment: every sandbox shows it. */
const basePython = '/usr/bin/python3';

/**
 * Makes a Python environment with current libraries in the server's home, in place of Debian's. A failure leaves nothing behind.
 * @throws Failure with one sentence where the environment cannot be made, or where no package index has its libraries.
 */
export async function ensureLatestPython({
  home = resolve(process.env['PENTIMENTO_HOME'] || inRoot('.pentimento')),
  requirements = inRoot('libs/render/python-requirements.txt'),
} = {}) {
  const folder = join(home, 'python');
  const interpreter = join(folder, 'bin/python');
  say(`set-up: installing the libraries of ${requirements} in ${folder}`);
  mkdirSync(home, { recursive: true, mode: 0o711 });
  if (!existsSync(interpreter)) {
    await step(basePython, ['-m', 'venv', folder], folder, makingFailed);
  }
  const options = ['install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
  await step(interpreter, ['-m', 'pip', ...options], folder, installingFailed);
  say(`set-up: to use it, start with PENTIMENTO_PYTHON=${interpreter}`);
}

async function step(command, args, folder, failureOf) {
  const { code, output } = await runCaptured(command, args).catch((error) => ({ code: 1, output: error.message }));
  if (code === 0) return;
  rmSync(folder, { recursive: true, force: true });
  const errors = output.split('\n').filter((line) => /\berror\b/i.test(line));
  throw new Failure(failureOf(sentence((errors.at(-1) ?? output.trim()).trim())));
}

const makingFailed = (reason) =>
  `A Python environment cannot be made, so Debian's libraries stay in use; install python3-venv and try again: ${reason}`;
const installingFailed = (reason) =>
  `The libraries cannot be had from a package index, so Debian's stay in use; try again with a network, or name an index in PIP_INDEX_URL: ${reason}`;
