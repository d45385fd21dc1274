import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCycle, folderGraph, root, sourcesBelow } from './imports.ts';

const workspaces = ['libs', 'apps'].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => `${group}/${name}`),
);
const libraries = workspaces.filter((name) => name.startsWith('libs/'));
const maxLines = 3000;

const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').length - 1;

describe('folders', () => {
  it('finds a cycle where there is one', () => {
    const graph = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c', 'd'])],
      ['c', new Set<string>()],
      ['d', new Set(['b'])],
    ]);
    expect(findCycle(graph)).toEqual(['b', 'd', 'b']);
    graph.get('d')!.clear();
    expect(findCycle(graph)).toBeUndefined();
  });

  it.each(workspaces)('do not import each other in a circle in %s', (workspace) => {
    const graph = folderGraph(join(root, workspace, 'src'));
    expect(graph.size).toBeGreaterThan(0);
    expect(findCycle(graph)).toBeUndefined();
  });
});

describe('libraries', () => {
  it.each(libraries)('keep to a size that one person can know: %s', (library) => {
    const lines = sourcesBelow(join(root, library, 'src')).reduce((sum, file) => sum + linesOf(file), 0);
    expect(lines).toBeGreaterThan(0);
    expect(lines).toBeLessThanOrEqual(maxLines);
  });

  it.each(workspaces)('say what they are for in a README: %s', (workspace) => {
    expect(existsSync(join(root, workspace, 'README.md'))).toBe(true);
  });
});

describe('the version', () => {
  it('is the same in every workspace and on top of the changelog', () => {
    const { version } = readJson('package.json');
    for (const workspace of workspaces) expect(readJson(`${workspace}/package.json`).version).toBe(version);
    const newest = /^## (\S+)/m.exec(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'))?.[1];
    expect(newest).toBe(version);
  });
});

describe('the index of decisions', () => {
  it('lists every record with its title, and no other', () => {
    const folder = join(root, 'docs/decisions');
    const index = readFileSync(join(folder, 'README.md'), 'utf8');
    const listed = [...index.matchAll(/^\| (\d+) +\| \[(.+)\]\((\S+)\)/gm)].map(([, number, title, file]) => ({
      file: file!,
      heading: `# ${number}. ${title}`,
    }));
    const records = readdirSync(folder).filter((name) => /^\d{4}-.+\.md$/.test(name));
    const actual = records.map((file) => ({ file, heading: readFileSync(join(folder, file), 'utf8').split('\n')[0] }));
    expect(listed).toEqual(actual);
    const numbers = records.map((file) => Number(file.slice(0, 4)));
    expect(numbers).toEqual(numbers.map((_, position) => position + 1));
  });
});
