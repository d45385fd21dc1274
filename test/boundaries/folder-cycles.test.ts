import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

type Imports = ReadonlyMap<string, ReadonlySet<string>>;

/** The other folders that the files of each folder import. Type imports count; tests and their helpers do not. */
function folderImports(sources: string): Imports {
  const imports = new Map<string, Set<string>>();
  for (const file of globSync('**/*.{ts,tsx}', { cwd: sources })) {
    if (/\.test\.tsx?$|(^|\/)testing[/.]/.test(file)) continue;
    const folder = dirname(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(join(sources, file), 'utf8')).importedFiles) {
      if (!fileName.startsWith('.')) continue;
      const imported = relative(sources, dirname(resolve(sources, folder, fileName))) || '.';
      if (imported === folder) continue;
      imports.set(folder, (imports.get(folder) ?? new Set()).add(imported));
    }
  }
  return imports;
}

/** A way from the folder back to itself; undefined where there is none. */
function cycleFrom(start: string, imports: Imports): string[] | undefined {
  const seen = new Set<string>();
  const follow = (folder: string, way: string[]): string[] | undefined => {
    for (const next of imports.get(folder) ?? []) {
      if (next === start) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const cycle = follow(next, [...way, next]);
      if (cycle) return cycle;
    }
    return undefined;
  };
  return follow(start, [start]);
}

it('finds a cycle over several folders', () => {
  const imports = new Map([
    ['a', new Set(['b'])],
    ['b', new Set(['c'])],
    ['c', new Set(['a', 'b'])],
    ['d', new Set(['a'])],
  ]);
  expect(cycleFrom('a', imports)).toEqual(['a', 'b', 'c', 'a']);
  expect(cycleFrom('d', imports)).toBeUndefined();
});

it.each(['apps/api', 'apps/cli', 'apps/dashboard', 'libs/client'])(
  'the folders of %s import each other in one direction',
  (project) => {
    const imports = folderImports(join(root, project, 'src'));
    const cycles = [...imports.keys()].map((folder) => cycleFrom(folder, imports)?.join(' -> ')).filter(Boolean);
    expect(cycles).toEqual([]);
  },
);

it('reads the imports of a real project', () => {
  expect([...folderImports(join(root, 'apps/api/src')).get('jobs')!]).toContain('queue');
});
