import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { whyInstall } from './packages.mjs';

const locked = {
  '': { version: '1.0.0' },
  'libs/own': { version: '0.1.0' },
  'node_modules/own': { resolved: 'libs/own', link: true },
  'node_modules/needed': { version: '2.0.0' },
  'node_modules/other-machine': { version: '3.0.0', optional: true },
};

let folder: string;
const why = () => whyInstall(join(folder, 'package-lock.json'), join(folder, 'node_modules'));
const write = (name: string, packages: object) => writeFileSync(join(folder, name), JSON.stringify({ packages }));
const writeInstalled = (packages: object) => {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  write('node_modules/.package-lock.json', packages);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pentimento-packages-'));
  write('package-lock.json', locked);
});
afterEach(() => rmSync(folder, { recursive: true }));

it('installs where nothing is installed, and where an installation was cut off', () => {
  expect(why()).toBe('node_modules is missing');
  mkdirSync(join(folder, 'node_modules'));
  expect(why()).toBe('the last installation did not end');
});

it('is content with what the lockfile says, without what is optional', () => {
  writeInstalled({ 'node_modules/own': { link: true }, 'node_modules/needed': { version: '2.0.0' } });
  expect(why()).toBeUndefined();
});

it.each([
  ['another version', { 'node_modules/own': { link: true }, 'node_modules/needed': { version: '2.0.1' } }],
  ['a missing package', { 'node_modules/own': { link: true } }],
  ['a missing workspace', { 'node_modules/needed': { version: '2.0.0' } }],
])('installs again after %s', (_what, installed) => {
  writeInstalled(installed);
  expect(why()).toBe('the lockfile changed');
});
