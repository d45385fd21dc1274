import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportFilePageSchema, exportPageSchema, type ExportFile } from '@pentimento/contracts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startApi, type Api } from '../support/api.ts';
import { startCli } from '../support/cli.ts';

/** A busy machine starts each command in seconds. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 240_000 });

let api: Api;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-cli-export-'));
  api = await startApi();
  for (const language of ['svg', 'svg', 'html']) {
    await api.ended(await api.submit({ language, model: 'scripted/square', 'policy.maxIterations': '2' }));
  }
});
afterAll(async () => {
  await api?.stop();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => startCli(['export', ...args], { PENTIMENTO_HOME: api.stack.home }).ended;
const filesOf = async (id: string): Promise<ExportFile[]> =>
  exportFilePageSchema.parse(await api.getJson(`/v1/exports/${id}/files`)).data;
const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

/** Each file is there under its name with the listed hash, and nothing else but the mark of the folder. */
async function expectWhole(out: string, files: ExportFile[]): Promise<void> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const wanted = files.map(({ path }) => join(out, path));
  expect(found.toSorted()).toEqual([...wanted, join(out, '.pentimento-export.json')].toSorted());
  for (const file of files) expect(await sha256(join(out, file.path))).toBe(file.sha256);
}

it('exports what a filter selects into a folder, from the server of the home', async () => {
  const out = join(folder, 'svg');
  const ended = await run('--format', 'jsonl', '--out', out, '--language', 'svg', '--name', 'v1', '--json');
  expect(ended.code).toBe(0);
  const report = JSON.parse(ended.stdout);
  expect(report).toMatchObject({ name: 'v1', folder: out, traces: 2, rows: { train: 2 }, drops: {} });
  expect(ended.stderr).toContain(`export ${report.id}`);
  await expectWhole(out, await filesOf(report.id));
  expect(JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')).filter).toEqual({ languages: ['svg'] });
});

it('goes on with a download, and fetches again what was damaged', async () => {
  const out = join(folder, 'again');
  const { id, files } = JSON.parse((await run('--format', 'jsonl', '--out', out, '--json')).stdout);
  const listed = await filesOf(id);
  const blob = listed.find(({ path }) => path.startsWith('blobs/'))!;
  await appendFile(join(out, 'manifest.json'), ' ');
  await truncate(join(out, blob.path), 3);
  await writeFile(join(out, 'traces.jsonl.partial'), (await readFile(join(out, 'traces.jsonl'))).subarray(0, 1000));
  await rm(join(out, 'traces.jsonl'));
  const again = await run('--id', id, '--out', out, '--json');
  expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { files, fetched: 3 }]);
  await expectWhole(out, listed);
  expect(JSON.parse((await run('--id', id, '--out', out, '--json')).stdout)).toMatchObject({ files, fetched: 0 });
});

it('refuses the folder of another export, and makes none', async () => {
  const before = exportPageSchema.parse(await api.getJson('/v1/exports')).data;
  const out = join(folder, 'svg');
  const { code, stdout, stderr } = await run('--format', 'easyr1', '--out', out);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/holds the export export_\S+: continue that one with --id export_\S+, or name another folder/);
  expect(exportPageSchema.parse(await api.getJson('/v1/exports')).data).toEqual(before);
});

it('says in a sentence what the server refuses', async () => {
  const out = join(folder, 'refused');
  for (const [args, sentence] of [
    [['--format', 'csv'], /There is no export format "csv": choose one of jsonl/],
    [['--id', `export_${'0'.repeat(36)}`], /There is no such export/],
  ] as const) {
    const { code, stdout, stderr } = await run(...args, '--out', out);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('    at ');
  }
});

it('lists the formats', async () => {
  const { code, stdout } = await run('--list-formats');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^jsonl +trajectory +The canonical trace/m);
});

it('starts a server of its own where none runs, and stops it', async () => {
  await api.stack.server.stop();
  const out = join(folder, 'own');
  const ended = await run('--format', 'jsonl', '--out', out, '--json');
  expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([0, { traces: 3, rows: { train: 3 } }]);
  expect((await readdir(api.stack.home)).filter((name) => name === 'server.json')).toEqual([]);
});
