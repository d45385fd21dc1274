import { describe, expect, it } from 'vitest';
import { type LanguageEntry } from '@pentimento/api-contracts';
import { createJobSchema, defaultModel, uploadLimits } from '@pentimento/contracts';
import {
  curlOf,
  defaultForm,
  validationErrors,
  guessLanguage,
  hasFields,
  isClosed,
  refusalOf,
  remarksOn,
  requestOf,
  usableGuess,
  whyNotWritten,
  withoutErrorsOf,
} from './model.ts';

describe('requestOf', () => {
  it('leaves out what is as by default', () => {
    expect(requestOf(defaultForm, {})).toEqual({ language: 'svg', model: 'builtin/vectorizer' });
  });

  it('sends what was changed, and the API takes it', () => {
    const form = {
      ...defaultForm,
      threshold: 0.9,
      candidates: '4',
      maxTokens: '100000',
      temperature: '0',
      code: '<svg/>',
      name: ' a.png ',
    };
    const request = requestOf(form, { blob: 'a'.repeat(64) });
    expect(request).toEqual({
      target: 'a'.repeat(64),
      name: 'a.png',
      code: '<svg/>',
      language: 'svg',
      model: 'builtin/vectorizer',
      policy: { threshold: 0.9, minimums: { strict: 0.895 }, candidates: 4, temperature: 0 },
      budget: { maxTokens: 100_000 },
    });
    expect(createJobSchema.safeParse(request).success).toBe(true);
  });
});

describe('minimums and guards of the form', () => {
  it('are sent as they are shown where the threshold is another one, since the server knows none for it', () => {
    expect(requestOf({ ...defaultForm, threshold: 0.9 }, {}).policy).toEqual({
      threshold: 0.9,
      minimums: { strict: 0.895 },
    });
    expect(requestOf({ ...defaultForm, minimums: { strict: '' } }, {}).policy).toEqual({ minimums: {} });
    expect(requestOf(defaultForm, {}).policy).toBeUndefined();
  });

  it('are sent where they are given', () => {
    const form = { ...defaultForm, minimums: { worstTile: '0.9', color: '' }, maxTileLoss: '1' };
    const request = requestOf(form, {});
    expect(request.policy).toEqual({ minimums: { worstTile: 0.9 }, maxTileLoss: 1 });
    expect(createJobSchema.safeParse(request).success).toBe(true);
  });

  it('show their errors where they are, in the part that opens for it', () => {
    const errors = validationErrors(requestOf({ ...defaultForm, minimums: { worstTile: '2', color: 'x' } }, {}));
    expect(Object.keys(errors).sort()).toEqual(['/policy/minimums/color', '/policy/minimums/worstTile']);
    expect(Object.keys(errors).every(isClosed) && hasFields(errors)).toBe(true);
    expect(withoutErrorsOf({ minimums: {} }, errors)).toEqual({});
  });
});

describe('validationErrors', () => {
  it('names the fields at error by pointer, one sentence each', () => {
    const form = { ...defaultForm, model: 'gpt', candidates: '99', maxCost: '-1', seed: 'x' };
    const errors = validationErrors(requestOf(form, {}));
    expect(Object.keys(errors).sort()).toEqual(['/budget/maxCost', '/model', '/policy/candidates', '/policy/seed']);
    expect(errors['/model']).toContain('provider/model');
    expect(errors['/policy/seed']).toBe('This must be a number.');
    expect(errors['/budget/maxCost']).toBe('This must be more than 0.');
  });

  it('says what a number must be', () => {
    const form = { ...defaultForm, threshold: 1.5, maxIterations: '0', candidates: '2.5' };
    expect(validationErrors(requestOf(form, {}))).toEqual({
      '/policy/threshold': 'This must be at most 1.',
      '/policy/maxIterations': 'This must be at least 1.',
      '/policy/candidates': 'This must be a whole number.',
    });
  });

  it('is empty for a good request', () => {
    expect(validationErrors(requestOf(defaultForm, {}))).toEqual({});
  });
});

it('refuses a file by its type and size', () => {
  expect(refusalOf({ type: 'image/png', size: 10 })).toBeNull();
  expect(refusalOf({ type: 'text/plain', size: 10 })).toContain('PNG');
  expect(refusalOf({ type: 'image/png', size: uploadLimits.bytes + 1 })).toContain('20.0 MB');
});

describe('remarksOn', () => {
  it('has nothing to say of a common image', () => {
    expect(remarksOn({ width: 800, height: 600, transparent: false })).toEqual({ refused: null, warnings: [] });
  });

  it('refuses what is too small, too long or too large', () => {
    const sizes = [
      [1, 1],
      [20_000, 10],
      [8000, 8000],
    ] as const;
    for (const [width, height] of sizes)
      expect(remarksOn({ width, height, transparent: false }).refused).not.toBeNull();
  });

  it('warns of transparency and of scaling', () => {
    expect(remarksOn({ width: 1200, height: 3731, transparent: true }).warnings).toHaveLength(2);
  });
});

