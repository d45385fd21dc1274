import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { languages } from '@pentimento/render/languages';
import { commandFor, missingOf } from './debian.mjs';
import { domains, domainsOf, needs } from './debian-packages.mjs';
import { readOnly } from './setup.mjs';

const repository = resolve(import.meta.dirname, '../..');

it('lists what the Dockerfile installs, from the folders that its first stage copies', ({ onTestFinished }) => {
  const stage = mkdtempSync(join(tmpdir(), 'pentimento-dockerfile-'));
  onTestFinished(() => rmSync(stage, { recursive: true }));
  const [, first = ''] = readFileSync(join(repository, 'Dockerfile'), 'utf8').split('\nFROM ');
  const copies = [...first.matchAll(/^COPY (\S+) (\S+)$/gm)];
  for (const [, from = '', to = ''] of copies) cpSync(join(repository, from), join(stage, to), { recursive: true });
  const [, program = ''] = /^RUN node (\S+) > \/packages$/m.exec(first)!;
  const listed = execFileSync(process.execPath, [join(stage, program)], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');
  const wanted = needs.filter(({ domain }) => domains.includes(domain)).flatMap(({ packages }) => packages);
  expect(listed).toEqual([...new Set(wanted)].sort());
  expect(listed).toContain('bubblewrap');
});

it('has a domain for every language, and knows the languages whose packages it uses', () => {
  expect(domains).toEqual(['base', ...languages.map(({ id }) => id)]);
  for (const name of domains) expect(domains).toEqual(expect.arrayContaining(domainsOf(name)));
});

it('says of all packages why they are wanted, and what is lost without them', () => {
  for (const { packages, why, without } of needs) {
    expect(packages).not.toEqual([]);
    expect([why, without]).not.toContain('');
  }
});

it('finds what is missing, package by package', () => {
  const all = [
    { domain: 'python', packages: ['a', 'b'], why: '', without: '' },
    { domain: 'latex', packages: ['c'], there: () => true, why: '', without: '' },
    { domain: 'html', packages: ['d'], why: '', without: '' },
  ];
  const missing = (wanted: string[], has: string[]) =>
    missingOf(wanted, { has: new Set(has), all }).flatMap((need: { packages: string[] }) => need.packages);
  expect(missing(['python', 'latex', 'svg'], ['a'])).toEqual(['b', 'd']);
  expect(missing(['latex'], [])).toEqual([]);
  expect(missing(['python'], ['a', 'b'])).toEqual(['d']);
});

it('reads the domains of --only, and refuses others in a sentence', () => {
  expect(readOnly(['--only', 'python,latex'])).toEqual(['python', 'latex']);
  expect(readOnly([])).toBeUndefined();
  expect(() => readOnly(['--only', 'cobol'])).toThrow(/no domain "cobol".*python/);
  expect(() => readOnly(['--only', ''])).toThrow(/no domain/);
  expect(() => readOnly(['--olny', 'python'])).toThrow(/--only/);
});

it('names the command that installs what is missing, for root, for others and without apt', () => {
  const command = (isRoot: boolean, hasApt = true, hasLists = true) =>
    commandFor('latex', ['a', 'b'], { isRoot, hasApt, hasLists });
  expect(command(true)).toBe('npm run setup -- --only latex');
  expect(command(false)).toBe('sudo apt-get install --no-install-recommends a b');
  expect(command(false, true, false)).toBe('sudo apt-get update && sudo apt-get install --no-install-recommends a b');
  expect(command(true, false)).toContain("a, b with this system's package manager");
  expect(commandFor('tests', ['a'], { isRoot: true, hasApt: true, hasLists: true })).toBe('npm test');
});
