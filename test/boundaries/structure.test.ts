import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemOfName, problemOfText } from '../../eslint-names.js';
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

/** Code in other languages as models write it, and stored data. */
const notOurWords =
  /^(?:examples|test\/fixtures|test\/hostile|prisma\/migrations|libs\/render\/src\/languages\/\w+\/samples)\//;
/** A code span quotes what is not prose: a macro, an old name. */
const codeSpans = /`[^`\n]*`/g;

/** Strings and comments of Python and shell. */
const proseOfCode = /"""[^]*?"""|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#.*/g;

describe('words', () => {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
    .toString()
    .split('\0')
    .filter((file) => file !== '' && !notOurWords.test(file) && existsSync(join(root, file)));
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const withProblems = (pairs: [string, string | undefined][]) => pairs.filter(([, problem]) => problem !== undefined);

  it('are those of the glossary in the names of files and folders', () => {
    const parts = new Set(files.flatMap((file) => file.split('/')));
    expect(parts.size).toBeGreaterThan(500);
    expect(withProblems([...parts].map((part) => [part, problemOfName(part.replace(/\.\w+$/, ''))]))).toEqual([]);
  });

  it.each(['py', 'sh'])('are those of the glossary in the names of .%s files', (extension) => {
    const sources = files.filter((file) => file.endsWith(`.${extension}`));
    expect(sources).not.toEqual([]);
    const names = sources.flatMap((file) =>
      (
        read(file)
          .replace(proseOfCode, '')
          .match(/\b[A-Za-z_]\w*\b/g) ?? []
      ).map((name) => `${file}: ${name}`),
    );
    expect(withProblems([...new Set(names)].map((name) => [name, problemOfName(name.split(': ')[1]!)]))).toEqual([]);
  });

  it.each(['py', 'sh', 'css', 'md', 'prisma', 'yml'])('are plain and American in .%s files', (extension) => {
    const sources = files.filter((file) => file.endsWith(`.${extension}`));
    expect(sources).not.toEqual([]);
    const lines = sources.flatMap((file) =>
      read(file)
        .split('\n')
        .map((line, index) => [`${file}:${index + 1}`, line] as const),
    );
    expect(withProblems(lines.map(([at, line]) => [at, problemOfText(line.replace(codeSpans, ''))]))).toEqual([]);
  });
});
