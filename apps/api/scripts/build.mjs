import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(folder, 'src');
const outputs = join(folder, 'dist');

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

const changedAt = async (path) => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;

/** Two builds at the same time each write whole files, so neither sees half of the other's. */
async function writeWhole(path, text) {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, text);
  await rename(partial, path);
}

/**
 * Compiles the sources that are newer than their output, and removes outputs without a source.
 * Returns how many files were compiled.
 */
export async function build() {
  const rules = await changedAt(fileURLToPath(import.meta.url));
  const wanted = (await files(sources)).filter(isSource);
  const stale = [];
  for (const source of wanted) {
    const built = await changedAt(outputOf(source));
    if (built < (await changedAt(source)) || built < rules) stale.push(source);
  }
  const kept = new Set(wanted.map(outputOf));
  for (const output of await files(outputs)) {
    if (!kept.has(output) && !output.endsWith('.partial')) await rm(output, { force: true });
  }
  if (stale.length === 0) return 0;
  const { transform } = await import('@swc/core');
  await Promise.all(
    stale.map(async (source) => {
      const { code } = await transform(await readFile(source, 'utf8'), { ...options, filename: source });
      await writeWhole(outputOf(source), code);
    }),
  );
  return stale.length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  const count = await build();
  const took = Math.round(performance.now() - started);
  process.stderr.write(count === 0 ? 'apps/api is up to date.\n' : `Built apps/api: ${count} files in ${took} ms.\n`);
}
