import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEncoder } from '@pentimento/encoder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../program.ts';
import { testTerminal } from '../testing/terminal.ts';

let folder: string;
let home: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-cli-encoder-'));
  home = join(folder, 'home');
});
afterEach(() => rm(folder, { recursive: true }));

async function run(args: string[], environment: Record<string, string> = {}) {
  const terminal = testTerminal({ PENTIMENTO_HOME: home, ...environment });
  const code = await runCommandLine(['encoder', ...args], terminal);
  return { code, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') };
}

/** A folder with the embedded encoder's file under a manifest of its own. */
async function ownEncoder(): Promise<string> {
  const { manifest, modelPath } = await loadEncoder();
  const directory = join(folder, 'own');
  await mkdir(directory);
  await writeFile(join(directory, manifest.file), await readFile(modelPath));
  await writeFile(join(directory, 'manifest.json'), JSON.stringify({ ...manifest, id: 'own-features' }));
  return directory;
}

describe('encoder', () => {
  it('adds a folder by name, lists it as the used one and checks it', async () => {
    const added = await run(['add', await ownEncoder(), '--name', 'mine']);
    expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/^mine: own-features, 0\.02 MB, SHA-256/) });
    expect(added.stderr).toContain('PENTIMENTO_ENCODER=mine');
    const environment = { PENTIMENTO_ENCODER: 'mine' };
    const { stdout } = await run(['list'], environment);
    expect(stdout).toMatch(/^\* +mine +own-features/m);
    expect(stdout).toMatch(/^ +\(embedded\) +analytic-a8/m);
    const checked = await run(['check', '--threads', '1'], environment);
    expect(checked.code).toBe(0);
    expect(checked.stdout).toMatch(/^encoder +own-features$/m);
    expect(checked.stdout).toMatch(/^runs on +cpu, 1 thread, float32$/m);
    expect(checked.stdout).toMatch(/^same tile +1\.0000$/m);
    expect(checked.stdout).toMatch(/^verdict +ok$/m);
  });

  it('prints each outcome as one JSON object', async () => {
    const directory = await ownEncoder();
    expect(JSON.parse((await run(['add', directory, '--json'])).stdout)).toMatchObject({
      name: 'own-features',
      int8: null,
    });
    const { encoders } = JSON.parse((await run(['list', '--json'])).stdout) as { encoders: object[] };
    expect(encoders).toMatchObject([
      { name: '(embedded)', used: true },
      { name: 'own-features', used: false },
    ]);
    const checked = JSON.parse((await run(['check', 'own-features', '--json'])).stdout) as object;
    expect(checked).toMatchObject({
      id: 'own-features',
      executionProvider: 'cpu',
      precision: 'float32',
      sameScore: 1,
      problems: [],
    });
  });

  it('says in a sentence what is wrong and what to do', async () => {
    const refused = async (args: string[], environment = {}) => {
      const { code, stdout, stderr } = await run(args, environment);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).not.toContain('    at ');
      return stderr;
    };
    expect(await refused(['check', 'nobody'])).toMatch(/name an installed encoder \("pentimento encoder list"\)/);
    expect(await refused(['add', folder])).toMatch(/a DINOv2 folder with config\.json and model\.safetensors/);
    expect(await refused(['pull', 'dinov2'])).toMatch(/give owner\/name/);
    const closed = { HF_ENDPOINT: 'http://127.0.0.1:1', HF_HOME: folder };
    expect(await refused(['pull', 'facebook/dinov2-small'], closed)).toMatch(
      /cannot be reached.*"pentimento encoder add FOLDER"/,
    );
    await run(['add', await ownEncoder()]);
    expect(await refused(['check', 'own-features', '--int8'])).toMatch(/only made of DINOv2 weights/);
  });

  it.each([[['check', 'x', '--threads', '0']], [['check', '--int8']], [['add']], [['frobnicate']]])(
    'refuses %j with 2',
    async (args) => {
      expect((await run(args)).code).toBe(2);
    },
  );

  it('reports a setting that names no installed encoder, and an encoder whose file is missing', async () => {
    const directory = await ownEncoder();
    await run(['add', directory]);
    await rm(directory, { recursive: true });
    const { code, stdout, stderr } = await run(['list'], { PENTIMENTO_ENCODER: '/some/folder' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/own-features +broken/);
    expect(stderr).toMatch(/is missing: restore it/);
    expect(stderr).toMatch(/names \/some\/folder, which is not among these/);
  });
});
