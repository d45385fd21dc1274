import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { ServerDescription } from '../calls/failure.ts';
import { fetchChat } from '../chat-completions/fetch-chat.ts';
import { createVectorizer } from '@pentimento/vectorizer';
import type { FencedLanguage } from '@pentimento/vectorizer';
import { problemOfUrl, variable, type Environment } from './configuration.ts';
import { fetchModel } from './http.ts';
import type { ModelProfile, ModelProfiles } from '../profiles/model-profiles.ts';
import { openScript } from '../testing/index.ts';

/** A provider as the environment configures it. */
export interface ModelProvider {
  name: string;
  /** A full model name to show how its models are named. */
  example: string;
  /** Full names of models that are known to exist. */
  known: string[];
  /** Why none of its models can be used, with the remedy; null where it is ready. */
  reason: string | null;
  /** The environment is wrong, and not merely silent, about it. */
  misconfigured: boolean;
  /** How its models may be named, without the provider; null where there are only the known ones. */
  modelNames: RegExp | null;
  /** The project's own. */
  trusted: boolean;
  server: ServerDescription;
  secrets: string[];
  create(model: string): LanguageModelV4;
}

interface Connection {
  baseURL: string;
  apiKey: string | undefined;
  fetch: typeof fetch;
  /** The profile of a model by the server's own name for it. */
  profileOf: (model: string) => ModelProfile;
}

interface Hosted {
  name: string;
  keyVariable: string;
  keyRequired: boolean;
  urlVariable: string;
  /** The vendor's own address; null where there is none and it must be configured. */
  url: string | null;
  exampleUrl: string;
  example: string;
  known: string[];
  modelNames: RegExp;
  connect(connection: Connection): (model: string) => LanguageModelV4;
}

const plainNames = /^\w[\w.:@+-]*$/;
/** Of a repository or a file, with slashes. No part is `.` or `..`. */
const pathNames = /^\/?(?!\.\.?(?:\/|$))[\w.:@+-]+(?:\/(?!\.\.?(?:\/|$))[\w.:@+-]+)*$/;
/** They are a part of the address that the key is sent to. */
const googleNames = /^(?:(?:models|tunedModels)\/)?\w[\w.-]*$/;

const hosted: Hosted[] = [
  {
    name: 'openai-compatible',
    keyVariable: 'OPENAI_COMPATIBLE_API_KEY',
    keyRequired: false,
    urlVariable: 'OPENAI_COMPATIBLE_BASE_URL',
    url: null,
    exampleUrl: 'http://127.0.0.1:8000/v1',
    example: 'Qwen/Qwen3-VL-8B-Instruct',
    known: [],
    modelNames: pathNames,
    connect: ({ profileOf, ...connection }) => {
      const fetch = fetchChat(connection.fetch, profileOf);
      const provider = createOpenAICompatible({ ...connection, fetch, name: 'openai-compatible', includeUsage: true });
      return (model) => provider.chatModel(model);
    },
  },
  {
    name: 'openai',
    keyVariable: 'OPENAI_API_KEY',
    keyRequired: true,
    urlVariable: 'OPENAI_BASE_URL',
    url: 'https://api.openai.com/v1',
    exampleUrl: 'https://api.openai.com/v1',
    example: 'gpt-6.1-sol',
    known: ['gpt-6.1-sol', 'gpt-5.4-mini'],
    modelNames: plainNames,
    // Chat completions, because it takes a seed, reports a fingerprint and keeps nothing on the server.
    connect: ({ profileOf, ...connection }) => {
      const provider = createOpenAI({ ...connection, fetch: fetchChat(connection.fetch, profileOf) });
      return (model) => provider.chat(model);
    },
  },
  {
    name: 'anthropic',
    keyVariable: 'ANTHROPIC_API_KEY',
    keyRequired: true,
    urlVariable: 'ANTHROPIC_BASE_URL',
    url: 'https://api.anthropic.com/v1',
    exampleUrl: 'https://api.anthropic.com/v1',
    example: 'claude-sonnet-5-5',
    known: ['claude-sonnet-5-5', 'claude-opus-5-5'],
    modelNames: plainNames,
    connect: (connection) => {
      const provider = createAnthropic(connection);
      return (model) => provider(model);
    },
  },
  {
    name: 'google',
    keyVariable: 'GOOGLE_GENERATIVE_AI_API_KEY',
    keyRequired: true,
    urlVariable: 'GOOGLE_BASE_URL',
    url: 'https://generativelanguage.googleapis.com/v1beta',
    exampleUrl: 'https://generativelanguage.googleapis.com/v1beta',
    example: 'gemini-3.8-flash',
    known: ['gemini-3.8-flash', 'gemini-2.5-pro'],
    modelNames: googleNames,
    connect: (connection) => {
      const provider = createGoogle(connection);
      return (model) => provider(model);
    },
  },
];

