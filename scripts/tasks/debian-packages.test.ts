import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { languages } from '@pentimento/render/languages';
import { missingOf } from './debian.mjs';
import { domains, domainsOf, needs } from './debian-packages.mjs';
import { readOnly } from './setup.mjs';

it('is what the Dockerfile installs, but for the tests', () => {
  const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');
  const block = /--no-install-recommends \\\n((?: {4}\S+ \\\n)+)/.exec(dockerfile)![1]!;
  const installed = block.split('\n').map((line) => line.replace('\\', '').trim());
  const listed = needs.filter(({ domain }) => domain !== 'tests').flatMap(({ packages }) => packages);
  expect(installed.filter(Boolean)).toEqual([...new Set(listed)].sort());
});

it('has a domain for every language', () => {
  expect(domains).toEqual(expect.arrayContaining(languages.map(({ id }) => id)));
  const served = new Set(needs.map(({ domain }) => domain));
  for (const name of domains) expect([...served]).toEqual(expect.arrayContaining(domainsOf(name)));
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
