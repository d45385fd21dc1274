import { existsSync } from 'node:fs';
import { it } from 'vitest';
import { missingOf } from '../../scripts/tasks/debian.mjs';
import { domains, domainsOf, needs } from '../../scripts/tasks/debian-packages.mjs';
import { closureOf, hasDpkg, isInstalled, ownersOf } from './dpkg.ts';
import { sourcesIn, type Source } from './uses.ts';

/** What `npm run setup -- --only` takes, and the domain of the tests. */
export const allDomains: string[] = [...domains, 'tests'];

const packagesOf = (names: string[]): string[] =>
  needs.filter(({ domain }) => names.flatMap(domainsOf).includes(domain)).flatMap(({ packages }) => packages);

function whyNot(): string | undefined {
  if (!hasDpkg) return 'this system has no dpkg';
  const missing = missingOf(allDomains).flatMap(({ packages }: { packages: string[] }) => packages);
  if (missing.length > 0) return `npm test, run as root, installs ${missing.join(', ')}`;
  const lacking = packagesOf(allDomains).filter((name) => !isInstalled(name));
  return lacking.length > 0 ? `what ${lacking.join(', ')} would bring is here from another source` : undefined;
}

/** A test that needs every package that set-up installs. In CI they have to be there. */
export function itWithPackages(title: string, body: () => unknown): void {
  const reason = whyNot();
  it(title, async ({ skip }) => {
    skip(reason !== undefined && !process.env['CI'], reason);
    await body();
  });
}

/**
 * The files that do not come from a package that these domains or the base system bring, with the packages that own them.
 * What is not there is among them.
 */
export function strangers(paths: Iterable<string>, names: string[]): string[] {
  const closure = closureOf(packagesOf(['base', ...names]));
  return [...new Set(paths)]
    .filter((path) => !existsSync(path) || !ownersOf(path).some((owner) => closure.has(owner)))
    .map((path) => `${path} (${existsSync(path) ? ownersOf(path).join(', ') || 'of no Debian package' : 'missing'})`);
}

/** The samples of a language are code for tests. */
const isTest = ({ path }: Source): boolean => path.endsWith('.test.ts') || path.includes('/samples/');

export const productSources = (): Source[] => sourcesIn('libs', 'apps', 'scripts').filter((source) => !isTest(source));
export const testSources = (): Source[] => [
  ...sourcesIn('test', 'examples'),
  ...sourcesIn('libs', 'apps', 'scripts').filter(isTest),
];