interface ProvidersInput {
  environment: Environment;
  languages: readonly FencedLanguage[];
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  profiles: ModelProfiles;
}

/** Every provider that this environment knows of, the built-in one first. */
export function readProviders({ environment, languages, wait, profiles }: ProvidersInput): ModelProvider[] {
  const script = variable(environment, 'PENTIMENTO_SCRIPTED_MODEL');
  return [
    builtin(languages),
    ...hosted.map((settings) => configure(settings, environment, profiles)),
    ...(script === undefined ? [] : [scripted(script, languages, wait)]),
  ];
}

function builtin(languages: readonly FencedLanguage[]): ModelProvider {
  const name = 'builtin/vectorizer';
  return {
    name: 'builtin',
    example: name,
    known: [name],
    reason: null,
    misconfigured: false,
    modelNames: null,
    trusted: true,
    server: { label: 'The built-in model', keyVariable: null, urlVariable: null, hasKey: false },
    secrets: [],
    create: () => createVectorizer(languages),
  };
}

function scripted(
  path: string,
  languages: readonly FencedLanguage[],
  wait: (ms: number, signal: AbortSignal) => Promise<void>,
): ModelProvider {
  const script = openScript(path, languages, wait);
  return {
    name: 'scripted',
    example: 'scripted/test',
    known: ['scripted/test'],
    reason: script.problem,
    misconfigured: script.problem !== null,
    modelNames: pathNames,
    trusted: false,
    server: {
      label: 'The scripted model',
      keyVariable: null,
      urlVariable: 'PENTIMENTO_SCRIPTED_MODEL',
      hasKey: false,
    },
    secrets: [],
    create: script.create,
  };
}

function configure(settings: Hosted, environment: Environment, profiles: ModelProfiles): ModelProvider {
  const key = variable(environment, settings.keyVariable);
  const configuredUrl = variable(environment, settings.urlVariable);
  const url = configuredUrl ?? settings.url;
  const urlProblem = configuredUrl ? problemOfUrl(configuredUrl, settings.urlVariable, settings.exampleUrl) : null;
  const reason = urlProblem ?? whatIsMissing(settings, url, key);
  const label = url && !urlProblem ? new URL(url).host : settings.name;
  const profileOf = (model: string) => profiles.of(`${settings.name}/${model}`, label);
  let models: ((model: string) => LanguageModelV4) | undefined;
  return {
    name: settings.name,
    example: `${settings.name}/${settings.example}`,
    known: settings.known.map((model) => `${settings.name}/${model}`),
    reason,
    misconfigured: urlProblem !== null,
    modelNames: settings.modelNames,
    trusted: false,
    server: {
      label,
      keyVariable: settings.keyVariable,
      urlVariable: settings.urlVariable,
      hasKey: key !== undefined,
    },
    secrets: key ? [key] : [],
    create: (model) => {
      if (reason !== null || url === null) throw new Error(`The provider ${settings.name} is not ready.`);
      models ??= settings.connect({ baseURL: url.replace(/\/+$/, ''), apiKey: key, fetch: fetchModel, profileOf });
      return models(model);
    },
  };
}

function whatIsMissing(settings: Hosted, url: string | null, key: string | undefined): string | null {
  if (url === null)
    return `No server is configured: set ${settings.urlVariable} to its address, e.g. ${settings.exampleUrl}, and restart.`;
  if (settings.keyRequired && key === undefined)
    return `No API key is configured: set ${settings.keyVariable} and restart.`;
  return null;
}
