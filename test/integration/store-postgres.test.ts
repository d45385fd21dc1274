import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres, type EmbeddedPostgres } from '@pentimento/store';
import { chooseIdentity, other } from '../../libs/store/src/postgres/identity.ts';
import { startPostgresAs } from '../../libs/store/src/postgres/server.ts';
import { query } from '../support/postgres.ts';

const isRoot = process.getuid!() === 0;
let parent: string;
let folder: string;
let servers: EmbeddedPostgres[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'pentimento-pg-'));
  folder = join(parent, 'postgres');
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  // A server that lost the race to another may still be on its way out.
  await rm(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
});

async function start(path = folder): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ folder: path, durable: false });
  servers.push(server);
  return server;
}

const serverPid = async (url: string) =>
  Number(String((await query(url, `SELECT pg_read_file('postmaster.pid') AS file`))[0]!.file).split('\n')[0]);

/** A process that starts the server and holds it, until it is killed. */
async function startHolder(): Promise<{ kill(): Promise<void> }> {
  const store = fileURLToPath(new URL('../../libs/store/src/index.ts', import.meta.url));
  const script = `import { startPostgres } from ${JSON.stringify(store)};
    await startPostgres({ folder: ${JSON.stringify(folder)} });
    console.log('up');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`The holder ended with ${code}.`)));
  });
  return {
    kill: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit').once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

describe('the embedded server', () => {
  it('keeps its data from start to start, under one URL', async () => {
    const first = await startPostgres({ folder });
    servers.push(first);
    await query(first.url, 'CREATE TABLE kept (id int)');
    await first.stop();
    await first.stop();
    await expect(query(first.url, 'SELECT 1')).rejects.toThrow();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT * FROM kept')).toEqual([]);
  });

  it('listens on a socket that only its owner reaches, and on no port', async () => {
    const { url } = await start();
    expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    const sockets = new URL(url).searchParams.get('host')!;
    expect((await stat(sockets)).mode & 0o777).toBe(0o700);
    expect((await stat(join(sockets, '.s.PGSQL.5432'))).mode & 0o777).toBe(0o700);
  });

  it('is adopted where it already runs, and left running by who adopted it', async () => {
    const owner = await start();
    const pid = await serverPid(owner.url);
    const guest = await startPostgres({ folder });
    expect(guest.url).toBe(owner.url);
    await guest.stop();
    expect(await serverPid(owner.url)).toBe(pid);
  });

  it('is one server when several start at once in a new folder', async () => {
    const started = await Promise.all([start(), start(), start()]);
    const pids = await Promise.all(started.map(({ url }) => serverPid(url)));
    expect(new Set(pids).size).toBe(1);
  });

  it('does not outlive an owner that is killed, and starts again after it', async () => {
    const holder = await startHolder();
    const { url } = await startPostgres({ folder });
    await query(url, 'CREATE TABLE kept (id int)');
    const pid = await serverPid(url);
    await holder.kill();
    const next = await start();
    expect(await serverPid(next.url)).not.toBe(pid);
    expect(await query(next.url, 'SELECT * FROM kept')).toEqual([]);
  });

  it('recovers when it was killed itself, also where its pid has gone to somebody else', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept (id int)');
    const pidFile = join(folder, 'data', 'postmaster.pid');
    const left = await readFile(pidFile, 'utf8');
    process.kill(await serverPid(first.url), 'SIGKILL');
    await first.stop();
    await writeFile(pidFile, left.replace(/^\d+/, String(process.pid)));
    const second = await start();
    expect(await query(second.url, 'SELECT * FROM kept')).toEqual([]);
  });

  it('starts over where an earlier start was killed while making the data', async () => {
    await mkdir(join(folder, 'data.new-4194304-x'), { recursive: true });
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await expect(stat(join(folder, 'data.new-4194304-x'))).rejects.toThrow();
  });

  it('runs where the path is too long for a socket, with odd characters, under a closed parent', async () => {
    await chmod(parent, 0o700);
    const { url } = await start(join(parent, "it's 100% ünlikely", 'x'.repeat(120)));
    expect(Buffer.byteLength(join(new URL(url).searchParams.get('host')!, '.s.PGSQL.5432'))).toBeLessThan(108);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await servers[0]!.stop();
    await rm(new URL(url).searchParams.get('host')!, { recursive: true });
  });

  it('orders and compares text by Unicode, whatever the machine speaks', async () => {
    const { url } = await start();
    expect(await query(url, `SELECT lower('ÄÖ') AS low, 'Ünï' ILIKE '%ÜN%' AS alike`)).toEqual([
      { low: 'äö', alike: true },
    ]);
  });

  it('refuses data of another version, and a folder that cannot be made, with what to do', async () => {
    await mkdir(join(folder, 'data'), { recursive: true });
    await writeFile(join(folder, 'data', 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow(/database of PostgreSQL 15, and this server is 18: dump it/);
    await writeFile(join(parent, 'file'), '');
    await expect(start(join(parent, 'file', 'postgres'))).rejects.toThrow(/cannot be made: set PENTIMENTO_HOME/);
  });

  it('says so when no user can be had to run it', () => {
    const impossible = { kind: 'self', prefix: ['/nonexistent/unshare'], owner: 0 } as const;
    expect(() => chooseIdentity([{ ...impossible, prefix: [...impossible.prefix] }])).toThrow(/set DATABASE_URL/);
  });
});

describe.runIf(isRoot)('as root without user namespaces', () => {
  it('runs as another user, and comes back from there', async () => {
    await chmod(parent, 0o755);
    const without = await startPostgresAs([other], { folder, durable: false });
    servers.push(without);
    await query(without.url, 'CREATE TABLE kept (id int)');
    expect((await stat(join(folder, 'data'))).uid).toBe(other.owner);
    await without.stop();
    const { url } = await start();
    expect(await query(url, 'SELECT * FROM kept')).toEqual([]);
  });

  it('keeps the data where that user may go, and says where', async () => {
    await chmod(parent, 0o700);
    const first = await startPostgresAs([other], { folder, durable: false });
    servers.push(first);
    const place = first.notice?.match(/lies in (\S+),/)?.[1];
    expect(place).toMatch(/^\/var\/lib\/pentimento\//);
    try {
      await query(first.url, 'CREATE TABLE kept (id int)');
      await first.stop();
      const second = await startPostgresAs([other], { folder, durable: false });
      servers.push(second);
      expect(await query(second.url, 'SELECT * FROM kept')).toEqual([]);
      await second.stop();
    } finally {
      await rm(place!, { recursive: true });
    }
  });
});
