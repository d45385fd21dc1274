import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inRoot, which } from './paths.mjs';

/**
 * What a language needs of Debian, as its `debian.json` says it.
 * @typedef {object} LanguagePackages
 * @property {string[]} [uses] Languages whose packages it needs too.
 * @property {{ first?: true, packages: string[], commands?: string[], files?: string[], why: string, without: string }[]} needs
 *   `commands`, `files`: one of them stands for all the packages, from another source or on a system without dpkg too. `first`:
 *   small enough to be installed before the first job. `why`: what the packages are for. `without`: what does not work without them.
 */

/** The languages' folders: each has a debian.json. */
const folder = inRoot('libs/render/src/languages');

/** @type {Record<string, LanguagePackages>} */
const languages = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'debian.json')))
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(join(folder, name, 'debian.json'), 'utf8'))]),
);

/** What `npm run setup -- --only python-latest` needs: nothing that set-up does without being asked. */
export const pythonLatest = 'python-latest';

/** What languages have in common, and what only tests need. */
const others = [
  {
    domain: pythonLatest,
    packages: ['python3', 'python3-venv'],
    why: 'an environment with current Python libraries',
    without: "Debian's libraries stay in use",
  },
  {
    domain: 'base',
    first: true,
    packages: ['bubblewrap'],
    commands: ['bwrap'],
    why: 'the sandbox around model-written code',
    without: 'code of real models is refused, only the built-in model runs',
  },
  {
    domain: 'tests',
    packages: ['redis-server'],
    commands: ['redis-server'],
    why: 'the tests of the second queue backend',
    without: 'the tests of the Redis queue are skipped',
  },
  {
    domain: 'tests',
    packages: ['python3-venv'],
    why: 'the tests of environments with current Python libraries',
    without: 'those tests fail',
  },
  {
    domain: 'tests',
    packages: ['shellcheck', 'pyflakes3'],
    why: 'the checks of shell scripts and of Python',
    without: 'npm run check leaves shell scripts and Python out',
  },
];

/** Debian's packages, in addition to npm's, by domain: a language, `base`, `python-latest` or `tests`. */
export const needs = [
  ...others,
  ...Object.entries(languages).flatMap(([domain, language]) => language.needs.map((need) => ({ domain, ...need }))),
].map(({ commands = [], files = [], ...need }) => ({
  ...need,
  files,
  there: () => commands.some((name) => which(name)) || files.some((path) => existsSync(path)),
}));

/** What `npm run setup -- --only` takes: the languages, by what they need. */
export const domains = ['base', ...Object.keys(languages)];

/** The domains whose packages a domain needs: its own, and for a language those that it uses. */
export const domainsOf = (name) => [name, ...(languages[name]?.uses ?? [])];

/** What an image of the server installs: what set-up does without being asked. */
const imagePackages = () =>
  [...new Set(needs.filter(({ domain }) => domains.includes(domain)).flatMap(({ packages }) => packages))].sort();

// The Dockerfile runs this file.
if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${imagePackages().join('\n')}\n`);
