import { existsSync, readdirSync } from 'node:fs';
import { runCaptured } from './children.mjs';
import { binary, inRoot, projectNode } from './paths.mjs';
import { setUp } from './setup.mjs';
import { say, seconds } from './terminal.mjs';

/** Every folder with a tsconfig.json: the workspaces, and the tests and measurements. */
function typedFolders() {
  const workspaces = ['libs', 'apps'].flatMap((parent) =>
    readdirSync(inRoot(parent)).map((name) => `${parent}/${name}`),
  );
  return [...workspaces, 'test', 'bench'].filter((folder) => existsSync(inRoot(folder, 'tsconfig.json')));
}

function checks() {
  const types = typedFolders().map((folder) => ({
    name: `types ${folder}`,
    command: binary('tsc'),
    args: ['-p', folder],
  }));
  const lint = { name: 'lint and boundaries', command: binary('eslint'), args: ['--max-warnings=0', '.'] };
  const format = { name: 'format', command: binary('prettier'), args: ['--check', '--log-level=warn', '.'] };
  const drift = {
    name: 'OpenAPI drift',
    command: projectNode(),
    args: [inRoot('apps/api/dist/openapi.js'), '--check'],
  };
  return [...types, lint, format, drift];
}

async function runCheck({ name, command, args }) {
  const began = Date.now();
  const { code, output } = await runCaptured(command, args);
  if (code !== 0) process.stdout.write(`\n--- ${name}\n${output.trimEnd()}\n`);
  return { name, ok: code === 0, ms: Date.now() - began };
}

/** Types, lint, boundaries, format and the API's description: all faults are told, not only the first. */
export async function run() {
  await setUp(['prisma', 'api']);
  const results = [];
  const waiting = checks();
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) results.push(await runCheck(check));
  };
  await Promise.all([worker(), worker()]);
  for (const { name, ok, ms } of results)
    process.stdout.write(`${ok ? 'ok    ' : 'FAULTY'} ${name} (${seconds(ms)})\n`);
  const faulty = results.filter((result) => !result.ok).length;
  if (faulty > 0) say(`${faulty} of ${results.length} checks found faults.`);
  return faulty === 0 ? 0 : 1;
}
