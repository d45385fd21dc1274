import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FormatCache, prefixesTo, texReader, Typesetter, type PreamblePrefix } from '@pentimento/runtimes';
import { SandboxLauncher } from '@pentimento/sandbox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandOf, descendants } from '../hostile/processes.ts';

let folder: string;
let formats: FormatCache;
let typesetters: Typesetter[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-formats-'));
  // For the accounts of the sandboxes.
  await chmod(folder, 0o755);
  formats = new FormatCache(folder);
  const launcher = new SandboxLauncher({ bubblewrap: undefined, allowUnsandboxed: false });
  typesetters = [1, 2].map(() => new Typesetter(launcher, formats, folder));
});
afterAll(async () => {
  await Promise.all(typesetters.map((typesetter) => typesetter.close()));
  await formats.close();
  await rm(folder, { recursive: true });
});

function prefixesOf(preamble: string): PreamblePrefix[] {
  const { document, ends } = texReader.read({ code: `${preamble}\\begin{document}x\\end{document}`, pages: 'ink' });
  return prefixesTo(ends, document.source);
}

/** The prefix of which a format is made after two renders. */
function wantedOf(prefixes: PreamblePrefix[]): PreamblePrefix | undefined {
  formats.wanted(prefixes);
  return formats.wanted(prefixes);
}

/** Its \dump, which is spelled so that no reader of the source sees it, never ends. */
const looping = (name: string): string =>
  `\\documentclass{standalone}\\def\\${name}{\\${name}}\\expandafter\\let\\csname du\\iftrue mp\\fi\\expandafter\\endcsname\\csname ${name}\\endcsname`;

/** Programs that make a format. What one of them forks has its name until it runs another program. */
function makers(): number[] {
  const running = descendants().filter((pid) => commandOf(pid).startsWith('pdflatex -ini'));
  const forked = new Set(running.flatMap((pid) => descendants(pid)));
  return running.filter((pid) => !forked.has(pid));
}

it('a preamble that loops where its format is written ends soon, one at a time for all slots, and is not tried again', async () => {
  const all = ['a', 'b'].map((name) => prefixesOf(looping(name)));
  const startedAt = performance.now();
  typesetters.forEach((typesetter, slot) => typesetter.prepare('pdflatex', undefined, wantedOf(all[slot]!)));
  let isDone = false;
  const done = Promise.all(typesetters.map((typesetter) => typesetter.prepared())).finally(() => (isDone = true));
  let maxAtATime = 0;
  while (!isDone) {
    maxAtATime = Math.max(maxAtATime, makers().length);
    await new Promise(setImmediate);
  }
  await done;
  expect(maxAtATime).toBe(1);
  expect(performance.now() - startedAt).toBeLessThan(40_000);
  for (const prefixes of all) expect(wantedOf(prefixes)?.key).not.toBe(prefixes[0]!.key);
});

it('a good preamble gets its format, and TeX waits with it', async () => {
  const prefixes = prefixesOf('\\documentclass{standalone}\\usepackage{tikz}');
  typesetters[0]!.prepare('pdflatex', undefined, wantedOf(prefixes));
  await typesetters[0]!.prepared();
  expect(formats.get(prefixes[0]!.key)).toBeDefined();
});

it('ends where a format that waited is no longer wanted', async () => {
  const typesetter = typesetters[1]!;
  for (const name of ['c', 'd']) typesetter.prepare('pdflatex', undefined, wantedOf(prefixesOf(looping(name))));
  typesetter.prepare('pdflatex', undefined, undefined);
  await typesetter.close();
  await typesetter.prepared();
});
