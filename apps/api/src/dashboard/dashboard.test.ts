import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportedFile } from './dashboard.ts';

let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pentimento-dashboard-'));
  folder = join(root, 'out');
  await mkdir(join(folder, 'system'), { recursive: true });
  for (const file of ['index.html', 'job.html', 'a b.txt', 'system/index.html'])
    await writeFile(join(folder, file), '');
  await writeFile(join(root, 'secret.html'), '');
});
afterAll(() => rm(root, { recursive: true }));

describe('exportedFile', () => {
  it.each([
    ['/', 'index.html'],
    ['/job', 'job.html'],
    ['/job.html', 'job.html'],
    ['/system', 'system/index.html'],
    ['/a%20b.txt', 'a b.txt'],
  ])('%s is %s', async (path, file) => expect(await exportedFile(folder, path)).toBe(join(folder, file)));

  it.each(['/none', '/../secret', '/..%2fsecret', '/%2e%2e/secret.html', '/%ff', '/job%00'])(
    '%s is nothing',
    async (path) => expect(await exportedFile(folder, path)).toBeUndefined(),
  );
});
