// What every `npm run ...` of the repository goes through. Plain JavaScript without dependencies: it runs on the Node and
// npm that the machine has, before anything is installed, and installs the rest.
import { Failure, say } from './tasks/terminal.mjs';

/** What `npm run NAME` does: a module of tasks/, a line of help, and what the module's `run` gets in addition to the arguments. */
const commands = {
  demo: ['demo', 'set up, start everything, refine an example and keep serving [--example NAME] [--once] [--json]'],
  setup: ['setup', 'install and build what is missing, saying what and why [--only python,latex]'],
  start: ['serve', 'set up and serve, without a demo job'],
  dev: ['dev', 'serve with rebuild and restart on change'],
  build: ['build', 'build the server and the dashboard'],
  test: ['test', 'set up and run every test [FILTER...]'],
  'test:unit': ['test', 'the tests that need no service [FILTER...]', 'unit'],
  'test:integration': ['test', 'the tests with real services [FILTER...]', 'integration'],
  'test:e2e': ['test', 'the tests in a browser [FILTER...]', 'e2e'],
  check: ['check', 'types, lint, boundaries, format, OpenAPI and diagram drift'],
  typecheck: ['check', 'types only', 'types'],
  lint: ['check', 'ESLint with the boundaries, shellcheck and pyflakes', 'lint'],
  graph: ['graph', 'write the diagram of imports into ARCHITECTURE.md, or refuse one that is out of date [--check]'],
  format: ['format', 'write every file as Prettier formats it'],
  bench: ['bench', 'run the measurements of bench/ [NAME...]'],
};

async function main([name, ...args]) {
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (!command) {
    const list = Object.entries(commands).map(([key, [, what]]) => `  npm run ${key.padEnd(16)} ${what}`);
    throw new Failure(`There is no such command. There are:\n${list.join('\n')}`, 2);
  }
  if (process.platform !== 'linux')
    throw new Failure('Pentimento runs on Linux (x64 or arm64): use a Linux machine or container.');
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Failure(
      `Set-up needs Node 20 or newer to start from, and this is ${process.version}: install Node 20 or newer.`,
    );
  }
  const { run } = await import(`./tasks/${command[0]}.mjs`);
  return run(args, command[2]);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error instanceof Failure ? error.message : (error.stack ?? String(error)));
  process.exitCode = error instanceof Failure ? error.code : 1;
}
