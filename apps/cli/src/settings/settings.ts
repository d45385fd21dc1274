import { join, resolve } from 'node:path';
import { alignmentRules } from '@pentimento/api-contracts';
import { alphaModes, renderModes } from '@pentimento/contracts';
import { z } from 'zod';
import { repository } from './locations.ts';

export type Environment = Record<string, string | undefined>;

const text = z.string().optional();
const documented = (description: string) => text.meta({ description });

/** The variables of the command line alone, in the order of docs/operations.md. */
export const commandVariables = {
  PENTIMENTO_URL: documented('the server that commands use; else the one that runs over `PENTIMENTO_HOME`'),
  HF_ENDPOINT: documented('the Hugging Face hub, or a mirror of it, that `encoder pull` downloads from'),
  HF_TOKEN: documented('sent to that hub, where a repository needs it'),
  HF_HOME: documented(
    "the folder of Hugging Face's own tools, whose downloads are reused; `HF_HUB_CACHE` names its cache alone",
  ),
  NO_COLOR: documented('anything: no colors ([no-color.org](https://no-color.org)); `TERM=dumb` turns them off too'),
};

const modelKeys = {
  'openai-compatible': 'OPENAI_COMPATIBLE_BASE_URL',
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
} as const;

/** A server's settings, as far as commands without a server use or check them. `apps/api` documents them. */
const sharedVariables = {
  PENTIMENTO_HOME: text,
  DATABASE_URL: text,
  REDIS_URL: text,
  REWARD_URL: text,
  PENTIMENTO_HOST: z.string().default('127.0.0.1'),
  PENTIMENTO_PORT: z.coerce
    .number('must be a port number')
    .int('must be a whole number')
    .min(0, 'must be 0 (any free port) to 65535')
    .max(65535, 'must be 0 (any free port) to 65535')
    .optional(),
  PENTIMENTO_RENDER_SLOTS: z.coerce
    .number('must be a number of renders')
    .int('must be a whole number of renders')
    .min(1, 'must be at least 1')
    .max(64, 'must be at most 64')
    .optional(),
  PENTIMENTO_VIEWPORT_HEIGHT: z.coerce
    .number('must be a number of CSS pixels')
    .int('must be a whole number of CSS pixels')
    .min(100, 'must be at least 100')
    .max(8192, 'must be at most 8192')
    .optional(),
  PENTIMENTO_ALLOW_UNSANDBOXED: z.enum(['yes', 'no'], 'must be "yes" or "no"').default('no'),
  PENTIMENTO_PYTHON: text,
  PENTIMENTO_CHROMIUM: text,
  PENTIMENTO_RENDER_MODE: z.enum(renderModes, 'must be "target" or "published"').default('target'),
  PENTIMENTO_ENCODER: text,
  PENTIMENTO_REWARD_PROVIDER: z.enum(['cpu', 'cuda'], 'must be "cpu" or "cuda"').optional(),
  PENTIMENTO_REWARD_PRECISION: z.enum(['float32', 'int8'], 'must be "float32" or "int8"').optional(),
  PENTIMENTO_REWARD_ALPHA: z.enum(alphaModes, 'must be "flatten-white" or "reference"').default('flatten-white'),
  PENTIMENTO_REWARD_ALIGNMENT: z.enum(alignmentRules, 'must be "published" or "lenient"').default('published'),
};

const schema = z.object({
  ...commandVariables,
  ...sharedVariables,
  ...Object.fromEntries(Object.values(modelKeys).map((name) => [name, text])),
  HF_HUB_CACHE: text,
  XDG_CACHE_HOME: text,
  TERM: text,
});

const defaultPort = 7400;

/**
 * Reads the environment; an empty variable counts as unset. Never throws: invalid variables count as unset too and are
 * named in `problems`, so that commands which do not use them still work.
 */
export function readSettings(environment: Environment) {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const issues = schema.safeParse(set).error?.issues ?? [];
  const invalid = new Set(issues.map(({ path }) => String(path[0])));
  const data = schema.parse(Object.fromEntries(Object.entries(set).filter(([name]) => !invalid.has(name))));
  return {
    /** The problems of the environment, each one sentence with its remedy. */
    problems: issues.map(({ path, message }) => `${path.join('.')} ${message}; set it right or leave it unset.`),
    home: resolve(data.PENTIMENTO_HOME ?? join(repository, '.pentimento')),
    /** The server that commands use, where it is named. */
    url: data.PENTIMENTO_URL,
    colors: data.NO_COLOR === undefined && data.TERM !== 'dumb',
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
    },
    /** How replies to score are read. */
    alignment: data.PENTIMENTO_REWARD_ALIGNMENT,
    /** How a server would be configured here. */
    server: {
      databaseUrl: data.DATABASE_URL,
      redisUrl: data.REDIS_URL,
      rewardUrl: data.REWARD_URL,
      host: data.PENTIMENTO_HOST,
      port: data.PENTIMENTO_PORT ?? defaultPort,
      portIsFixed: data.PENTIMENTO_PORT !== undefined,
    },
    /** The providers of models, with the variable that makes each ready. */
    modelProviders: Object.entries(modelKeys).map(([provider, variable]) => ({
      provider,
      variable,
      isSet: set[variable] !== undefined,
    })),
    /** The variables of the Hugging Face hub, which `libs/encoder` parses. */
    hub: {
      HF_ENDPOINT: data.HF_ENDPOINT,
      HF_TOKEN: data.HF_TOKEN,
      HF_HOME: data.HF_HOME,
      HF_HUB_CACHE: data.HF_HUB_CACHE,
      XDG_CACHE_HOME: data.XDG_CACHE_HOME,
    },
  };
}
export type Settings = ReturnType<typeof readSettings>;
