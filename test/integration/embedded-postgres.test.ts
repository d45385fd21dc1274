import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres, type EmbeddedPostgres } from '@pentimento/embedded-postgres';
import { chooseIdentity, other } from '../../libs/embedded-postgres/src/identity.ts';
import { startPostgresAs } from '../../libs/embedded-postgres/src/server.ts';
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
  // A server that lost the race to another may still be shutting down.
  await rm(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
});

async function start(path = folder): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ folder: path, durable: false });
  servers.push(server);
  return server;
}

const serverPid = async (url: string) =>
  Number(String((await query(url, `SELECT pg_read_file('postmaster.pid') AS file`))[0]!.file).split('\n')[0]);

/** A process that starts the server and keeps it running until the process is killed. */
async function startHolder(): Promise<{ kill(): Promise<void> }> {
  const library = fileURLToPath(new URL('../../libs/embedded-postgres/src/index.ts', import.meta.url));
  const script = `import { startPostgres } from ${JSON.stringify(library)};
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
  it('keeps its data and its URL across restarts', async () => {
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

  it('listens on a socket that only its owner can reach, and on no port', async () => {
    const { url } = await start();
    expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    const sockets = new URL(url).searchParams.get('host')!;
    expect((await stat(sockets)).mode & 0o777).toBe(0o700);
    expect((await stat(join(sockets, '.s.PGSQL.5432'))).mode & 0o777).toBe(0o700);
  });

  it('is adopted if it already runs, and keeps running when the adopter stops', async () => {
    const owner = await start();
    const pid = await serverPid(owner.url);
    const guest = await startPostgres({ folder });
    expect(guest.url).toBe(owner.url);
    await guest.stop();
    expect(await serverPid(owner.url)).toBe(pid);
  });

  it('is started once when several callers start it in a new folder at the same time', async () => {
    const started = await Promise.all([start(), start(), start()]);
    const pids = await Promise.all(started.map(({ url }) => serverPid(url)));
    expect(new Set(pids).size).toBe(1);
  });

  it('stops when its owner is killed, and can be started again', async () => {
    const holder = await startHolder();
    const { url } = await startPostgres({ folder });
    await query(url, 'CREATE TABLE kept (id int)');
    const pid = await serverPid(url);
    await holder.kill();
    const next = await start();
    expect(await serverPid(next.url)).not.toBe(pid);
    expect(await query(next.url, 'SELECT * FROM kept')).toEqual([]);
  });

  it('recovers after it was killed, even if another process has its pid now', async () => {
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

  it('starts over after a start that was killed while it created the data', async () => {
    await mkdir(join(folder, 'data.new-4194304-x'), { recursive: true });
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS value')).toEqual([{ value: 1 }]);
    await expect(stat(join(folder, 'data.new-4194304-x'))).rejects.toThrow();
  });

  it('runs in a folder with a path too long for a socket, unusual characters and a private parent', async () => {
    await chmod(parent, 0o700);
    const { url } = await start(join(parent, "it's 100% ünlikely", 'x'.repeat(120)));
    expect(Buffer.byteLength(join(new URL(url).searchParams.get('host')!, '.s.PGSQL.5432'))).toBeLessThan(108);
    expect(await query(url, 'SELECT 1 AS value')).toEqual([{ value: 1 }]);
    await servers[0]!.stop();
    await rm(new URL(url).searchParams.get('host')!, { recursive: true });
  });

  it('orders and compares text by Unicode, independent of the locale of the machine', async () => {
    const { url } = await start();
    expect(await query(url, `SELECT lower('ÄÖ') AS low, 'Ünï' ILIKE '%ÜN%' AS alike`)).toEqual([
      { low: 'äö', alike: true },
    ]);
  });

  it('refuses data of another version and a folder that cannot be created, with the remedy', async () => {
    await mkdir(join(folder, 'data'), { recursive: true });
    await writeFile(join(folder, 'data', 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow(/database of PostgreSQL 15, and this server is 18: dump it/);
    await writeFile(join(parent, 'file'), '');
    await expect(start(join(parent, 'file', 'postgres'))).rejects.toThrow(/cannot be created: set PENTIMENTO_HOME/);
  });

  it('reports the remedy if no user can run it', () => {
    const impossible = { kind: 'self', prefix: ['/nonexistent/unshare'], owner: 0 } as const;
    expect(() => chooseIdentity([{ ...impossible, prefix: [...impossible.prefix] }])).toThrow(/set DATABASE_URL/);
  });
});

describe.runIf(isRoot)('as root without user namespaces', () => {
  it('runs as another user, and later as root again with the same data', async () => {
    await chmod(parent, 0o755);
    const without = await startPostgresAs([other], { folder, durable: false });
    servers.push(without);
    await query(without.url, 'CREATE TABLE kept (id int)');
    expect((await stat(join(folder, 'data'))).uid).toBe(other.owner);
    await without.stop();
    const { url } = await start();
    expect(await query(url, 'SELECT * FROM kept')).toEqual([]);
  });

  it('keeps the data in a folder that the user can enter, and reports the folder', async () => {
    await chmod(parent, 0o700);
    const first = await startPostgresAs([other], { folder, durable: false });
    servers.push(first);
    const moved = first.notice?.match(/ is in (\S+),/)?.[1];
    expect(moved).toMatch(/^\/var\/lib\/pentimento\//);
    try {
      await query(first.url, 'CREATE TABLE kept (id int)');
      await first.stop();
      const second = await startPostgresAs([other], { folder, durable: false });
      servers.push(second);
      expect(await query(second.url, 'SELECT * FROM kept')).toEqual([]);
      await second.stop();
    } finally {
      await rm(moved!, { recursive: true });
    }
  });
});
