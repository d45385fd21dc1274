import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliError } from '../terminal/cli-error.ts';
import { DatasetFolder } from './dataset-folder.ts';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'pentimento-dataset-'));
  folder = join(parent, 'deep', 'data');
});
afterEach(() => rm(parent, { recursive: true }));

const png = new TextEncoder().encode('a PNG');
const names = async () => (await readdir(folder)).sort();

async function written(): Promise<DatasetFolder> {
  const dataset = await DatasetFolder.open(folder);
  await dataset.append('pairs', { id: 1 });
  await dataset.append('pairs', { id: 2 });
  await dataset.append('drops', { reason: 'blank' });
  await dataset.putImage(png);
  return dataset;
}

describe('DatasetFolder', () => {
  it('has no file under its final name until it is published', async () => {
    const dataset = await written();
    expect(await names()).toEqual(['.partial']);
    await dataset.publish();
    expect(await names()).toEqual(['drops.jsonl', 'images', 'pairs.jsonl']);
    expect(await readFile(join(folder, 'pairs.jsonl'), 'utf8')).toBe('{"id":1}\n{"id":2}\n');
    expect(await readFile(join(folder, 'drops.jsonl'), 'utf8')).toBe('{"reason":"blank"}\n');
  });

  it('keeps equal images once, by their SHA-256', async () => {
    const dataset = await written();
    const id = await dataset.putImage(png);
    await dataset.publish();
    expect(await readdir(join(folder, 'images'))).toEqual([`${id}.png`]);
    expect(await readFile(join(folder, 'images', `${id}.png`), 'utf8')).toBe('a PNG');
  });

  it('leaves nothing when it is discarded', async () => {
    await (await written()).discard();
    expect(await names()).toEqual([]);
  });

  it('starts from scratch after a run that was killed, also while it published', async () => {
    await written();
    await mkdir(join(folder, 'images'));
    await writeFile(join(folder, 'drops.jsonl'), 'old');
    const dataset = await DatasetFolder.open(folder);
    await dataset.append('pairs', { id: 3 });
    await dataset.publish();
    expect(await readFile(join(folder, 'pairs.jsonl'), 'utf8')).toBe('{"id":3}\n');
    expect(await readFile(join(folder, 'drops.jsonl'), 'utf8')).toBe('');
    expect(await readdir(join(folder, 'images'))).toEqual([]);
  });

  it('refuses a finished dataset, and files of others that have its names', async () => {
    await (await written()).publish();
    await expect(DatasetFolder.open(folder)).rejects.toThrow(/already holds pairs\.jsonl: name another folder/);
    await rm(join(folder, 'pairs.jsonl'));
    await expect(DatasetFolder.open(folder)).rejects.toThrow(/already holds drops\.jsonl/);
    expect(await readFile(join(folder, 'drops.jsonl'), 'utf8')).not.toBe('');
  });

  it('leaves other files of the folder alone', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await (await written()).publish();
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('says in a sentence that it cannot be written', async () => {
    await writeFile(join(parent, 'file'), '');
    const opened = DatasetFolder.open(join(parent, 'file', 'data'));
    await expect(opened).rejects.toThrow(CliError);
    await expect(opened).rejects.toThrow(/cannot be written: .*\.$/);
  });
});
