import { runCaptured } from './child-processes.mjs';
import { ensureDomains } from './debian.mjs';
import { binary, inRoot, projectNode, which } from './paths.mjs';
import { setUp } from './setup.mjs';
import { say, seconds } from './terminal.mjs';

const nx = { command: binary('nx'), env: { NX_DAEMON: 'false', NX_TUI: 'false' } };
/** Types of the workspaces, cached by Nx; it also makes the project graph that the boundary rule of the lint reads. */
const workspaceTypes = {
  ...nx,
  name: 'types of the workspaces',
  args: ['run-many', '-t', 'types', '--parallel=2', '--output-style=static'],
};
const projectGraph = { ...nx, name: 'project graph', args: ['show', 'projects'] };

/** A program of Debian's, over the files that git knows by these patterns. */
const onFiles = (name, program, patterns) => ({
  name,
  command: 'sh',
  args: ['-c', 'program=$1; shift; git ls-files -z -- "$@" | xargs -0 "$program"', 'sh', program, ...patterns],
  program,
});

/** By group. Made once set-up is done: until then there is no Node of the project's own. */
const checks = {
  types: () => [
    { name: 'types of the tests', command: binary('tsc'), args: ['-p', 'test'] },
    { name: 'types of the measurements', command: binary('tsc'), args: ['-p', 'bench'] },
  ],
  lint: () => [
    { name: 'lint and boundaries', command: binary('eslint'), args: ['--max-warnings=0', '.'] },
    onFiles('shell scripts', 'shellcheck', ['*.sh', '.ci/run']),
    onFiles('Python', 'pyflakes3', ['*.py']),
    { name: 'unused files, exports and packages', command: binary('knip'), args: ['--treat-config-hints-as-errors'] },
  ],
  others: () => [
    { name: 'format', command: binary('prettier'), args: ['--check', '--log-level=warn', '.'] },
    { name: 'diagram drift', command: projectNode(), args: [inRoot('scripts/run-task.mjs'), 'graph', '--check'] },
    { name: 'OpenAPI drift', command: projectNode(), args: [inRoot('apps/api/dist/openapi.js'), '--check'] },
  ],
};

/** A Debian program may be missing on a developer's machine, but not in CI. */
const isSkipped = ({ program }) => program !== undefined && !which(program) && !process.env.CI;

async function runCheck(check) {
  const { name, command, args, env } = check;
  if (isSkipped(check)) {
    say(`${name}: not checked, because ${check.program} is not installed; "npm test" as root installs it.`);
    return { name, ok: true, ms: 0 };
  }
  const began = Date.now();
  const { code, output } = await runCaptured(command, args, { env });
  if (code !== 0) process.stdout.write(`\n--- ${name}\n${output.trimEnd()}\n`);
  return { name, ok: code === 0, ms: Date.now() - began };
}

/** All checks, or those of one group. Every failure is shown, not only the first. */
export async function run(_args, group) {
  await setUp(['prisma', 'api'], () => ensureDomains(['tests']));
  const results = [await runCheck(group === 'lint' ? projectGraph : workspaceTypes)];
  const waiting = (group ? checks[group] : () => Object.values(checks).flatMap((make) => make()))();
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
