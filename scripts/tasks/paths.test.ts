import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { inRoot } from './paths.mjs';

/** Folders that set-up or a build makes. */
const made = /^(?:node_modules|\.pentimento)\b|\/(?:dist|out|\.next)\b/;

const named = globSync(inRoot('scripts/**/*.mjs')).flatMap((script) =>
  [...readFileSync(script, 'utf8').matchAll(/\binRoot\('([^']+)'\)/g)].map(
    ([, path]) => [basename(script), path!] as const,
  ),
);

it('finds the paths that scripts name', () => {
  expect(named).toContainEqual(['serve.mjs', 'apps/cli/bin/pentimento.mjs']);
});

it.each(named.filter(([, path]) => !made.test(path)))('%s names %s, which exists', (_, path) => {
  expect(globSync(inRoot(path))).toHaveLength(1);
});
