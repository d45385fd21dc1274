import { alignmentRules } from '@pentimento/api-contracts';
import { openBlobStore } from '@pentimento/blob-store';
import { alphaModes, renderModes } from '@pentimento/contracts';
import { z } from 'zod';

/** What docs/operations.md says of a variable. `default` is in words where the value is computed. */
interface Documentation {
  default?: string;
  description: string;
}

const documented = <T extends z.ZodType>(schema: T, documentation: Documentation): T =>
  schema.meta({ ...documentation }) as T;

const milliseconds = (initial: number, description: string, min = 10) =>
  documented(
    z.coerce
      .number(`must be a number of milliseconds, e.g. ${initial}`)
      .int('must be a whole number of milliseconds')
      .min(min, `must be at least ${min}`)
      .default(initial),
    { default: String(initial), description },
  );

/** A whole number of things within bounds. */
const count = (things: string, min: number, max: number) =>
  z.coerce
    .number(`must be a number${things}`)
    .int(`must be a whole number${things}`)
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);

const url = (protocols: string[], example: string) =>
  z.string().refine((value) => protocols.includes(URL.parse(value)?.protocol ?? ''), `must look like ${example}`);

const list = () =>
  z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((entry) => entry.trim().toLowerCase())
        .filter(Boolean),
    )
    .default([]);

const choice = <const T extends readonly string[]>(values: T, message: string) => z.enum(values, `must be ${message}`);

