import { existsSync, renameSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensureDomains, ensureFirstPackages } from './debian.mjs';
import { domains, pythonLatest } from './debian-packages.mjs';
import { installPackages, npmCommand, whyInstall } from './packages.mjs';
import { binary, inRoot, projectNode } from './paths.mjs';
import { runLogged, startInBackground } from './child-processes.mjs';
import { ensureLatestPython } from './python-latest.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';
import { withLock } from './lock.mjs';
import { Failure, say, seconds, sentence } from './terminal.mjs';

/** A step whose result depends on files of the repository only: done again when they or the npm packages change. */
const prisma = {
  name: 'prisma',
  why: 'the typed database client, from prisma/schema.prisma',
  inputs: ['package-lock.json', 'prisma/schema.prisma', 'libs/store/package.json'],
  output: 'libs/store/generated',
  async run() {
    const [command, first] = npmCommand();
    await runLogged('prisma', command, [...first, 'run', '--silent', 'generate', '-w', '@pentimento/store']);
  },
};

const api = {
  name: 'api',
  why: 'the server, from apps/api',
  inputs: ['package-lock.json', 'apps/api'],
  output: 'apps/api/dist/main.js',
  run: () => runLogged('api', projectNode(), [inRoot('apps/api/scripts/build.mjs')], { cwd: inRoot('apps/api') }),
};

const dashboard = {
  name: 'dashboard',
  why: "the browser's client, from apps/dashboard",
  inputs: ['package-lock.json', 'apps/dashboard', 'libs/api-contracts/src', 'libs/client/src', 'libs/contracts/src'],
  output: 'apps/dashboard/out/index.html',
  run: () => buildDashboard(),
};

/** Next writes its export to a folder of its own first, so that a half-finished one is never served. */
async function buildDashboard() {
  const staging = '.next/export';
  const built = inRoot('apps/dashboard', staging);
  const served = inRoot('apps/dashboard/out');
  const old = inRoot('apps/dashboard/.next/export-before');
  const niceness = ['-n', '19', binary('node'), inRoot('node_modules/next/dist/bin/next'), 'build'];
  const env = { DASHBOARD_EXPORT_FOLDER: staging, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };
  await runLogged('dashboard', 'nice', niceness, { cwd: inRoot('apps/dashboard'), env });
  rmSync(old, { recursive: true, force: true });
  if (existsSync(served)) renameSync(served, old);
  renameSync(built, served);
  rmSync(old, { recursive: true, force: true });
}

const steps = { prisma, api, dashboard };
const keyOf = (step) => hashOf(step.inputs);
const isDone = (step, key) => existsSync(inRoot(step.output)) && isStamped(step.name, key);

async function ensureStep(step) {
  const key = keyOf(step);
  if (isDone(step, key)) return;
  const began = Date.now();
  say(`set-up: building ${step.why}`);
  await step.run();
  stamp(step.name, key);
  say(`set-up: ${step.name} built in ${seconds(Date.now() - began)}`);
}

async function ensurePackages() {
  const why = whyInstall();
  if (!why) return;
  const began = Date.now();
  say(`set-up: installing the npm packages, Node 24 among them: ${why} (half a minute to a few)`);
  await installPackages();
  say(`set-up: npm packages installed in ${seconds(Date.now() - began)}`);
}

const wait = (what) => () => say(`set-up: another npm command in this folder is busy with ${what}: waiting for it`);

/**
 * Makes this checkout ready for the named steps ("prisma", "api"). Each step is idempotent and finds out cheaply that it is done.
 * The lock is taken only where something is to be done, so that a finished checkout can be used without writing to it.
 * `ensurePackagesOfDebian` installs the packages of Debian.
 */
export async function setUp(names, ensurePackagesOfDebian = ensureFirstPackages) {
  const wanted = names.map((name) => steps[name]);
  const due = () => whyInstall() || wanted.some((step) => !isDone(step, keyOf(step)));
  const install = async () => {
    await Promise.all([ensurePackages(), ensurePackagesOfDebian()]);
    for (const step of wanted) await ensureStep(step);
  };
  if (due()) await withLock('setup', install, wait('set-up'));
  else await ensurePackagesOfDebian();
}

/** The same with every language's packages, and those of the tests. */
export const setUpForTests = (names) => setUp(names, () => ensureDomains([...domains, 'tests']));

/** Builds the dashboard where its sources changed. It has its own lock, because it builds while a stack may run. */
export async function ensureDashboard() {
  if (isDone(dashboard, keyOf(dashboard))) return;
  await withLock('dashboard', () => ensureStep(dashboard), wait('the dashboard'));
}

/** The same in another process, so that signals and failures of the build do not affect the caller. */
export function startDashboardBuild() {
  if (isDone(dashboard, keyOf(dashboard))) return undefined;
  return startInBackground(projectNode(), [inRoot('scripts/tasks/build-dashboard.mjs')]);
}

const names = [...domains, pythonLatest];

/** The domains that `--only` names; undefined where it is left out. */
export function readOnly(args) {
  let only;
  try {
    ({ only } = parseArgs({ args, options: { only: { type: 'string' } } }).values);
  } catch (error) {
    throw new Failure(`${sentence(error.message)} Set-up takes --only ${names.join(',')}.`, 2);
  }
  if (only === undefined) return undefined;
  const named = only.split(',').filter(Boolean);
  const unknown = named.find((name) => !names.includes(name));
  if (unknown !== undefined || named.length === 0) {
    throw new Failure(`There is no domain "${unknown ?? ''}" to set up: --only takes ${names.join(', ')}.`, 2);
  }
  return named;
}

/** Everything, or with `--only` just Debian's packages of some languages, and of the sandbox around them. */
export async function run(args) {
  const only = readOnly(args);
  const began = Date.now();
  if (only) {
    const named = only.flatMap((name) => (name === pythonLatest ? ['python', name] : [name]));
    await ensureDomains(['base', ...named], { again: true });
    if (only.includes(pythonLatest)) await ensureLatestPython();
  } else {
    await setUp(['prisma', 'api'], () => ensureDomains(domains, { again: true }));
    await ensureDashboard();
  }
  say(`set-up: ready (${seconds(Date.now() - began)})`);
  return 0;
}
