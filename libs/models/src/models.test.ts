import { modelPageSchema, modelStateSchema } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { createModels } from './models.ts';

const secret = 'sk-live-abcdef123456';

function modelsIn(environment: Record<string, string>) {
  return createModels({
    environment,
    languages: [],
    blobs: { get: () => Promise.reject(new Error('There is no blob.')) },
  });
}

const configured = {
  OPENAI_API_KEY: secret,
  ANTHROPIC_API_KEY: secret,
  GOOGLE_GENERATIVE_AI_API_KEY: secret,
  OPENAI_COMPATIBLE_BASE_URL: 'http://127.0.0.1:8000/v1',
};

describe('state', () => {
  it('has the built-in model ready without any configuration, and trusts nothing else', () => {
    const models = modelsIn({});
    expect(models.state('builtin/vectorizer')).toEqual({
      name: 'builtin/vectorizer',
      provider: 'builtin',
      ready: true,
      reason: null,
      trusted: true,
    });
    expect(modelsIn(configured).state('openai/gpt').trusted).toBe(false);
  });

  it.each([
    'openai/any-name',
    'openai/ft:gpt-5.4-mini:org::B4x_1',
    'anthropic/any-name',
    'google/any-name',
    'google/models/gemini-2.5-pro',
    'openai-compatible/Qwen/Qwen3-VL-8B-Instruct',
    'openai-compatible/qwen2.5vl:7b',
    'openai-compatible//models/qwen.gguf',
    'openai-compatible/org/model@main+lora',
  ])('takes %s once its provider is configured', (name) => {
    expect(modelsIn(configured).state(name)).toMatchObject({ name, ready: true, reason: null });
  });

  it.each([
    'google/../files',
    'google/models/../../upload',
    'google/x?key=1',
    'google/x#',
    'google/x%2e%2e',
    'google/files/x',
    'google/x:batch',
    'google//x',
    'openai/a/b',
    'anthropic/a?b',
    'openai-compatible/a/../b',
    'openai-compatible/..',
    'openai-compatible/./a',
    'openai-compatible/a//b',
    'openai-compatible/a/',
  ])('takes no name that could lead elsewhere on a server: %s', (name) => {
    const models = modelsIn(configured);
    expect(models.state(name)).toMatchObject({
      ready: false,
      reason: expect.stringContaining('no models of such names'),
    });
    expect(models.knows(name)).toBe(false);
  });

  it.each([
    ['openai/gpt', 'No API key is configured: set OPENAI_API_KEY and restart.'],
    ['anthropic/claude', 'No API key is configured: set ANTHROPIC_API_KEY and restart.'],
    ['google/gemini', 'No API key is configured: set GOOGLE_GENERATIVE_AI_API_KEY and restart.'],
    [
      'openai-compatible/x',
      'No server is configured: set OPENAI_COMPATIBLE_BASE_URL to its address, e.g. http://127.0.0.1:8000/v1, and restart.',
    ],
    ['builtin/other', 'The provider builtin has no such model: use builtin/vectorizer.'],
    ['openai/', 'The provider openai has no models of such names: write provider/model, e.g. openai/gpt-6.1-sol.'],
    ['openai', 'The provider openai has no models of such names: write provider/model, e.g. openai/gpt-6.1-sol.'],
    [
      'mistral/x',
      'There is no provider of that name: name the model as provider/model with one of builtin, openai-compatible, openai, anthropic, google.',
    ],
    [
      'scripted/test',
      'There is no provider of that name: name the model as provider/model with one of builtin, openai-compatible, openai, anthropic, google.',
    ],
  ])('says what to do about %s', (name, reason) => {
    expect(modelsIn({}).state(name)).toMatchObject({ name, ready: false, reason });
  });

  it('takes an empty variable as unset', () => {
    expect(modelsIn({ OPENAI_API_KEY: '  ' }).state('openai/gpt').ready).toBe(false);
  });
});

describe('knows', () => {
  it('distinguishes a model that is not ready from one that cannot be', () => {
    const models = modelsIn({});
    expect(['openai/gpt', 'builtin/vectorizer'].map(models.knows)).toEqual([true, true]);
    expect(['mistral/x', 'builtin/x', 'openai', 'openai/a b', ''].map(models.knows)).toEqual(Array(5).fill(false));
  });
});

