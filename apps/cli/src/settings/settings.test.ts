import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './locations.ts';
import { commandVariables, readSettings } from './settings.ts';

describe('readSettings', () => {
  it('needs no variable', () => {
    expect(readSettings({})).toMatchObject({
      problems: [],
      home: join(repository, '.pentimento'),
      url: undefined,
      colors: true,
      server: { host: '127.0.0.1', port: 7400, portIsFixed: false },
    });
  });

  it('treats an empty variable as unset', () => {
    expect(readSettings({ PENTIMENTO_URL: '', PENTIMENTO_PORT: '' })).toMatchObject({
      url: undefined,
      server: { port: 7400 },
    });
  });

  it('names every invalid variable at once, and goes without it', () => {
    const settings = readSettings({
      PENTIMENTO_RENDER_SLOTS: 'many',
      PENTIMENTO_RENDER_MODE: 'ink',
      PENTIMENTO_REWARD_PROVIDER: 'tpu',
      PENTIMENTO_ENCODER: 'mine',
    });
    expect(settings.problems).toEqual([
      'PENTIMENTO_RENDER_SLOTS must be a number of renders; set it right or leave it unset.',
      'PENTIMENTO_RENDER_MODE must be "target" or "published"; set it right or leave it unset.',
      'PENTIMENTO_REWARD_PROVIDER must be "cpu" or "cuda"; set it right or leave it unset.',
    ]);
    expect(settings).toMatchObject({
      render: { concurrency: undefined },
      reward: { executionProvider: undefined, encoder: 'mine' },
    });
  });

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('turns colors off for %j', (environment) => {
    expect(readSettings(environment).colors).toBe(false);
  });

  it('reports which model providers are configured', () => {
    const { modelProviders } = readSettings({ OPENAI_API_KEY: 'key' });
    expect(modelProviders.filter(({ isSet }) => isSet).map(({ provider }) => provider)).toEqual(['openai']);
  });
});

it('docs/operations.md describes each variable of the command line as its schema does, in the same order', async () => {
  const text = await readFile(join(repository, 'docs/operations.md'), 'utf8');
  const [table = ''] = text.split('\n### Command line\n')[1]!.split('\n#');
  const rows = [...table.matchAll(/^\| (`[A-Z].*) \|$/gm)].map(([, row]) => row!.split('|').map((cell) => cell.trim()));
  expect(rows).toEqual(
    Object.entries(commandVariables).map(([name, schema]) => [`\`${name}\``, schema.meta()!.description]),
  );
});
