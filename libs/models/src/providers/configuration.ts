import { modelNameSchema } from '@pentimento/contracts';
import { readCapture, type CaptureByModel } from '../calls/capture.ts';
import { readBounds, type BoundByModel } from '../calls/model-limits.ts';
import { readPrices, type Prices } from './prices.ts';

/** The environment as a record, e.g. `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Configuration {
  /** Longest time of one attempt, milliseconds. */
  timeoutMs: number;
  /** Attempts to one provider at a time. */
  concurrency: number;
  prices: Prices;
  capture: CaptureByModel;
  /** Images that the server takes in one request. */
  maxImages: BoundByModel;
  /** Tokens of prompt and reply together. */
  context: BoundByModel;
  /** Names to list in addition to the known examples. */
  listed: string[];
  /** The problems of the environment, each one sentence with its remedy; none of them quotes a value. */
  problems: string[];
}

/** The variables that give a hosted provider another address. */
const addresses: Readonly<Record<string, string>> = {
  openai: 'OPENAI_BASE_URL',
  anthropic: 'ANTHROPIC_BASE_URL',
  google: 'GOOGLE_BASE_URL',
};

const defaultTimeoutSeconds = 300;
const maxTimeoutSeconds = 24 * 3600;
/** As many as a group may have candidates. */
const defaultConcurrency = 16;
const maxConcurrency = 1000;

export function readConfiguration(environment: Environment): Configuration {
  const timeout = readTimeout(environment);
  const concurrency = readConcurrency(environment);
  const elsewhere = Object.keys(addresses).filter((provider) => variable(environment, addresses[provider]!));
  const prices = readPrices(variable(environment, 'PENTIMENTO_MODEL_PRICES'), elsewhere);
  const capture = readCapture(variable(environment, 'PENTIMENTO_MODEL_CAPTURE'));
  const images = readBounds('PENTIMENTO_MODEL_IMAGES', variable(environment, 'PENTIMENTO_MODEL_IMAGES'));
  const context = readBounds('PENTIMENTO_MODEL_CONTEXT', variable(environment, 'PENTIMENTO_MODEL_CONTEXT'));
  const names = readNames(environment);
  return {
    timeoutMs: timeout.seconds * 1000,
    concurrency: concurrency.calls,
    prices: prices.prices,
    capture: capture.capture,
    maxImages: images.bounds,
    context: context.bounds,
    listed: names.listed,
    problems: [timeout, concurrency, prices, capture, images, context, names].flatMap(({ problem }) => problem ?? []),
  };
}

/** A variable's value without surrounding space; undefined where it is unset or empty. */
export function variable(environment: Environment, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}

/** Why a base URL cannot be used, or null. The value is never quoted: it may carry a key. */
export function problemOfUrl(value: string, name: string, example: string): string | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    return `${name} is not an http or https address: set it to one such as ${example}, and restart.`;
  if (url.username || url.password)
    return `${name} carries a user name or password, which is not supported: take it out, set the provider's API key instead, and restart.`;
  return null;
}

function readTimeout(environment: Environment): { seconds: number; problem: string | null } {
  const value = variable(environment, 'PENTIMENTO_MODEL_TIMEOUT_SECONDS');
  if (value === undefined) return { seconds: defaultTimeoutSeconds, problem: null };
  const seconds = Number(value);
  if (seconds > 0 && seconds <= maxTimeoutSeconds) return { seconds, problem: null };
  return {
    seconds: defaultTimeoutSeconds,
    problem: `PENTIMENTO_MODEL_TIMEOUT_SECONDS is not a number of seconds up to ${maxTimeoutSeconds}: correct it, or unset it for ${defaultTimeoutSeconds}.`,
  };
}

function readConcurrency(environment: Environment): { calls: number; problem: string | null } {
  const value = variable(environment, 'PENTIMENTO_MODEL_CONCURRENCY');
  const calls = value === undefined ? defaultConcurrency : Number(value);
  if (Number.isInteger(calls) && calls >= 1 && calls <= maxConcurrency) return { calls, problem: null };
  return {
    calls: defaultConcurrency,
    problem: `PENTIMENTO_MODEL_CONCURRENCY is not a whole number from 1 to ${maxConcurrency}: correct it, or unset it for ${defaultConcurrency}.`,
  };
}

function readNames(environment: Environment): { listed: string[]; problem: string | null } {
  const names = (variable(environment, 'PENTIMENTO_MODELS') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const [listed, bad] = [names.filter(isModelName), names.filter((name) => !isModelName(name))];
  if (bad.length === 0) return { listed, problem: null };
  return {
    listed,
    problem:
      'PENTIMENTO_MODELS holds a name that is not of the form provider/model: correct it, with commas between the names.',
  };
}

function isModelName(name: string): boolean {
  return modelNameSchema.safeParse(name).success;
}