describe('list', () => {
  it('names known models of every provider, with whether each is ready', () => {
    const page = modelPageSchema.parse(modelsIn({ OPENAI_API_KEY: secret }).list());
    const ready = new Map(page.providers.map((provider) => [provider.provider, provider.ready]));
    expect(Object.fromEntries(ready)).toEqual({
      builtin: true,
      'openai-compatible': false,
      openai: true,
      anthropic: false,
      google: false,
    });
    expect(page.data[0]).toMatchObject({ name: 'builtin/vectorizer', ready: true });
    expect(page.data[0]).toMatchObject({ id: 'builtin/vectorizer', object: 'model', owned_by: 'builtin' });
    for (const model of page.data) expect(model.ready, model.name).toBe(ready.get(model.provider));
  });

  it('adds those of PENTIMENTO_MODELS once', () => {
    const names = modelsIn({
      ...configured,
      PENTIMENTO_MODELS: 'openai-compatible/Qwen/Qwen3-VL, builtin/vectorizer ,openai-compatible/Qwen/Qwen3-VL',
    })
      .list()
      .data.map(({ name }) => name);
    expect(names.filter((name) => name === 'openai-compatible/Qwen/Qwen3-VL')).toHaveLength(1);
    expect(names.filter((name) => name === 'builtin/vectorizer')).toHaveLength(1);
  });

  it('never holds a key', () => {
    const models = modelsIn({ ...configured, OPENAI_BASE_URL: `http://user:${secret}@127.0.0.1/` });
    const output = [models.list(), models.state('openai/gpt'), models.configurationProblems()];
    expect(JSON.stringify(output)).not.toContain(secret);
  });
});

describe('configurationProblems', () => {
  it('has none in an empty or a complete environment', () => {
    expect(modelsIn({}).configurationProblems()).toEqual([]);
    expect(modelsIn(configured).configurationProblems()).toEqual([]);
  });

  it.each([
    ['OPENAI_COMPATIBLE_BASE_URL', 'localhost:8000'],
    ['OPENAI_BASE_URL', 'not an address'],
    ['ANTHROPIC_BASE_URL', 'ftp://example.org'],
    ['GOOGLE_BASE_URL', 'https://user:word@example.org'],
    ['PENTIMENTO_MODEL_PRICES', '{"openai/gpt": 1}'],
    ['PENTIMENTO_MODEL_CAPTURE', '{"openai-compatible/vlm": true}'],
    ['PENTIMENTO_MODEL_CAPTURE', '{"openai/gpt": {}}'],
    ['PENTIMENTO_MODEL_TIMEOUT_SECONDS', 'five'],
    ['PENTIMENTO_MODEL_TIMEOUT_SECONDS', '0'],
    ['PENTIMENTO_MODELS', 'gpt'],
    ['PENTIMENTO_SCRIPTED_MODEL', '/nowhere/script.json'],
  ])('reports %s=%s and what to do', (name, value) => {
    const problems = modelsIn({ ...configured, [name]: value }).configurationProblems();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
    expect(problems[0]).toMatch(/: (set|correct|take)/);
  });

  it('reports all of them together', () => {
    const problems = modelsIn({ OPENAI_BASE_URL: 'x', PENTIMENTO_MODELS: 'x' }).configurationProblems();
    expect(problems).toHaveLength(2);
  });

  it('makes the models of a provider with a bad address unusable', () => {
    const state = modelsIn({ ...configured, OPENAI_BASE_URL: 'x' }).state('openai/gpt');
    expect(modelStateSchema.parse(state)).toMatchObject({
      ready: false,
      reason: expect.stringContaining('OPENAI_BASE_URL'),
    });
  });
});

describe('generate', () => {
  const prompt = { instructions: 'Draw.', messages: [] };
  const sampling = { temperature: null, seed: null, maxOutputTokens: null };

  it('answers with the reason for a model that is not ready', async () => {
    const outcome = await modelsIn({}).generate(
      { model: 'openai/gpt', prompt, sampling },
      { signal: new AbortController().signal },
    );
    expect(outcome).toEqual({
      ok: false,
      failure: {
        kind: 'not_configured',
        message: 'No API key is configured: set OPENAI_API_KEY and restart.',
        attempts: 1,
      },
    });
  });

  it('rejects at once with the reason of a signal that has aborted', async () => {
    const reason = new Error('canceled');
    const outcome = modelsIn({}).generate(
      { model: 'openai/gpt', prompt, sampling },
      { signal: AbortSignal.abort(reason) },
    );
    await expect(outcome).rejects.toBe(reason);
  });

  it('passes on an image that the store cannot read', async () => {
    const image = { type: 'image' as const, image: '0'.repeat(64), mediaType: 'image/png', width: 1, height: 1 };
    const outcome = modelsIn(configured).generate(
      { model: 'openai/gpt', prompt: { ...prompt, messages: [{ role: 'user', content: [image] }] }, sampling },
      { signal: new AbortController().signal },
    );
    await expect(outcome).rejects.toThrow('There is no blob.');
  });
});
