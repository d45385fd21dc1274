import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

export const root = resolve(import.meta.dirname, '../..');

const skippedFolders = new Set(['node_modules', 'dist', 'generated', '.next', 'out', 'testing', 'samples']);

/** Paths of the TypeScript sources below a folder, without tests, test helpers and sample programs. */
export function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : sourcesBelow(path);
      return /\.tsx?$/.test(entry.name) && !entry.name.includes('.test.') ? [path] : [];
    })
    .sort();
}

/** The files that a file imports by a relative path, type imports included. */
function relativeImports(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => resolve(dirname(file), name));
}

/** Which folders import which, over all sources below `source`. A file directly in it counts as its own folder. */
export function folderGraph(source: string): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  const nodeOf = (file: string) => {
    const path = relative(source, file);
    return path.includes('/') ? dirname(path) : path;
  };
  for (const file of sourcesBelow(source)) {
    const from = nodeOf(file);
    const targets = graph.get(from) ?? new Set();
    for (const imported of relativeImports(file)) {
      const to = nodeOf(imported);
      if (to !== from && !to.startsWith('..')) targets.add(to);
    }
    graph.set(from, targets);
  }
  return graph;
}

/** One cycle of the graph as a list of its nodes, or undefined where there is none. */
export function findCycle(graph: Map<string, Set<string>>): string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, path: string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return undefined;
}
