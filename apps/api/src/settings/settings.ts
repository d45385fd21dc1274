import { resolve } from 'node:path';
import { z } from 'zod';
import { homeFolders, repository } from './locations.ts';
import { modelVariables, variables } from './variables.ts';

/** Token of the process's settings, which are of the type `Settings`. */
export const SETTINGS = Symbol('Settings');

export type Environment = Record<string, string | undefined>;

const schema = z.object({ ...variables, ...modelVariables });

const defaultPort = 7400;
const maxHeartbeatMs = 1000;
/** Two heartbeats may be lost before another worker may take the job. */
const heartbeatsPerLease = 3;

/** Everything wrong with the environment, one sentence with its remedy each. */
export class SettingsError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(problems.join('\n'));
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** Parses the environment; an empty variable counts as unset. Throws a SettingsError that names every problem. */
export function readSettings(environment: Environment) {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(set);
  if (!parsed.success) {
    throw new SettingsError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}; set it right or leave it unset.`),
    );
  }
  const { data } = parsed;
  const home = resolve(data.PENTIMENTO_HOME ?? resolve(repository, '.pentimento'));
  const folders = homeFolders(home);
  return {
    home,
    folders,
    /** Path or URL for `openBlobStore`. */
    blobStore: data.PENTIMENTO_BLOB_STORE ?? folders.blobs,
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL,
    host: data.PENTIMENTO_HOST,
    port: data.PENTIMENTO_PORT ?? defaultPort,
    /** The port was requested, so no other is tried. */
    portIsFixed: data.PENTIMENTO_PORT !== undefined,
    allowedHosts: data.PENTIMENTO_ALLOWED_HOSTS,
    allowedOrigins: data.PENTIMENTO_ALLOWED_ORIGINS,
    /** User ids whose processes on this machine may use the server; undefined: all. */
    accounts: data.PENTIMENTO_ALLOW_OTHER_ACCOUNTS === 'yes' ? undefined : ownAccounts(environment),
    runsWorker: data.PENTIMENTO_WORKER === 'on',
    logLevel: data.PENTIMENTO_LOG_LEVEL,
    shutdownMs: data.PENTIMENTO_SHUTDOWN_MS,
    render: {
      concurrency: data.PENTIMENTO_RENDER_SLOTS,
      viewportHeight: data.PENTIMENTO_VIEWPORT_HEIGHT,
      allowUnsandboxed: data.PENTIMENTO_ALLOW_UNSANDBOXED === 'yes',
      python: data.PENTIMENTO_PYTHON,
      chromium: data.PENTIMENTO_CHROMIUM,
      mode: data.PENTIMENTO_RENDER_MODE,
    },
    reward: {
      encoder: data.PENTIMENTO_ENCODER,
      executionProvider: data.PENTIMENTO_REWARD_PROVIDER,
      precision: data.PENTIMENTO_REWARD_PRECISION,
      alpha: data.PENTIMENTO_REWARD_ALPHA,
      /** The reward service of another machine, which scores in this process's place. */
      url: data.REWARD_URL,
    },
    /** How replies to score are read. */
    alignment: data.PENTIMENTO_REWARD_ALIGNMENT,
    queue: {
      concurrency: data.PENTIMENTO_WORKER_CONCURRENCY,
      leaseMs: data.PENTIMENTO_LEASE_MS,
      heartbeatMs: Math.min(maxHeartbeatMs, Math.floor(data.PENTIMENTO_LEASE_MS / heartbeatsPerLease)),
      sweepMs: data.PENTIMENTO_SWEEP_MS,
      queuedMs: data.PENTIMENTO_QUEUED_MS,
      maxRecoveries: data.PENTIMENTO_MAX_RECOVERIES,
    },
    exports: { concurrency: data.PENTIMENTO_EXPORT_CONCURRENCY },
    environments: {
      steps: data.PENTIMENTO_ENVIRONMENT_STEPS,
      maxWaiting: data.PENTIMENTO_ENVIRONMENT_WAITING,
      maxOpen: data.PENTIMENTO_ENVIRONMENT_SESSIONS,
      idleMs: data.PENTIMENTO_ENVIRONMENT_IDLE_MS,
    },
    storage: {
      retention: { maxAgeDays: data.PENTIMENTO_KEEP_DAYS ?? null, maxJobs: data.PENTIMENTO_KEEP_JOBS ?? null },
      graceMs: data.PENTIMENTO_BLOB_GRACE_HOURS * 3_600_000,
      pruneMs: data.PENTIMENTO_PRUNE_MS,
    },
    /** The models' variables by name: `libs/models` parses them. */
    models: modelEnvironment(environment),
  };
}
export type Settings = ReturnType<typeof readSettings>;

/** Root may do anything anyway. What root was asked to run by sudo is for the account that asked. */
function ownAccounts({ SUDO_UID }: Environment): number[] {
  const own = process.geteuid?.() ?? 0;
  return own === 0 && SUDO_UID ? [0, Number(SUDO_UID)] : [0, own];
}

/** The part of the environment that configures models. */
export const modelEnvironment = (environment: Environment): Environment =>
  Object.fromEntries(Object.keys(modelVariables).map((name) => [name, environment[name]]));
