import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterText, linesOf, startAdapterTests, type AdapterTests } from '../support/adapters.ts';
import { findPython, plainPython } from '../support/python.ts';

/** The adapter of each trainer, whose test is `test_TRAINER_environment.py`. */
const adapters: Record<string, string> = {
  nemo_gym: 'nemo_gym/resources_servers/pentimento/app.py',
  openenv: 'openenv/pentimento_environment.py',
  swift: 'swift/pentimento_scheduler.py',
  trl: 'trl/pentimento_environment.py',
  verifiers: 'verifiers/pentimento_environment.py',
  verifiers_v1: 'verifiers/pentimento_v1.py',
  verl_agent_loop: 'verl/pentimento_agent_loop.py',
  verl_tool: 'verl/pentimento_tool.py',
};
const trainers = Object.keys(adapters);
const pathOf = (trainer: string): string => adapters[trainer]!;

interface Run {
  name: string;
  trainer: string;
  /** What its Python must have. Without the trainer's own package, a test stands in for what it calls. */
  modules: string[];
  /** Whether it runs the trainer's code in a checkout. */
  isOwn?: true;
}

const runs: Run[] = [
  { name: 'ms-swift', trainer: 'swift', modules: [] },
  { name: 'NeMo Gym', trainer: 'nemo_gym', modules: [] },
  { name: 'OpenEnv, by its protocol', trainer: 'openenv', modules: [] },
  { name: 'OpenEnv, over its WebSocket', trainer: 'openenv', modules: ['openenv', 'uvicorn', 'websockets'] },
  { name: 'TRL', trainer: 'trl', modules: ['PIL'] },
  { name: 'verifiers', trainer: 'verifiers', modules: [] },
  { name: 'verifiers v1', trainer: 'verifiers_v1', modules: [] },
  { name: 'verl, the agent loop', trainer: 'verl_agent_loop', modules: ['PIL'] },
  { name: 'verl, the tool', trainer: 'verl_tool', modules: ['PIL'] },
  { name: 'own ms-swift', trainer: 'swift', modules: ['PIL', 'numpy', 'pydantic'], isOwn: true },
  { name: 'own NeMo Gym', trainer: 'nemo_gym', modules: ['fastapi', 'httpx', 'itsdangerous', 'ray'], isOwn: true },
  { name: 'own verifiers', trainer: 'verifiers', modules: ['anthropic', 'datasets', 'openai'], isOwn: true },
  { name: 'own verifiers v1', trainer: 'verifiers_v1', modules: ['anthropic', 'loguru', 'openai'], isOwn: true },
  { name: 'own agent loop of verl', trainer: 'verl_agent_loop', modules: ['torch', 'trl'], isOwn: true },
  { name: 'own tool loop of verl', trainer: 'verl_tool', modules: ['torch', 'transformers'], isOwn: true },
];
const sources = process.env['PENTIMENTO_TRAINER_SOURCES'];
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
    async ({ trainer, modules, isOwn }, { skip }) => {
      if (isOwn && !sources) return skip('PENTIMENTO_TRAINER_SOURCES names no folder with checkouts of trainers.');
      const python = await findPython(programs, modules);
      if (!python) return skip(`No Python with ${modules.join(', ')}: PENTIMENTO_TRAINERS_PYTHON names one that has.`);
      const variables = isOwn && { PENTIMENTO_TRAINER_SOURCES: sources!, HF_HOME: tests.home };
      await tests.pass(python, `test_${trainer}_environment.py`, variables);
    },
  );

  it.each([...Object.values(adapters), 'nemo_gym/responses_api_agents/pentimento_agent/app.py'])(
    'are thin, under 80 lines: %s',
    (path) => {
      expect(linesOf(path)).toBeLessThan(80);
    },
  );

  it('ask the service in the same way', () => {
    const asking = (trainer: string) => /^def ask\(.*?^ {4}raise [^\n]*$/ms.exec(adapterText(pathOf(trainer)))?.[0];
    expect(asking('trl')).toContain('urlopen');
    expect(new Set(trainers.map(asking)).size).toBe(1);
  });
});
