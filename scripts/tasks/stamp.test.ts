import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashOf } from './stamp.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pentimento-stamp-'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/a.ts'), 'one');
});
afterEach(() => rmSync(folder, { recursive: true }));

const hash = () => hashOf(['src', 'package.json'], folder);

it('changes with a content, a name and a new file', () => {
  const seen = new Set([hash()]);
  writeFileSync(join(folder, 'src/a.ts'), 'two');
  seen.add(hash());
  renameSync(join(folder, 'src/a.ts'), join(folder, 'src/b.ts'));
  seen.add(hash());
  writeFileSync(join(folder, 'package.json'), '{}');
  seen.add(hash());
  expect(seen.size).toBe(4);
});

it('depends neither on the path of the checkout nor on what was built in it', () => {
  const before = hash();
  mkdirSync(join(folder, 'src/dist'));
  writeFileSync(join(folder, 'src/dist/a.js'), 'built');
  writeFileSync(join(folder, 'src/x.tsbuildinfo'), 'built');
  expect(hash()).toBe(before);
  const moved = `${folder}-moved`;
  renameSync(folder, moved);
  expect(hashOf(['src', 'package.json'], moved)).toBe(before);
  renameSync(moved, folder);
});
