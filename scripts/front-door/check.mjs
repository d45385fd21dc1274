import { runCaptured } from './children.mjs';
import { binary, inRoot, projectNode } from './paths.mjs';
import { setUp } from './setup.mjs';
import { say, seconds } from './terminal.mjs';

/** Types of the workspaces, cached by Nx; it also makes the project graph that the boundary rule of the lint reads. */
const workspaceTypes = {
  name: 'types of the workspaces',
  command: binary('nx'),
  args: ['run-many', '-t', 'types', '--parallel=2', '--output-style=static'],
  env: { NX_DAEMON: 'false', NX_TUI: 'false' },
};

/** Made once set-up is done: until then there is no Node of the project's own. */
const checks = () => [
  { name: 'lint and boundaries', command: binary('eslint'), args: ['--max-warnings=0', '.'] },
  { name: 'types of the tests', command: binary('tsc'), args: ['-p', 'test'] },
  { name: 'types of the measurements', command: binary('tsc'), args: ['-p', 'bench'] },
  { name: 'format', command: binary('prettier'), args: ['--check', '--log-level=warn', '.'] },
  { name: 'OpenAPI drift', command: projectNode(), args: [inRoot('apps/api/dist/openapi.js'), '--check'] },
];

async function runCheck({ name, command, args, env }) {
  const began = Date.now();
  const { code, output } = await runCaptured(command, args, { env });
  if (code !== 0) process.stdout.write(`\n--- ${name}\n${output.trimEnd()}\n`);
  return { name, ok: code === 0, ms: Date.now() - began };
}

/** Types, lint, boundaries, format and the API's description: all faults are told, not only the first. */
export async function run() {
  await setUp(['prisma', 'api']);
  const results = [await runCheck(workspaceTypes)];
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
