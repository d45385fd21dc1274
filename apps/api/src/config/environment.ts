import { join, resolve } from 'node:path';
import { z } from 'zod';
import { homeFolders, repository } from './locations.ts';

const milliseconds = (fallback: number, min = 10) =>
  z.coerce
    .number(`must be a number of milliseconds, e.g. ${fallback}`)
    .int('must be a whole number of milliseconds')
    .min(min, `must be at least ${min}`)
    .default(fallback);

const url = (protocols: string[], example: string) =>
  z.string().refine((value) => protocols.includes(URL.parse(value)?.protocol ?? ''), `must look like ${example}`);

const list = z.string().transform((value) =>
  value
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter(Boolean),
);

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The settings of `apps/api`. Those of the models are parsed by `libs/models`, and their faults are reported with these. */
const environmentSchema = z.object({
  PENTIMENTO_HOME: z.string().default(join(repository, '.pentimento')),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgresql://user:password@host:5432/database').optional(),
  REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379').optional(),
  PENTIMENTO_HOST: z.string().default('127.0.0.1'),
  PENTIMENTO_PORT: z.coerce
    .number('must be a port number')
    .int('must be a whole number')
    .min(0, 'must be 0 (any free port) to 65535')
    .max(65535, 'must be 0 (any free port) to 65535')
    .optional(),
  PENTIMENTO_ALLOWED_HOSTS: list.default([]),
  PENTIMENTO_ALLOWED_ORIGINS: list.default([]),
  PENTIMENTO_ALLOW_UNSANDBOXED: z.enum(['yes', 'no'], 'must be "yes" or "no"').default('no'),
  PENTIMENTO_WORKER: z.enum(['on', 'off'], 'must be "on" or "off"').default('on'),
  PENTIMENTO_WORKER_CONCURRENCY: z.coerce
    .number('must be a number of jobs')
    .int('must be a whole number of jobs')
    .min(1, 'must be at least 1')
    .max(64, 'must be at most 64')
    .default(2),
  PENTIMENTO_RENDER_SLOTS: z.coerce
    .number('must be a number of renders')
    .int('must be a whole number of renders')
    .min(1, 'must be at least 1')
    .max(64, 'must be at most 64')
    .optional(),
  PENTIMENTO_PYTHON: z.string().optional(),
  PENTIMENTO_ENCODER: z.string().optional(),
  PENTIMENTO_REWARD_PROVIDER: z.enum(['cpu', 'cuda'], 'must be "cpu" or "cuda"').optional(),
  PENTIMENTO_REWARD_PRECISION: z.enum(['float32', 'int8'], 'must be "float32" or "int8"').optional(),
  REWARD_URL: url(['http:', 'https:'], 'http://host:7400')
    .refine((value) => !URL.parse(value)?.username, 'must hold no user name: no reward service asks for one')
    .optional(),
  PENTIMENTO_LEASE_MS: milliseconds(15_000, 100),
  PENTIMENTO_SWEEP_MS: milliseconds(5_000),
  PENTIMENTO_QUEUED_MS: milliseconds(10_000),
  PENTIMENTO_MAX_RECOVERIES: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .default(5),
  PENTIMENTO_SHUTDOWN_MS: milliseconds(10_000),
  PENTIMENTO_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
});

const defaultPort = 7400;
const longestBeat = 1000;
/** Beats in one lease: two may be lost before another worker may take the job. */
const beatsPerLease = 3;

export type EnvironmentVariables = Record<string, string | undefined>;

/** Everything wrong with the environment, one plain sentence each. */
export class EnvironmentFaults extends Error {
  readonly faults: string[];
  constructor(faults: string[]) {
    super(faults.join('\n'));
    this.name = 'EnvironmentFaults';
    this.faults = faults;
  }
}

/** Parses the settings; an empty variable counts as unset. Throws EnvironmentFaults that names every fault at once. */
export function readEnvironment(variables: EnvironmentVariables) {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success) {
    throw new EnvironmentFaults(
      parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}; set it right or leave it unset.`),
    );
  }
  const settings = parsed.data;
  const home = resolve(settings.PENTIMENTO_HOME);
  const lease = settings.PENTIMENTO_LEASE_MS;
  return {
    home,
    folders: homeFolders(home),
    databaseUrl: settings.DATABASE_URL,
    redisUrl: settings.REDIS_URL,
    host: settings.PENTIMENTO_HOST,
    port: settings.PENTIMENTO_PORT ?? defaultPort,
    portIsChosen: settings.PENTIMENTO_PORT !== undefined,
    allowedHosts: settings.PENTIMENTO_ALLOWED_HOSTS,
    allowedOrigins: settings.PENTIMENTO_ALLOWED_ORIGINS,
    allowUnsandboxed: settings.PENTIMENTO_ALLOW_UNSANDBOXED === 'yes',
    runsWorker: settings.PENTIMENTO_WORKER === 'on',
    renderSlots: settings.PENTIMENTO_RENDER_SLOTS,
    reward: {
      encoder: settings.PENTIMENTO_ENCODER,
      executionProvider: settings.PENTIMENTO_REWARD_PROVIDER,
      precision: settings.PENTIMENTO_REWARD_PRECISION,
      /** Of the service that scores in this process's place. */
      url: settings.REWARD_URL,
    },
    logLevel: settings.PENTIMENTO_LOG_LEVEL,
    shutdownMs: settings.PENTIMENTO_SHUTDOWN_MS,
    queue: {
      concurrency: settings.PENTIMENTO_WORKER_CONCURRENCY,
      leaseMs: lease,
      beatMs: Math.min(longestBeat, Math.floor(lease / beatsPerLease)),
      sweepMs: settings.PENTIMENTO_SWEEP_MS,
      queuedMs: settings.PENTIMENTO_QUEUED_MS,
      maxRecoveries: settings.PENTIMENTO_MAX_RECOVERIES,
    },
  };
}
export type Environment = ReturnType<typeof readEnvironment>;
