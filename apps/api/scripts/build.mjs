import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(folder, 'src');
const outputs = join(folder, 'dist');
/** What the outputs were compiled with. */
const rulesFile = join(outputs, '.rules');

/** Decorators need a transform, which Node's own type stripping does not do; everything else stays as written. */
const options = {
  configFile: false,
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    rewriteRelativeImportExtensions: true,
    keepClassNames: true,
  },
};

const isSource = (path) => path.endsWith('.ts') && !path.endsWith('.test.ts');
const outputOf = (source) => join(outputs, relative(sources, source).replace(/\.ts$/, '.js'));

async function files(root) {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** In whole milliseconds: what `utimes` can set. */
const changedAt = async (path) => (await stat(path).catch(() => undefined))?.mtime.getTime();

/** Two builds at the same time each write whole files, so neither sees half of the other's. */
async function writeWhole(path, text, time) {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, text);
  if (time) await utimes(partial, time, time);
  await rename(partial, path);
}

/** An output bears the time of the source it was made from: any other time means that the source has changed since. */
async function compile(source, transform) {
  const { mtime } = await stat(source);
  const { code } = await transform(await readFile(source, 'utf8'), { ...options, filename: source });
  await writeWhole(outputOf(source), code, mtime);
}

async function staleSources(wanted) {
  const times = await Promise.all(
    wanted.map((source) => Promise.all([changedAt(source), changedAt(outputOf(source))])),
  );
  return wanted.filter((_, index) => times[index][0] !== times[index][1]);
}

async function removeOrphans(wanted) {
  const kept = new Set([rulesFile, ...wanted.map(outputOf)]);
  for (const output of await files(outputs)) {
    if (!kept.has(output) && !output.endsWith('.partial')) await rm(output, { force: true });
  }
}

/** Compiles the sources that have changed, and removes outputs without a source. Returns how many files were compiled. */
export async function build() {
  const wanted = (await files(sources)).filter(isSource);
  const rules = JSON.stringify(options);
  const sameRules = (await readFile(rulesFile, 'utf8').catch(() => '')) === rules;
  const stale = sameRules ? await staleSources(wanted) : wanted;
  await removeOrphans(wanted);
  if (stale.length === 0) return 0;
  const { transform } = await import('@swc/core');
  await Promise.all(stale.map((source) => compile(source, transform)));
  await writeWhole(rulesFile, rules);
  return stale.length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  const count = await build();
  const took = Math.round(performance.now() - started);
  process.stderr.write(count === 0 ? 'apps/api is up to date.\n' : `Built apps/api: ${count} files in ${took} ms.\n`);
}
