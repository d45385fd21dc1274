import { existsSync, readdirSync } from 'node:fs';
import { runCaptured, runLogged } from './children.mjs';
import { which } from './paths.mjs';
import { withLock } from './lock.mjs';
import { say } from './terminal.mjs';
import { isStamped, stamp, unstamp } from './stamp.mjs';

const anyOf =
  (...names) =>
  () =>
    names.some(which);
const fontFolder = (name) => () => existsSync(`/usr/share/fonts/truetype/${name}`);

/** Debian's packages beside npm's: what each is for, and what does not work without it. */
const needs = [
  {
    packages: ['bubblewrap'],
    there: anyOf('bwrap'),
    why: 'the sandbox around model-written code',
    without: 'code of real models is refused, only the built-in model runs',
  },
  {
    packages: ['chromium-headless-shell'],
    there: anyOf('chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'),
    why: 'the browser that renders HTML',
    without: 'HTML is not rendered and browser tests fail',
  },
  {
    packages: ['fonts-liberation'],
    there: fontFolder('liberation'),
    why: 'letters as wide as those of Arial, Times and Courier',
    without: 'text renders in other fonts, or none',
  },
  {
    packages: ['fonts-dejavu'],
    there: fontFolder('dejavu'),
    why: 'letters and signs that Liberation lacks',
    without: 'some signs render as boxes',
  },
];

const forTests = [
  {
    packages: ['redis-server'],
    there: anyOf('redis-server'),
    why: 'the tests of the second queue backend',
    without: 'the tests of the Redis queue are skipped',
  },
];

const missingOf = (tests) => [...needs, ...(tests ? forTests : [])].filter((need) => !need.there());

/**
 * Installs the Debian packages that are missing, where this user may. Nothing here fails set-up: what is missing, what
 * will not work without it and the command that brings it are said instead. `again` retries what failed before.
 */
export async function ensureDebianPackages({ tests = false, again = false } = {}) {
  const missing = missingOf(tests);
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
  for (const need of missingOf(tests)) sayMissing(need);
}

async function install(missing, key) {
  const redisRan = await redisRuns();
  const packages = missing.flatMap((need) => need.packages);
  try {
    await installWithApt(packages);
    unstamp('debian-failed');
  } catch (error) {
    say(`set-up: Debian packages could not be installed. ${error.message}`);
    stamp('debian-failed', key);
  }
  if (packages.includes('redis-server') && !redisRan) await stopRedisService();
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

function sayMissing({ packages, without }) {
  const sudo = process.getuid() === 0 ? '' : 'sudo ';
  const command = which('apt-get')
    ? `${sudo}apt-get install --no-install-recommends ${packages.join(' ')}`
    : `install ${packages.join(', ')} with this system's package manager`;
  say(`set-up: ${packages.join(', ')} is not installed, so ${without}. To get it: ${command}`);
}
