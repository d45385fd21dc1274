import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folders of an npm package and of all its dependencies, by package name. Optional dependencies that are not installed are left
 * out: they are for other platforms.
 *
 * @throws Error where the package, or a dependency that is not optional, is not installed.
 */
export function packageClosure(name: string, fromFolder: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (wanted: string, from: string, optional: boolean): void => {
    if (found.has(wanted)) return;
    const folder = packageFolder(wanted, from);
    if (!folder) {
      if (optional) return;
      throw new Error(`The npm package ${wanted} is not installed: run npm install.`);
    }
    found.set(wanted, folder);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    for (const dependency of Object.keys(manifest.dependencies ?? {})) visit(dependency, folder, false);
    for (const dependency of Object.keys(manifest.optionalDependencies ?? {})) visit(dependency, folder, true);
  };
  visit(name, fromFolder, false);
  return found;
}

interface Manifest {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

function packageFolder(name: string, fromFolder: string): string | undefined {
  for (let folder = fromFolder; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}
