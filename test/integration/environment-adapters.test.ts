import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterText, linesOf, startAdapterTests, type AdapterTests } from '../support/adapters.ts';
import { findPython, plainPython } from '../support/python.ts';

const trainers = ['openenv', 'trl'];
const pathOf = (trainer: string): string => `${trainer}/pentimento_environment.py`;

/** What the Python of a run must have. Without the trainer's own package, a test stands in for what it calls. */
const runs = [
  { name: 'OpenEnv, by its protocol', trainer: 'openenv', modules: [] },
  { name: 'OpenEnv, over its WebSocket', trainer: 'openenv', modules: ['openenv', 'uvicorn', 'websockets'] },
  { name: 'TRL', trainer: 'trl', modules: ['PIL'] },
];
const programs = ['python3', plainPython, process.env['PENTIMENTO_TRAINERS_PYTHON']];

let tests: AdapterTests;
beforeAll(async () => {
  tests = await startAdapterTests();
});
afterAll(() => tests?.stop());

describe('the environment adapters of trainers', () => {
  it.for(runs)(
    'pass their own tests, which are Python: $name',
    { timeout: 300_000 },
    async ({ trainer, modules }, { skip }) => {
      const python = await findPython(programs, modules);
      if (!python) return skip(`No Python with ${modules.join(', ')}: PENTIMENTO_TRAINERS_PYTHON names one that has.`);
      await tests.pass(python, `test_${trainer}_environment.py`);
    },
  );

  it.each(trainers)('are thin, under 80 lines: %s', (trainer) => {
    expect(linesOf(pathOf(trainer))).toBeLessThan(80);
  });

  it('ask the service in the same way', () => {
    const asking = (trainer: string) => /^def ask\(.*?^ {4}raise [^\n]*$/ms.exec(adapterText(pathOf(trainer)))?.[0];
    expect(asking('trl')).toContain('urlopen');
    expect(new Set(trainers.map(asking)).size).toBe(1);
  });
});