describe('guessLanguage', () => {
  const size = { width: 800, height: 600 };

  it.each([
    ['grouped-bars.png', 'python'],
    ['Screenshot 2026-11-23.png', 'html'],
    ['app_icon.png', 'svg'],
    ['tikz-figure.png', 'latex'],
    ['molecule7.png', 'smiles'],
    ['flowchart.png', 'mermaid'],
    ['sequence-diagram.png', 'mermaid'],
    ['infrastructure diagram.png', 'latex'],
  ])('reads the name %s', (name, language) => {
    expect(guessLanguage(name, size)?.language).toBe(language);
  });

  it('reads the shape where the name says nothing, and else does not guess', () => {
    expect(guessLanguage('x.png', { width: 1200, height: 3731 })?.language).toBe('html');
    expect(guessLanguage('x.png', { width: 48, height: 48 })?.language).toBe('svg');
    expect(guessLanguage('x.png', size)).toBeNull();
  });
});

const titles = { html: 'HTML', latex: 'LaTeX', mermaid: 'Mermaid', python: 'Python', smiles: 'SMILES', svg: 'SVG' };
const languages = Object.entries(titles).map(([id, title]) => {
  const writtenByBuiltinModel = id !== 'mermaid' && id !== 'smiles';
  return { id, title, writtenByBuiltinModel, available: true } as LanguageEntry;
});

describe('usableGuess', () => {
  const states = (...available: string[]) =>
    languages.map((language) => ({ ...language, available: available.includes(language.id) }));
  const guess = { language: 'python', why: 'guessed from the name' } as const;

  it('keeps a language that can be rendered, or of which nothing is known', () => {
    expect(usableGuess(guess, states('python', 'svg'), defaultModel)).toBe(guess);
    expect(usableGuess(guess, [], defaultModel)).toBe(guess);
  });

  it('takes SVG, or else what there is, in the place of one that cannot, and says why', () => {
    expect(usableGuess(guess, states('html', 'svg'), defaultModel)).toEqual({
      language: 'svg',
      why: 'since Python is not available here',
    });
    expect(usableGuess(guess, states('html'), defaultModel).language).toBe('html');
    expect(usableGuess(guess, states(), defaultModel)).toBe(guess);
  });

  it('takes SVG where the built-in model cannot write the language, and the language where another model may', () => {
    const molecule = { language: 'smiles', why: 'guessed from the name' } as const;
    expect(usableGuess(molecule, states('svg', 'smiles'), defaultModel)).toEqual({
      language: 'svg',
      why: 'since the built-in model cannot write SMILES',
    });
    expect(usableGuess(molecule, states('svg', 'smiles'), 'openai/gpt')).toBe(molecule);
  });
});

describe('whyNotWritten', () => {
  const form = { model: defaultModel, language: 'mermaid', code: '' } as const;

  it('says what the built-in model cannot write, and what to do', () => {
    expect(whyNotWritten(form, languages)).toBe(
      'The built-in model traces shapes and cannot write Mermaid: choose another model, or one of HTML, LaTeX, Python, SVG.',
    );
  });

  it('has nothing against another model, a language of shapes, or code that is there', () => {
    expect(whyNotWritten({ ...form, model: 'openai/gpt' }, languages)).toBeNull();
    expect(whyNotWritten({ ...form, language: 'latex' }, languages)).toBeNull();
    expect(whyNotWritten({ ...form, code: 'flowchart LR' }, languages)).toBeNull();
  });
});

describe('errors at their fields', () => {
  it('are distinguished from those that no field shows', () => {
    expect(hasFields({ '/language': 'x', '/policy/profile': 'x' })).toBe(true);
    expect(hasFields({ '/language': 'x', '/tags': 'x' })).toBe(false);
    expect(hasFields({})).toBe(false);
  });

  it('go when their field is changed', () => {
    const errors = { '/language': 'a', '/policy/threshold': 'b' };
    expect(withoutErrorsOf({ language: 'svg' }, errors)).toEqual({ '/policy/threshold': 'b' });
    expect(withoutErrorsOf({ threshold: 1 }, errors)).toEqual({ '/language': 'a' });
  });
});

it('writes the request as a command line that a shell reads right', () => {
  const request = { language: 'svg', instructions: "it's" } as const;
  expect(curlOf(request, "a'b.png", 'http://h')).toBe(
    `curl -F 'target=@a'\\''b.png' -F 'request={"language":"svg","instructions":"it'\\''s"}' http://h/v1/jobs`,
  );
});
