import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import { beforeAll, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** The boundary rule reads Nx's project graph, which it does not make itself. */
beforeAll(() => {
  execFileSync(process.execPath, [resolve(root, 'node_modules/nx/dist/bin/nx.js'), 'show', 'projects'], {
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false' },
  });
});

async function errors(file: string, source: string): Promise<string[]> {
  const [result] = await new ESLint({ cwd: root }).lintText(source, { filePath: resolve(root, file) });
  return result!.messages
    .filter((message) => message.severity === 2)
    .map((message) => `${message.ruleId}: ${message.message}`);
}

it.each([
  ['the core imports an adapter', 'libs/agent/src/probe.ts', '@pentimento/store', '@nx/enforce-module-boundaries'],
  ['an adapter imports another', 'libs/reward/src/probe.ts', '@pentimento/render', '@nx/enforce-module-boundaries'],
  ['an adapter imports the core', 'libs/models/src/probe.ts', '@pentimento/agent', '@nx/enforce-module-boundaries'],
  ['contracts import a library', 'libs/contracts/src/probe.ts', '@pentimento/agent', '@nx/enforce-module-boundaries'],
  [
    'the browser imports server code',
    'apps/dashboard/src/probe.ts',
    '@pentimento/reward',
    '@nx/enforce-module-boundaries',
  ],
  [
    'a file of another library by path',
    'libs/agent/src/probe.ts',
    '../../store/src/index.ts',
    '@nx/enforce-module-boundaries',
  ],
  ['the core touches the machine', 'libs/agent/src/probe.ts', 'node:fs', 'no-restricted-imports'],
  ['contracts touch the machine', 'libs/contracts/src/probe.ts', 'node:path', 'no-restricted-imports'],
  ['a second importer of Prisma', 'apps/api/src/probe.ts', '@prisma/client', 'no-restricted-imports'],
  ['a second importer of onnxruntime', 'libs/render/src/probe.ts', 'onnxruntime-node', 'no-restricted-imports'],
  ['a second importer of the AI SDK', 'apps/api/src/probe.ts', 'ai', 'no-restricted-imports'],
  ['Nest outside of the API', 'libs/store/src/probe.ts', '@nestjs/common', 'no-restricted-imports'],
])('refuses when %s', async (_, file, imported, rule) => {
  const found = await errors(file, `import * as probe from '${imported}';\nconsole.log(probe);\n`);
  expect(found.filter((error) => error.startsWith(`${rule}:`))).not.toEqual([]);
});

it.each([
  ['a library reads a setting', 'libs/store/src/probe.ts', "process.env['DATABASE_URL']"],
  ['a library passes the environment on', 'libs/models/src/probe.ts', '{ ...process.env }'],
  ['an app reads a setting outside of its settings', 'apps/api/src/jobs/probe.ts', 'process.env.PENTIMENTO_HOME'],
])('refuses when %s', async (_, file, expression) => {
  const found = await errors(file, `export const probe = ${expression};\n`);
  expect(found.filter((error) => error.startsWith('no-restricted-syntax:'))).not.toEqual([]);
});

it('allows a library to search for programs', async () => {
  expect(await errors('libs/sandbox/src/probe.ts', "export const probe = process.env['PATH'];\n")).toEqual([]);
});

it('allows what the architecture allows', async () => {
  const source = `import * as contracts from '@pentimento/contracts';\nexport const probe = contracts;\n`;
  expect(await errors('libs/agent/src/probe.ts', source)).toEqual([]);
  expect(await errors('apps/api/src/probe.ts', source.replace("contracts'", "store'"))).toEqual([]);
});

it.each([
  ['an old name as a part of a name', 'libs/store/src/probe.ts', 'export const openJournal = 1;'],
  ['an old name of a type', 'libs/store/src/probe.ts', 'export type Written = 1;'],
  ['an old name of a field', 'libs/store/src/probe.ts', 'export const probe = { beat_at: 1 };'],
  ['an old name of a file', 'libs/store/src/journal-reader.ts', 'export const probe = 1;'],
  ['a prefix other than max', 'libs/store/src/probe.ts', 'export const mostTries = 1;'],
  ['a vague name', 'libs/store/src/probe.ts', 'export const told = 1;'],
  ['a British name', 'libs/store/src/probe.ts', 'export const neighbourCount = 1;'],
  ['a British comment', 'libs/store/src/probe.ts', '/** Normalises it. */\nexport const probe = 1;'],
  ['a British message', 'libs/store/src/probe.ts', "export const probe = 'The job was cancelled.';"],
  ['a quaint comment', 'libs/store/src/probe.ts', '/** Made anew. */\nexport const probe = 1;'],
])('refuses %s', async (_, file, source) => {
  const found = await errors(file, `${source}\n`);
  expect(found.filter((error) => error.startsWith('pentimento/names:'))).toHaveLength(1);
});

it('allows the words of the glossary, and names that others chose', async () => {
  const source = `/** Normalizes a color. */\nexport const trajectoryStore = (image: { toColourspace(): void }) => image.toColourspace();\n`;
  expect(await errors('libs/store/src/probe.ts', source)).toEqual([]);
});
