import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCaptured } from './child-processes.mjs';
import { binary, inRoot } from './paths.mjs';
import { Failure, say } from './terminal.mjs';

const page = inRoot('ARCHITECTURE.md');
const markers = /(<!-- graph: npm run graph -->\n)[\s\S]*?(<!-- \/graph -->)/;
const scope = '@pentimento/';

/** Nx's graph of the projects, by the imports in their sources. */
async function projectGraph() {
  const folder = mkdtempSync(join(tmpdir(), 'pentimento-graph-'));
  try {
    const file = join(folder, 'graph.json');
    const env = { NX_DAEMON: 'false', NX_TUI: 'false' };
    const { code, output } = await runCaptured(binary('nx'), ['graph', `--file=${file}`], { env });
    if (code !== 0) throw new Failure(`Nx could not read the imports.\n${output}`);
    return JSON.parse(readFileSync(file, 'utf8')).graph;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What each library and app imports, by their names without the scope. */
export function importsByProject({ nodes, dependencies }) {
  const names = Object.keys(nodes).filter((name) => name.startsWith(scope));
  const importsOf = (name) => dependencies[name].map(({ target }) => target).filter((target) => names.includes(target));
  const short = (name) => name.slice(scope.length);
  return new Map(names.map((name) => [short(name), new Set(importsOf(name).map(short))]));
}

/** Without imports that follow from others: the diagram shows the order, not every arrow. */
export function reduced(graph) {
  const reaches = (from, to) => [...(graph.get(from) ?? [])].some((next) => next === to || reaches(next, to));
  return new Map(
    [...graph].map(([name, targets]) => [
      name,
      [...targets].filter((target) => ![...targets].some((other) => other !== target && reaches(other, target))).sort(),
    ]),
  );
}

/** A Mermaid diagram: an arrow leads from the importer to what it imports. */
export function diagram(graph) {
  const lines = [...reduced(graph)]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([name, targets]) => targets.map((target) => `  ${name} --> ${target}`));
  return ['```mermaid', 'flowchart TD', ...lines, '```', ''].join('\n');
}

/** Writes the import graph into ARCHITECTURE.md, or with `--check` refuses a diagram that is out of date. */
export async function run(args) {
  const text = readFileSync(page, 'utf8');
  if (!markers.test(text)) throw new Failure('ARCHITECTURE.md has lost the markers around its graph.');
  const chart = diagram(importsByProject(await projectGraph()));
  const wanted = text.replace(markers, `$1\n${chart}\n$2`);
  if (args.includes('--check')) {
    if (wanted === text) return 0;
    say('The graph in ARCHITECTURE.md is out of date: run `npm run graph`.');
    return 1;
  }
  writeFileSync(page, wanted);
  return 0;
}
