import {
  createJobSchema,
  defaultModel,
  type CreateJobInput,
  type ModelState,
  type RendererState,
} from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import type { ProblemException } from '../http/problem.exception.ts';
import {
  validateCode,
  validateLanguage,
  validateModelLanguage,
  validatePromptSet,
  validateThreshold,
} from './job-validation.ts';

const own: ModelState = { name: 'builtin/own', provider: 'builtin', ready: true, reason: null, trusted: true };
const foreign: ModelState = { ...own, name: 'openai/any', provider: 'openai', trusted: false };

function refusal(isolation: RendererState['isolation'], model: ModelState, request: Partial<CreateJobInput> = {}) {
  const svg: RendererState = { language: 'svg', available: true, renderer: 'svg 1', isolation, reason: 'Install it.' };
  const job = createJobSchema.parse({ language: 'svg', ...request });
  try {
    validateLanguage([svg], model, job);
    return undefined;
  } catch (error) {
    const { code, message, errors } = error as ProblemException;
    return { code, message, pointer: errors?.[0]?.pointer };
  }
}

describe('validateLanguage', () => {
  it('allows any code in a sandbox, and with the unsafe setting', () => {
    expect(refusal('sandbox', foreign)).toBeUndefined();
    expect(refusal('sandbox', own, { code: '<svg/>' })).toBeUndefined();
    expect(refusal('unsafe', foreign)).toBeUndefined();
  });

  it("allows only the project's own code without a sandbox, and says what to do", () => {
    expect(refusal('process', own)).toBeUndefined();
    expect(refusal('process', foreign)).toMatchObject({ code: 'isolation-unavailable', pointer: '/model' });
    expect(refusal('process', own, { code: '<svg/>' })).toMatchObject({
      code: 'isolation-unavailable',
      pointer: '/code',
    });
    expect(refusal('process', foreign)?.message).toContain('Install it.');
  });

  it('refuses a language that no renderer supports', () => {
    expect(refusal('sandbox', own, { language: 'latex' })).toMatchObject({
      code: 'language-unavailable',
      pointer: '/language',
    });
  });
});

describe('validateModelLanguage', () => {
  const write = (name: string, request: Partial<CreateJobInput>) => () =>
    validateModelLanguage({ ...own, name }, createJobSchema.parse({ language: 'svg', ...request }));

  it('refuses what the built-in model cannot write, and says what to choose', () => {
    expect(write(defaultModel, { language: 'smiles' })).toThrow(
      /cannot write smiles: choose another model, or one of svg, html/,
    );
    expect(write(defaultModel, { language: 'mermaid' })).toThrow(/cannot write mermaid/);
  });

  it('allows languages that can express shapes, code to refine in any language, and any language to other models', () => {
    expect(write(defaultModel, { language: 'latex' })).not.toThrow();
    expect(write(defaultModel, { language: 'smiles', code: 'CCO' })).not.toThrow();
    expect(write('openai/any', { language: 'smiles' })).not.toThrow();
  });
});

describe('validateCode', () => {
  it('counts bytes, not characters', () => {
    expect(() => validateCode('a'.repeat(1024 * 1024), 'send some')).not.toThrow();
    expect(() => validateCode('ä'.repeat(600 * 1024), 'send some')).toThrow(/longer than/);
  });

  it('refuses empty code', () => {
    expect(() => validateCode(undefined, 'send some')).not.toThrow();
    expect(() => validateCode(' \n', 'send some')).toThrow(/empty/);
  });
});

describe('validatePromptSet', () => {
  it('takes the sets that there are', () => {
    expect(() => validatePromptSet('standard', 'builtin/vectorizer')).not.toThrow();
    expect(() => validatePromptSet('vincicoder', 'openai-compatible/VinciCoder')).not.toThrow();
  });

  it('names the sets, and the one that the built-in model reads', () => {
    expect(() => validatePromptSet('terse', null)).toThrow('choose standard, vincicoder');
    expect(() => validatePromptSet('vincicoder', 'builtin/vectorizer')).toThrow('only prompts of the set "standard"');
  });
});

describe('validateThreshold', () => {
  it.each(['overall', 'visual', 'worstTile', 'lowQuantile', 'size', 'aspect', 'color', 'shiftTolerant', 'strict'])(
    'allows the term %s',
    (term) => {
      expect(() => validateThreshold({ profile: term, minimums: { [term]: 0.9 } })).not.toThrow();
    },
  );

  it.each(['text', 'windows', 'alignment', 'beauty'])(
    'refuses %s, which no threshold can read, and names what can be read',
    (term) => {
      const named = /choose one of overall, visual, worstTile, lowQuantile, size, aspect, color, shiftTolerant, strict/;
      expect(() => validateThreshold({ profile: term, minimums: {} })).toThrow(named);
      expect(() => validateThreshold({ profile: 'overall', minimums: { worstTile: 0.9, [term]: 0.9 } })).toThrow(named);
    },
  );
});
