import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { v4 as uuid } from 'uuid';
import { chooseIdentity, possibleIdentities, type Identity } from './identity.ts';
import { exists, port, prepareLayout, type Layout } from './layout.ts';
import { isAlive, runningServer } from './pid-file.ts';
import { initArguments, serverArguments } from './settings.ts';

export interface EmbeddedPostgres {
  /** For `pg`, Prisma's adapter and BullMQ's PostgreSQL backend alike. The same at every start of the same folder. */
  url: string;
  /** One sentence if parts of the server are at unusual paths; null otherwise. */
  notice: string | null;
  /** Shuts the server down; a server that was already running is left to the process that started it. Idempotent. */
  stop(): Promise<void>;
}

const major = '18';
const startLimitMs = 60_000;
const stopLimitMs = 20_000;
const maxLogBytes = 8 * 1024 * 1024;

export interface PostgresOptions {
  folder: string;
  /** False: nothing waits for the disk. Several times faster, but the data is lost if the machine crashes: for tests. */
  durable?: boolean;
}

/**
 * Starts the embedded PostgreSQL with its data in `folder`, or adopts the one that already runs there. It listens on a
 * Unix socket only and stops with this process, even if this process is killed. Recovers from what a kill left behind.
 * Call it from the main thread: the server stops with the thread that started it. Throws a sentence with the remedy.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  return startPostgresAs(possibleIdentities(), options);
}

export async function startPostgresAs(identities: Identity[], options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { folder, durable = true } = options;
  const identity = chooseIdentity(identities);
  const layout = await prepareLayout(folder, identity);
  if ((await sizeOf(layout.log)) > maxLogBytes) await rename(layout.log, `${layout.log}.1`);
  const deadline = Date.now() + startLimitMs;
  while (Date.now() < deadline) {
    const running = await runningServer(layout.data);
    const logged = await sizeOf(layout.log);
    const child = running ? null : await launch(layout, identity, durable);
    const sockets = running?.sockets || layout.sockets;
    const hasStopped = async () => (child ? hasEnded(child) : (await runningServer(layout.data))?.pid !== running!.pid);
    if (await answers(sockets, hasStopped, deadline)) {
      return { url: urlOf(sockets), notice: layout.notice, stop: () => (child ? stop(child) : Promise.resolve()) };
    }
    const output = (await readFile(layout.log).catch(() => Buffer.alloc(0))).subarray(logged).toString().trim();
    if (child && !isWorthRetrying(output)) throw startFailure(layout, output);
    await sleep(50);
  }
  throw startFailure(layout, 'it takes more than a minute.');
}

function urlOf(sockets: string): string {
  return `postgresql://pentimento@localhost:${port}/postgres?host=${encodeURIComponent(sockets)}&sslmode=disable`;
}

async function launch(layout: Layout, identity: Identity, durable: boolean): Promise<ChildProcess> {
  await initialize(layout, identity, durable);
  const log = await open(layout.log, 'a');
  try {
    const [program, ...args] = [
      ...identity.prefix,
      // A fast shutdown when this process dies for any reason. It follows the change of user, which would clear it.
      ...['setpriv', '--pdeathsig', 'INT'],
      join(layout.binaries, 'bin', 'postgres'),
      ...serverArguments(layout, durable),
    ];
    const child = spawn(program!, args, {
      cwd: '/',
      env: environment(layout),
      stdio: ['ignore', log.fd, log.fd],
      // Out of the terminal's process group: Ctrl-C goes to the owner, which needs the server to finish its work.
      detached: true,
    });
    child.unref();
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    return child;
  } finally {
    await log.close();
  }
}

/** Creates the data folder under a temporary name and renames it, so that a killed start leaves no incomplete one. */
async function initialize(layout: Layout, identity: Identity, durable: boolean): Promise<void> {
  if (await exists(layout.data)) return checkVersion(layout);
  await removeIncomplete(layout);
  const incomplete = `${layout.data}.new-${process.pid}-${uuid()}`;
  const [program, ...args] = [
    ...identity.prefix,
    join(layout.binaries, 'bin', 'initdb'),
    '-D',
    incomplete,
    ...initArguments(durable),
  ];
  const result = spawnSync(program!, args, { cwd: '/', env: environment(layout), encoding: 'utf8' });
  if (result.status !== 0) {
    await rm(incomplete, { recursive: true, force: true });
    throw new Error(
      `The database cannot be created in ${layout.base}: ${(result.stderr || String(result.error)).trim()} ` +
        'Free some space or give write access there, or set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
  await rename(incomplete, layout.data).catch(async (error: NodeJS.ErrnoException) => {
    await rm(incomplete, { recursive: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

async function removeIncomplete(layout: Layout): Promise<void> {
  for (const name of await readdir(layout.base)) {
    const creator = /^data\.new-(\d+)-/.exec(name)?.[1];
    if (creator && !isAlive(Number(creator))) await rm(join(layout.base, name), { recursive: true, force: true });
  }
}

async function checkVersion(layout: Layout): Promise<void> {
  const found = (await readFile(join(layout.data, 'PG_VERSION'), 'utf8').catch(() => 'no known version')).trim();
  if (found === major) return;
  throw new Error(
    `${layout.data} holds a database of PostgreSQL ${found}, and this server is ${major}: dump it with its own version and ` +
      'restore it, or move the folder away to start empty.',
  );
}

/** Takes nothing else from the caller's environment: PGDATA, PGPORT or a locale would change the server. */
function environment(layout: Layout): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LD_LIBRARY_PATH: layout.libraries, LC_ALL: 'C', TZ: 'UTC' };
}

/** Waits until the server accepts connections. False if it ended instead, e.g. because it was shutting down. */
async function answers(sockets: string, hasStopped: () => Promise<boolean>, deadline: number): Promise<boolean> {
  while (!(await hasStopped()) && Date.now() < deadline) {
    if (await connects(sockets)) return true;
    await sleep(15);
  }
  return false;
}

async function connects(sockets: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlOf(sockets), connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Another process started the server first, or the children of a killed server are still running. */
const isWorthRetrying = (output: string): boolean =>
  /lock file .* already exists|pre-existing shared memory block|is already in use/.test(output);

function startFailure(layout: Layout, output: string): Error {
  const last = output.split('\n').slice(-3).join(' ');
  return new Error(`The embedded PostgreSQL does not start: ${last} Its log is ${layout.log}.`);
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.ref();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // SIGINT is PostgreSQL's fast shutdown, which rolls open transactions back. SIGQUIT is immediate; the next start recovers.
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), stopLimitMs);
  await ended.finally(() => clearTimeout(timer));
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
