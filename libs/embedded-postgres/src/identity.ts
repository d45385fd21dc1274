import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';

/** The user that the server runs as: PostgreSQL refuses root, and `initdb` refuses a user without a name. */
export interface Identity {
  kind: 'self' | 'namespace' | 'other';
  /** Command words in front of the server's own. Each of them ends in exec, so the child's pid is the server's. */
  prefix: string[];
  /** User id that owns the server's files, as seen from outside a user namespace. */
  owner: number;
}

/** Debian's `nobody`, which exists on every machine. */
const nobody = 65534;

const self = (uid: number): Identity => ({ kind: 'self', prefix: [], owner: uid });
/** The server sees itself as `nobody`; to the file system it is still this process's user. */
const namespace = (uid: number): Identity => ({
  kind: 'namespace',
  prefix: ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`],
  owner: uid,
});
export const other: Identity = {
  kind: 'other',
  prefix: ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'],
  owner: nobody,
};

/** The identities to try, the one with the fewest requirements first. */
export function possibleIdentities(): Identity[] {
  const uid = process.getuid!();
  if (uid === 0) return [namespace(uid), other];
  return hasName() ? [self(uid)] : [namespace(uid)];
}

/** The first identity that works on this machine. Throws with the remedy if none does. */
export function chooseIdentity(identities: Identity[]): Identity {
  const found = identities.find((identity) => runsAs(identity, ['true']));
  if (found) return found;
  throw new Error(
    'PostgreSQL cannot run as this user, and neither user namespaces (unshare) nor another user (setpriv) are available: ' +
      'start as an ordinary user that has a name, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

export function runsAs(identity: Identity, command: string[]): boolean {
  const [program, ...args] = [...identity.prefix, ...command];
  return spawnSync(program!, args, { stdio: 'ignore', cwd: '/' }).status === 0;
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}
