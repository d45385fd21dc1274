import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { domainsOf, domains, needs } from './debian-packages.mjs';
import { runCaptured, runLogged } from './child-processes.mjs';
import { which } from './paths.mjs';
import { withLock } from './lock.mjs';
import { say } from './terminal.mjs';
import { isStamped, stamp, unstamp } from './stamp.mjs';

/** Names of the packages that dpkg has whole; none where there is no dpkg. */
function installedPackages() {
  const status = existsSync(statusFile) ? readFileSync(statusFile, 'utf8') : '';
  const installed = status.split('\n\n').filter((entry) => entry.includes('\nStatus: install ok installed'));
  return new Set(installed.map((entry) => /^Package: (.+)$/m.exec(entry)?.[1]));
}

const statusFile = '/var/lib/dpkg/status';

/** The needs of these domains that are not met, each with the packages that it lacks. */
export function missingOf(wanted, { has = installedPackages(), all = needs } = {}) {
  const names = wanted.flatMap(domainsOf);
  return all
    .filter((need) => names.includes(need.domain) && !need.there?.())
    .map((need) => ({ ...need, packages: need.packages.filter((name) => !has.has(name)) }))
    .filter((need) => need.packages.length > 0);
}

/** What the first job may need without a long installation before it. */
const firstNeeds = needs.filter((need) => need.first);

/** Installs what a first job needs, and says in one line how to get the languages that take longer to install. */
export async function ensureFirstPackages() {
  await ensure(() => missingOf(domains, { all: firstNeeds }), { again: false });
  const started = new Set(firstNeeds.map(({ domain }) => domain));
  const rest = missingOf(domains, { all: needs.filter(({ domain }) => !started.has(domain)) });
  if (rest.length === 0) return;
  const languages = [...new Set(rest.map(({ domain }) => domain))].join(', ');
  say(`set-up: not everything that ${languages} may need is installed; "npm run setup" installs it`);
}

/**
 * Installs the Debian packages that these domains lack, where this user may. Nothing here fails set-up: what is missing,
 * what will not work without it and the command that installs it are printed instead. `again` retries what failed before.
 */
export const ensureDomains = (wanted, { again = false } = {}) => ensure(() => missingOf(wanted), { again });

async function ensure(findMissing, { again }) {
  const missing = findMissing();
  if (missing.length === 0) return;
  const key = missing.flatMap((need) => need.packages).join(' ');
  const mayInstall = process.getuid() === 0 && which('apt-get') !== undefined;
  if (mayInstall && (again || !isStamped('debian-failed', key))) {
    for (const need of missing) say(`set-up: installing Debian's ${need.packages.join(', ')}: ${need.why}`);
    await withLock(
      'apt',
      () => install(missing, key),
      () => say('set-up: waiting for another apt-get'),
      '/',
    );
  }
  for (const need of findMissing()) printMissing(need);
}

/** All at once, or domain by domain where that fails: one that cannot be had keeps no other away. */
async function install(missing, key) {
  const redisRan = await redisRuns();
  const packages = [...new Set(missing.flatMap((need) => need.packages))];
  try {
    await installWithApt(packages).catch(() => installByDomain(missing));
    unstamp('debian-failed');
  } catch (error) {
    say(`set-up: Debian packages could not be installed. ${error.message}`);
    stamp('debian-failed', key);
  }
  if (packages.includes('redis-server') && !redisRan) await stopRedisService();
}

async function installByDomain(missing) {
  const failures = [];
  for (const name of new Set(missing.map(({ domain }) => domain))) {
    const packages = missing.filter(({ domain }) => domain === name).flatMap((need) => need.packages);
    await installWithApt(packages).catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function installWithApt(packages) {
  const apt = (...args) =>
    runLogged(
      'apt-get',
      'apt-get',
      ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3', ...args],
      {
        env: { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'a' },
      },
    );
  const installAll = () => apt('install', '--no-install-recommends', ...packages);
  const updateFirst = async () => {
    await apt('update');
    await installAll();
  };
  // Lists that are older than what the mirror holds make a first attempt fail.
  await (hasPackageLists() ? installAll().catch(updateFirst) : updateFirst());
}

function hasPackageLists() {
  const folder = '/var/lib/apt/lists';
  return existsSync(folder) && readdirSync(folder).some((name) => name.includes('_Packages'));
}

async function redisRuns() {
  return which('pidof') !== undefined && (await runCaptured('pidof', ['redis-server'])).code === 0;
}

/** The tests start Redis servers of their own; the one that Debian starts at installation and at boot is not wanted. */
async function stopRedisService() {
  if (existsSync('/run/systemd/system')) await runCaptured('systemctl', ['disable', '--now', 'redis-server.service']);
  else if (await redisRuns()) await runCaptured('/etc/init.d/redis-server', ['stop']);
}

function printMissing({ domain, packages, without }) {
  const are = packages.length > 1 ? 'are' : 'is';
  say(`set-up: ${packages.join(', ')} ${are} not installed, so ${without}. To get it: ${commandFor(domain, packages)}`);
}

/** The command that installs the packages here, for a user to copy. */
export function commandFor(
  domain,
  packages,
  { isRoot = process.getuid() === 0, hasApt = which('apt-get') !== undefined, hasLists = hasPackageLists() } = {},
) {
  if (!hasApt) return `install ${packages.join(', ')} with this system's package manager`;
  // Without lists of what there is, apt-get finds no package.
  const update = hasLists ? '' : 'sudo apt-get update && ';
  if (!isRoot) return `${update}sudo apt-get install --no-install-recommends ${packages.join(' ')}`;
  return domain === 'tests' ? 'npm test' : `npm run setup -- --only ${domain}`;
}
