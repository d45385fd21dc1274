import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportedFile, serveDashboard } from './dashboard.ts';

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
  ])('maps %s to %s', async (path, file) => expect(await exportedFile(folder, path)).toBe(join(folder, file)));

  it.each(['/none', '/../secret', '/..%2fsecret', '/%2e%2e/secret.html', '/%ff', '/job%00'])(
    'maps %s to nothing',
    async (path) => expect(await exportedFile(folder, path)).toBeUndefined(),
  );
});

describe('serveDashboard', () => {
  it('serves the dashboard once it is built, and until then a page that says that it is being built', async () => {
    const built = join(root, 'later');
    const app = express().use(serveDashboard(built));
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const get = (path: string) => fetch(url + path, { headers: { accept: 'text/html' } });
    try {
      expect(await (await get('/job')).text()).toContain('being built');
      expect((await get('/v1/jobs')).status).toBe(404);

      await mkdir(join(built, '_next/static'), { recursive: true });
      for (const file of ['index.html', 'job.html', '404.html', '_next/static/a.js']) {
        await writeFile(join(built, file), `<p>${file}</p>`);
      }
      const page = await get('/job');
      expect(await page.text()).toBe('<p>job.html</p>');
      expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
      expect((await get('/_next/static/a.js')).headers.get('cache-control')).toContain('immutable');
      const missing = await get('/none');
      expect([missing.status, await missing.text()]).toEqual([404, '<p>404.html</p>']);
    } finally {
      server.close();
    }
  });
});
