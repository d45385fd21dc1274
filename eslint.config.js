import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { namesRule } from './eslint-names.js';

/** What each library may import, layer by layer: a library knows only libraries above it in this list. */
const libraryImports = {
  contracts: [],
  'api-contracts': ['contracts'],
  abort: [],
  'fair-queue': [],

  'blob-store': ['contracts'],
  cache: ['contracts'],
  client: ['contracts', 'api-contracts'],
  imaging: ['contracts'],
  sandbox: ['contracts', 'abort'],
  'embedded-postgres': [],
  postgres: [],
  runtimes: ['contracts', 'abort', 'sandbox'],

  encoder: ['contracts', 'abort', 'fair-queue', 'imaging'],
  'svg-source': ['contracts'],
  'mermaid-source': [],
  'page-survey': ['contracts'],
  'tex-pages': ['contracts', 'imaging', 'runtimes'],
  render: [
    'contracts',
    'abort',
    'fair-queue',
    'imaging',
    'sandbox',
    'runtimes',
    'svg-source',
    'mermaid-source',
    'page-survey',
    'tex-pages',
  ],
  vectorizer: ['contracts'],
  models: ['contracts', 'abort', 'imaging', 'vectorizer'],
  store: ['contracts', 'blob-store', 'postgres'],
  traces: ['contracts', 'replies'],
  'trace-formats': ['contracts', 'traces'],
  replies: ['contracts'],
  patches: ['contracts'],

  reward: ['contracts', 'api-contracts', 'abort', 'fair-queue', 'imaging', 'encoder', 'replies'],
  flaws: ['contracts', 'imaging'],
  agent: ['contracts', 'patches', 'replies'],
};

/** What each app may import. No app imports another. */
const appImports = {
  api: Object.keys(libraryImports),
  cli: [
    'contracts',
    'api-contracts',
    'client',
    'imaging',
    'encoder',
    'render',
    'reward',
    'flaws',
    'cache',
    'traces',
    'trace-formats',
  ],
  dashboard: ['contracts', 'api-contracts', 'client'],
};

const lib = (name) => `lib:${name}`;
const boundaries = [
  ...Object.entries(libraryImports).map(([name, imports]) => ({
    sourceTag: lib(name),
    onlyDependOnLibsWithTags: [name, ...imports].map(lib),
  })),
  ...Object.entries(appImports).map(([name, imports]) => ({
    sourceTag: `app:${name}`,
    onlyDependOnLibsWithTags: imports.map(lib),
  })),
  { sourceTag: 'runtime:any', onlyDependOnLibsWithTags: ['runtime:any'] },
  { sourceTag: 'runtime:node', onlyDependOnLibsWithTags: ['runtime:any', 'runtime:node'] },
  { sourceTag: 'runtime:web', onlyDependOnLibsWithTags: ['runtime:any', 'runtime:web'] },
];

/** Each heavy dependency has one importer, so that replacing it touches one folder. */
const soleImporters = [
  { group: ['@prisma/*', 'prisma', '**/generated/prisma/**'], folders: ['libs/store'] },
  { group: ['@embedded-postgres/*'], folders: ['libs/embedded-postgres'] },
  { group: ['onnxruntime-node', 'onnxruntime-common'], folders: ['libs/encoder'] },
  { group: ['ai', 'ai/*', '@ai-sdk/*'], folders: ['libs/models', 'libs/vectorizer'] },
  { group: ['@neplex/vectorizer'], folders: ['libs/vectorizer'] },
  { group: ['@nestjs/*', 'bullmq', 'ioredis'], folders: ['apps/api'] },
  { group: ['next', 'next/*', 'react', 'react-dom'], folders: ['apps/dashboard'] },
];
const sourceFolders = [
  ...Object.keys(libraryImports).map((name) => `libs/${name}`),
  ...Object.keys(appImports).map((name) => `apps/${name}`),
];
const pureFolders = [
  'libs/contracts',
  'libs/api-contracts',
  'libs/replies',
  'libs/patches',
  'libs/agent',
  'libs/traces',
  'libs/trace-formats',
];
/** They also run in a browser. */
const portableFolders = ['libs/client'];

/** Where an app reads its settings. Everything else is passed what it needs; PATH alone says where programs are searched. */
const settingsReaders = ['apps/api/src/runtime/run.ts', 'apps/cli/src/terminal/terminal.ts'];
const processEnv = "MemberExpression[object.name='process'][property.name='env']";
const environmentRules = {
  files: ['libs/*/src/**/*.ts', 'apps/*/src/**/*.{ts,tsx}'],
  ignores: ['**/*.test.ts', ...settingsReaders],
  rules: {
    'no-restricted-syntax': [
      'error',
      ...[
        `:not(MemberExpression) > ${processEnv}`,
        `MemberExpression:not([property.name='PATH']):not([property.value='PATH']) > ${processEnv}`,
        "ImportDeclaration[source.value='node:process']",
      ].map((selector) => ({ selector, message: 'Only an app reads settings from the environment: pass them in.' })),
    ],
  },
};

function importRules(folder) {
  const patterns = soleImporters
    .filter((importer) => !importer.folders.includes(folder))
    .map(({ group, folders: [owner] }) => ({ group, message: `Only ${owner} imports this.` }));
  if (pureFolders.includes(folder)) {
    patterns.push({ group: ['node:*', 'sharp', 'pg'], message: `${folder} is pure: it does no I/O of its own.` });
  }
  if (portableFolders.includes(folder)) {
    patterns.push({ group: ['node:*'], message: `${folder} runs in browsers too.` });
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
  environmentRules,
  {
    // Hostile programs are written as attackers write; the rule and its test list what it refuses.
    ignores: [
      'libs/render/src/languages/*/samples/hostile*.ts',
      'test/hostile/**',
      'eslint-names.js',
      'test/boundaries/boundaries.test.ts',
    ],
    plugins: { pentimento: { rules: { names: namesRule } } },
    rules: { 'pentimento/names': 'error' },
  },
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
