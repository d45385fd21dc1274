import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { chooseIdentity, possibleIdentities, type Identity } from './identity.ts';
import { isAlive, runningServer } from './pid-file.ts';
import { exists, port, preparePlace, type Place } from './place.ts';
import { initArguments, serverArguments } from './settings.ts';

export interface EmbeddedPostgres {
  /** For `pg`, Prisma's adapter and BullMQ's PostgreSQL backend alike. The same at every start of the same folder. */
  url: string;
  /** One sentence where the server lies somewhere unusual; null else. */
  notice: string | null;
  /** Shuts the server down, or, where it was found running, leaves it to the process that started it. Idempotent. */
  stop(): Promise<void>;
}

const major = '18';
const startLimitMs = 60_000;
const stopLimitMs = 20_000;
const largestLog = 8 * 1024 * 1024;

export interface PostgresOptions {
  folder: string;
  /** False: nothing waits for the disk. Several times faster, and gone after a crash of the machine: for tests. */
  durable?: boolean;
}

/**
 * Starts the embedded PostgreSQL with its data in `folder`, or adopts the one that already runs there. It listens on a
 * unix socket only and goes down with this process, even if that is killed. Recovers from whatever a kill left behind.
 * Call it from the main thread: the server dies with the thread that started it. Throws a plain sentence with the remedy.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  return startPostgresAs(possibleIdentities(), options);
}

export async function startPostgresAs(identities: Identity[], options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { folder, durable = true } = options;
  const identity = chooseIdentity(identities);
  const place = await preparePlace(folder, identity);
  if ((await sizeOf(place.log)) > largestLog) await rename(place.log, `${place.log}.1`);
  const deadline = Date.now() + startLimitMs;
  while (Date.now() < deadline) {
    const running = await runningServer(place.data);
    const logged = await sizeOf(place.log);
    const child = running ? null : await launch(place, identity, durable);
    const sockets = running?.sockets || place.sockets;
    const gone = async () => (child ? hasEnded(child) : (await runningServer(place.data))?.pid !== running!.pid);
    if (await answers(sockets, gone, deadline)) {
      return { url: urlOf(sockets), notice: place.notice, stop: () => (child ? stop(child) : Promise.resolve()) };
    }
    const said = (await readFile(place.log).catch(() => Buffer.alloc(0))).subarray(logged).toString().trim();
    if (child && !isWorthRetrying(said)) throw doesNotStart(place, said);
    await sleep(50);
  }
  throw doesNotStart(place, 'it takes more than a minute.');
}

function urlOf(sockets: string): string {
  return `postgresql://pentimento@localhost:${port}/postgres?host=${encodeURIComponent(sockets)}&sslmode=disable`;
}

async function launch(place: Place, identity: Identity, durable: boolean): Promise<ChildProcess> {
  await initialize(place, identity, durable);
  const log = await open(place.log, 'a');
  try {
    const [program, ...args] = [
      ...identity.prefix,
      // After the change of user, which would clear it: a fast shutdown when this process dies, however it dies.
      ...['setpriv', '--pdeathsig', 'INT'],
      join(place.native, 'bin', 'postgres'),
      ...serverArguments(place, durable),
    ];
    const child = spawn(program!, args, {
      cwd: '/',
      env: environment(place),
      stdio: ['ignore', log.fd, log.fd],
      // Out of the terminal's process group: Ctrl-C is for the owner, who still needs the server to end its work.
      detached: true,
    });
    child.unref();
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    return child;
  } finally {
    await log.close();
  }
}

/** Makes the data folder beside its place and renames it, so that a killed start leaves no half of one. */
async function initialize(place: Place, identity: Identity, durable: boolean): Promise<void> {
  if (await exists(place.data)) return checkVersion(place);
  await removeHalves(place);
  const half = `${place.data}.new-${process.pid}-${randomUUID()}`;
  const [program, ...args] = [
    ...identity.prefix,
    join(place.native, 'bin', 'initdb'),
    '-D',
    half,
    ...initArguments(durable),
  ];
  const result = spawnSync(program!, args, { cwd: '/', env: environment(place), encoding: 'utf8' });
  if (result.status !== 0) {
    await rm(half, { recursive: true, force: true });
    throw new Error(
      `The database cannot be made in ${place.base}: ${(result.stderr || String(result.error)).trim()} ` +
        'Make room or give write access there, or set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
  await rename(half, place.data).catch(async (error: NodeJS.ErrnoException) => {
    await rm(half, { recursive: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

async function removeHalves(place: Place): Promise<void> {
  for (const name of await readdir(place.base)) {
    const maker = /^data\.new-(\d+)-/.exec(name)?.[1];
    if (maker && !isAlive(Number(maker))) await rm(join(place.base, name), { recursive: true, force: true });
  }
}

async function checkVersion(place: Place): Promise<void> {
  const found = (await readFile(join(place.data, 'PG_VERSION'), 'utf8').catch(() => 'no known version')).trim();
  if (found === major) return;
  throw new Error(
    `${place.data} holds a database of PostgreSQL ${found}, and this server is ${major}: dump it with its own version and ` +
      'restore it, or move the folder away to start empty.',
  );
}

/** Nothing of the caller's environment: PGDATA, PGPORT or a locale would change the server. */
function environment(place: Place): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LD_LIBRARY_PATH: place.libraries, LC_ALL: 'C', TZ: 'UTC' };
}

/** Waits until the server takes connections. False where it has gone instead, e.g. one that was shutting down. */
async function answers(sockets: string, gone: () => Promise<boolean>, deadline: number): Promise<boolean> {
  while (!(await gone()) && Date.now() < deadline) {
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

/** Somebody else's start won, or the children of a killed server have not all gone yet. */
const isWorthRetrying = (said: string): boolean =>
  /lock file .* already exists|pre-existing shared memory block|is already in use/.test(said);

function doesNotStart(place: Place, said: string): Error {
  const last = said.split('\n').slice(-3).join(' ');
  return new Error(`The embedded PostgreSQL does not start: ${last} Its whole log is ${place.log}.`);
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.ref();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // SIGINT: PostgreSQL's fast shutdown (open transactions are rolled back). SIGQUIT: at once, recovered at the next start.
  child.kill('SIGINT');
  const late = setTimeout(() => child.kill('SIGQUIT'), stopLimitMs);
  await ended.finally(() => clearTimeout(late));
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