function isBlobStore(location: string): boolean {
  try {
    openBlobStore(location);
    return true;
  } catch {
    return false;
  }
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The variables of `apps/api`, in the order of docs/operations.md. */
export const variables = {
  PENTIMENTO_HOME: documented(z.string().optional(), {
    default: '`.pentimento` in the checkout',
    description: 'state: embedded PostgreSQL, blobs, caches, `server.json` of the running server',
  }),
  PENTIMENTO_BLOB_STORE: documented(
    z.string().refine(isBlobStore, 'must be the absolute path of a folder, e.g. /data/blobs').optional(),
    {
      default: '`blobs` in `PENTIMENTO_HOME`',
      description: 'where images, code, prompts and replies are kept: the absolute path of a folder',
    },
  ),
  DATABASE_URL: documented(
    url(['postgres:', 'postgresql:'], 'postgresql://user:password@host:5432/database').optional(),
    { default: 'the embedded PostgreSQL', description: 'your own PostgreSQL' },
  ),
  REDIS_URL: documented(url(['redis:', 'rediss:'], 'redis://host:6379').optional(), {
    default: 'the queue lives in PostgreSQL',
    description: 'the queue lives in this Redis; one Redis database serves one Pentimento database',
  }),
  PENTIMENTO_HOST: documented(z.string().default('127.0.0.1'), {
    default: '`127.0.0.1`',
    description: 'address to listen on; there is no login, so keep it on loopback or behind a proxy that has one',
  }),
  PENTIMENTO_PORT: documented(
    z.coerce
      .number('must be a port number')
      .int('must be a whole number')
      .min(0, 'must be 0 (any free port) to 65535')
      .max(65535, 'must be 0 (any free port) to 65535')
      .optional(),
    { default: '7400, or the next free one', description: 'exactly this port; 0 takes any' },
  ),
  PENTIMENTO_ALLOWED_HOSTS: documented(list(), {
    default: 'none',
    description: 'host names, with commas, that requests may use in addition to addresses and localhost',
  }),
  PENTIMENTO_ALLOWED_ORIGINS: documented(list(), {
    default: 'none',
    description: 'other origins, with commas, whose pages may use the API',
  }),
  PENTIMENTO_ALLOW_OTHER_ACCOUNTS: documented(choice(['yes', 'no'], '"yes" or "no"').default('no'), {
    default: '`no`',
    description:
      '`yes` lets processes of all accounts of this machine use the server, e.g. a proxy; else only its own account and root may, over loopback',
  }),
  PENTIMENTO_WORKER: documented(choice(['on', 'off'], '"on" or "off"').default('on'), {
    default: '`on`',
    description: '`off`: this process serves HTTP only',
  }),
  PENTIMENTO_WORKER_CONCURRENCY: documented(count(' of jobs', 1, 64).default(2), {
    default: '2',
    description: 'jobs at once in one process',
  }),
  PENTIMENTO_EXPORT_CONCURRENCY: documented(count(' of exports', 1, 16).default(1), {
    default: '1',
    description: 'exports at once in one process, in addition to its jobs',
  }),
  PENTIMENTO_ENVIRONMENT_STEPS: documented(count(' of steps', 1, 64).default(4), {
    default: '4',
    description: 'resets and steps of environments that one process works on at once',
  }),
  PENTIMENTO_ENVIRONMENT_WAITING: documented(count(' of requests', 0, 100_000).default(1024), {
    default: '1024',
    description:
      'resets and steps that may wait in one process; beyond that they are refused with 429 and `Retry-After`',
  }),
  PENTIMENTO_ENVIRONMENT_SESSIONS: documented(count(' of sessions', 1, 1_000_000).default(10_000), {
    default: '10000',
    description: 'sessions with an unfinished episode, over all processes; beyond that resets are refused with 429',
  }),
  PENTIMENTO_ENVIRONMENT_IDLE_MS: documented(count(' of milliseconds', 100, 2_000_000_000).default(3_600_000), {
    default: '3600000',
    description: 'an episode whose next step does not come for this long is ended',
  }),
  PENTIMENTO_RENDER_SLOTS: documented(count(' of renders', 1, 64).optional(), {
    default: 'one a core, at most 2',
    description: 'renders at a time in one process',
  }),
  PENTIMENTO_VIEWPORT_HEIGHT: documented(count(' of CSS pixels', 100, 8192).optional(), {
    default: 'inferred from the target',
    description: 'height of the viewport in which HTML pages are rendered, CSS pixels',
  }),
  PENTIMENTO_PYTHON: documented(z.string().optional(), {
    default: "Debian's Python",
    description: 'interpreter of another Python environment, for Python scripts',
  }),
  PENTIMENTO_ENCODER: documented(z.string().optional(), {
    default: 'the embedded one',
    description: 'name of an installed encoder, or folder or manifest of another (`libs/encoder/README.md`)',
  }),
  PENTIMENTO_REWARD_PROVIDER: documented(choice(['cpu', 'cuda'], '"cpu" or "cuda"').optional(), {
    default: '`cpu`',
    description: '`cuda` computes on an NVIDIA card, where its libraries are installed',
  }),
  PENTIMENTO_REWARD_PRECISION: documented(choice(['float32', 'int8'], '"float32" or "int8"').optional(), {
    default: '`float32`',
    description: '`int8` is faster, and only for an encoder that has passed `pentimento encoder check`',
  }),
  PENTIMENTO_REWARD_ALPHA: documented(choice(alphaModes, '"flatten-white" or "reference"').default('flatten-white'), {
    default: '`flatten-white`',
    description:
      'transparency is laid on white, palettes are colors; `reference`: both as the published reward has them',
  }),
  PENTIMENTO_REWARD_ALIGNMENT: documented(choice(alignmentRules, '"published" or "lenient"').default('published'), {
    default: '`published`',
    description:
      'how replies to score are read: by the published rule, letter by letter; `lenient`: as the loop reads them (docs/reply-forms.md)',
  }),
  REWARD_URL: documented(
    url(['http:', 'https:'], 'http://host:7400')
      .refine((value) => !URL.parse(value)?.username, 'must hold no user name: no reward service asks for one')
      .optional(),
    {
      default: 'this process scores itself',
      description: "another machine's reward service scores in its place; its encoder counts, not the one named here",
    },
  ),
  PENTIMENTO_CHROMIUM: documented(z.string().optional(), {
    default: 'searched for',
    description: 'Chromium or its headless shell',
  }),
  PENTIMENTO_RENDER_MODE: documented(choice(renderModes, '"target" or "published"').default('target'), {
    default: '`target`',
    description:
      'code is rendered as its target shows it; `published`: SVG at 336 x 336 px, pages at 1280 x 720, LaTeX at 300 dpi, an article as a standalone figure, as the published reward renders them',
  }),
  PENTIMENTO_ALLOW_UNSANDBOXED: documented(choice(['yes', 'no'], '"yes" or "no"').default('no'), {
    default: '`no`',
    description:
      '`yes` runs any code without a sandbox where none is available: only on a machine that you can throw away',
  }),
  PENTIMENTO_LOG_LEVEL: documented(choice(logLevels, `one of ${logLevels.join(', ')}`).default('info'), {
    default: '`info`',
    description: "pino's levels; the log is JSON on standard error",
  }),
  PENTIMENTO_LEASE_MS: milliseconds(15_000, 'a worker that is silent for this long has lost its job or export', 100),
  PENTIMENTO_SWEEP_MS: milliseconds(5_000, 'how often orphaned jobs and exports are looked for'),
  PENTIMENTO_QUEUED_MS: milliseconds(10_000, 'a job or export that no worker took for this long is enqueued again'),
  PENTIMENTO_MAX_RECOVERIES: documented(
    z.coerce.number('must be a number').int('must be a whole number').min(1, 'must be at least 1').default(5),
    {
      default: '5',
      description: 'workers in a row that may die over a job without progress, or over an export, before it fails',
    },
  ),
  PENTIMENTO_KEEP_DAYS: documented(
    z.coerce.number('must be a number of days').positive('must be more than 0').optional(),
    { default: 'all jobs', description: 'ended jobs are deleted this many days after their end' },
  ),
  PENTIMENTO_KEEP_JOBS: documented(count(' of jobs', 0, 1_000_000_000).optional(), {
    default: 'all jobs',
    description: 'only this many ended jobs are kept, the newest',
  }),
  PENTIMENTO_BLOB_GRACE_HOURS: documented(
    z.coerce.number('must be a number of hours').min(1, 'must be at least 1').default(24),
    {
      default: '24',
      description:
        'images, code, prompts, replies and files that no job or export names are kept this long; longer than any iteration or export',
    },
  ),
  PENTIMENTO_PRUNE_MS: milliseconds(3_600_000, 'how often both are deleted'),
  PENTIMENTO_SHUTDOWN_MS: milliseconds(10_000, 'limit for each part while closing'),
};

const text = (description: string) => documented(z.string().optional(), { description });

/** The variables of the models, which `libs/models` parses. */
export const modelVariables = {
  OPENAI_COMPATIBLE_BASE_URL: text('any server that speaks the OpenAI protocol'),
  OPENAI_COMPATIBLE_API_KEY: text("that server's key, where it wants one"),
  OPENAI_API_KEY: text('makes `openai/…` ready'),
  OPENAI_BASE_URL: text('another address of that provider'),
  ANTHROPIC_API_KEY: text('makes `anthropic/…` ready'),
  ANTHROPIC_BASE_URL: text('another address of that provider'),
  GOOGLE_GENERATIVE_AI_API_KEY: text('makes `google/…` ready'),
  GOOGLE_BASE_URL: text('another address of that provider'),
  PENTIMENTO_MODELS: text(
    'names to list, `provider/model` with commas; any other model of a ready provider may be named at submit',
  ),
  PENTIMENTO_MODEL_PRICES: text(
    'JSON, `{"provider/model": {"input": 0.5, "output": 1.5}}` in US dollars a million tokens, in place of the list prices below',
  ),
  PENTIMENTO_MODEL_CAPTURE: text(
    'JSON, `{"openai-compatible/MODEL": {"logprobsMode": "processed_logprobs", "imageTokenId": 151655}}`: token ids are recorded',
  ),
  PENTIMENTO_MODEL_IMAGES: text(
    'JSON, `{"provider/model": 1}`: images that its server takes in one request; else learned from its refusal and kept for a week',
  ),
  PENTIMENTO_MODEL_CONTEXT: text(
    'JSON, `{"provider/model": 8192}`: tokens of prompt and reply that its context holds; else learned from its refusal and kept for a week',
  ),
  PENTIMENTO_MODEL_CONCURRENCY: text('calls to one provider at a time, of each worker process, 16 by default'),
  PENTIMENTO_MODEL_TIMEOUT_SECONDS: text('maximum time of one attempt, 300 by default'),
  PENTIMENTO_SCRIPTED_MODEL: text('a script that makes `scripted/…` models answer, for tests'),
};
