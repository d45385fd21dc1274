import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const inRoot = (...parts) => join(root, ...parts);
export const binary = (name) => inRoot('node_modules/.bin', name);

/** What set-up itself keeps: stamps of finished steps and the logs of their programs. */
export const setupFolder = inRoot('.pentimento/setup');

/** Also makes the home of the server, which other accounts may pass through and not list. */
export const makeSetupFolder = () => mkdirSync(setupFolder, { recursive: true, mode: 0o711 });

export function logFile(name) {
  makeSetupFolder();
  return join(setupFolder, `${name}.log`);
}

/** The Node that everything after the first step runs under: the one that npm brought, or this one where it is new enough. */
export function projectNode() {
  if (existsSync(binary('node'))) return binary('node');
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return undefined;
}

/** Environment of the project's programs: its own Node and tools first, and a cache of what Node compiles at each start. */
export function projectEnvironment(extra = {}) {
  const PATH = `${inRoot('node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`;
  return { NODE_COMPILE_CACHE: inRoot('node_modules/.cache/compiled'), ...process.env, PATH, ...extra };
}

/** Path of an executable on the PATH, or undefined. */
export function which(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/usr/local/bin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
