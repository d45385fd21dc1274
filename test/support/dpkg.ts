import { existsSync, readFileSync, realpathSync } from 'node:fs';

/** A package as dpkg records it. */
interface Installed {
  /** Each inner list holds alternatives, in the order that apt tries them. */
  depends: string[][];
  provides: string[];
  isBase: boolean;
}

const statusFile = '/var/lib/dpkg/status';
export const hasDpkg = existsSync(statusFile);

/** What a bare Debian 12 has before set-up: the base system, and what the README asks for. */
const installedPackages = ['apt', 'git', 'ca-certificates'];

const installed = new Map<string, Installed>();

/** Every package that dpkg has completely installed, by name. */
function readInstalled(): ReadonlyMap<string, Installed> {
  if (installed.size > 0) return installed;
  for (const entry of readFileSync(statusFile, 'utf8').split('\n\n')) {
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(entry)?.[1] ?? '';
    if (field('Status') !== 'install ok installed') continue;
    installed.set(field('Package'), {
      depends: [field('Pre-Depends'), field('Depends')].flatMap(namesIn),
      provides: namesIn(field('Provides')).flat(),
      isBase: field('Essential') === 'yes' || field('Priority') === 'required',
    });
  }
  return installed;
}

/** `a (>= 1), b | c:any` as [[a], [b, c]]. */
function namesIn(list: string): string[][] {
  const groups = list.split(',').map((group) => group.split('|').map((name) => name.trim().split(/[\s:(]/)[0]!));
  return groups.map((group) => group.filter(Boolean)).filter((group) => group.length > 0);
}

/**
 * The packages that a bare system has after `apt-get install --no-install-recommends` of the given ones. Of alternatives the
 * first that is installed counts: another one that a used machine also has must not.
 *
 * @throws Error where one of the given packages is not installed.
 */
export function closureOf(roots: Iterable<string>): ReadonlySet<string> {
  readInstalled();
  const providers = new Map<string, string>();
  for (const [name, { provides }] of installed) {
    for (const virtual of provides) if (!providers.has(virtual)) providers.set(virtual, name);
  }
  const resolve = (name: string): string | undefined => (installed.has(name) ? name : providers.get(name));
  const closure = new Set<string>();
  const base = [...installed].filter(([, { isBase }]) => isBase).map(([name]) => name);
  const waiting = [...base, ...installedPackages, ...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const found = installed.get(name);
    if (!found) throw new Error(`Debian's package ${name} is not installed.`);
    if (closure.has(name)) continue;
    closure.add(name);
    waiting.push(
      ...found.depends.flatMap((group) => group.map(resolve).find((version) => version !== undefined) ?? []),
    );
  }
  return closure;
}

/** Files of a package, one a line. */
function fileListOf(name: string): string | undefined {
  const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch;
  return [name, `${name}:${architecture}`].map((base) => `/var/lib/dpkg/info/${base}.list`).find(existsSync);
}

export const isInstalled = (name: string): boolean => readInstalled().has(name);

const owners = new Map<string, string[]>();

function readOwners(): Map<string, string[]> {
  if (owners.size > 0) return owners;
  for (const name of readInstalled().keys()) {
    const list = fileListOf(name);
    if (!list) continue;
    for (const path of readFileSync(list, 'utf8').split('\n')) owners.set(path, [...(owners.get(path) ?? []), name]);
  }
  return owners;
}

/** The packages that own a file; none for one that something else than dpkg brought. */
export function ownersOf(path: string): string[] {
  if (path.startsWith('/usr/local/')) return [];
  const all = readOwners();
  const names = [path, realpathSync(path)].flatMap(namesOfMergedUsr);
  return [...new Set(names.flatMap((name) => all.get(name) ?? []))];
}

/** /bin is a link to /usr/bin, and packages name either. */
const namesOfMergedUsr = (path: string): string[] => [path, path.startsWith('/usr/') ? path.slice(4) : `/usr${path}`];
