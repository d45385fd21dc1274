import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../settings/settings.ts';
import { findServer, requireClient } from './server.ts';
import { json, serveHttp, type HttpServer } from '../testing/http.ts';

let home: string;
let server: HttpServer;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pentimento-home-'));
  server = await serveHttp({ 'GET /healthz': json({ status: 'ok' }) });
});
afterEach(async () => {
  await server.close();
  await rm(home, { recursive: true });
});

const announce = (file: unknown) => writeFile(join(home, 'server.json'), JSON.stringify(file));
const find = (option?: string, extra: Record<string, string> = {}) =>
  findServer(option, readSettings({ PENTIMENTO_HOME: home, ...extra }));

describe('findServer', () => {
  it('prefers the option to the environment, and the environment to the home', async () => {
    await announce({ pid: process.pid, url: server.url, databaseUrl: 'x' });
    expect(await find()).toBe(server.url);
    expect(await find(undefined, { PENTIMENTO_URL: 'http://a' })).toBe('http://a');
    expect(await find('https://b', { PENTIMENTO_URL: 'http://a' })).toBe('https://b');
  });

  it.each(['localhost:7400', 'nonsense', 'ftp://a', ''])(
    'refuses the address "%s" in one sentence',
    async (address) => {
      await expect(find(address)).rejects.toThrow('no server address');
    },
  );

  it('ignores a file whose process is gone', async () => {
    const { pid } = spawnSync('true');
    await announce({ pid, url: server.url });
    expect(await find()).toBeUndefined();
  });

  it('ignores a file at whose address another program answers', async () => {
    const other = await serveHttp({});
    await announce({ pid: process.pid, url: other.url });
    expect(await find()).toBeUndefined();
    await other.close();
  });

  it('ignores a file that is no server file', async () => {
    await writeFile(join(home, 'server.json'), '{"pid":');
    expect(await find()).toBeUndefined();
  });
});

it('says how to get a server where there is none', async () => {
  await expect(requireClient(undefined, readSettings({ PENTIMENTO_HOME: home }))).rejects.toThrow(
    /start one with "pentimento serve"/,
  );
});
