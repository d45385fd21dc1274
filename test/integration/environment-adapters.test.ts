import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterText, linesOf, startAdapterTests, type AdapterTests } from '../support/adapters.ts';
import { findPython, plainPython } from '../support/python.ts';

interface Adapter {
  trainer: string;
  path: string;
  /** What its Python must have. */
  modules: string[];
}

const adapters: Adapter[] = [{ trainer: 'trl', path: 'trl/pentimento_environment.py', modules: ['PIL'] }];
const programs = ['python3', plainPython, process.env['PENTIMENTO_TRAINERS_PYTHON']];

let tests: AdapterTests;
beforeAll(async () => {
  tests = await startAdapterTests();
});
afterAll(() => tests?.stop());

describe('the environment adapters of trainers', () => {
  it.for(adapters)(
    'pass their own tests, which are Python: $trainer',
    { timeout: 240_000 },
    async ({ trainer, modules }, { skip }) => {
      const python = await findPython(programs, modules);
      if (!python) return skip(`None of ${programs.join(', ')} is a Python with ${modules.join(', ')}.`);
      await tests.pass(python, `test_${trainer}_environment.py`);
    },
  );

  it.each(adapters)('are thin, under 80 lines: $trainer', ({ path }) => {
    expect(linesOf(path)).toBeLessThan(80);
  });

  it('ask the service in the same way', () => {
    const asking = ({ path }: Adapter) => /^def ask\(.*?^ {4}raise [^\n]*$/ms.exec(adapterText(path))?.[0];
    expect(asking(adapters[0]!)).toContain('urlopen');
    expect(new Set(adapters.map(asking)).size).toBe(1);
  });
});
