import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tsdoc from 'eslint-plugin-tsdoc';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Which layer may use which: docs/architecture.md, "Layers". */
const layers = [
  ['layer:protocol', []],
  ['layer:util', ['layer:protocol']],
  ['layer:base', ['layer:util', 'layer:protocol']],
  ['layer:mid', ['layer:mid', 'layer:base', 'layer:util', 'layer:protocol']],
  ['layer:core', ['layer:mid', 'layer:base', 'layer:util', 'layer:protocol']],
  ['layer:app', ['layer:app', 'layer:core', 'layer:mid', 'layer:base', 'layer:util', 'layer:protocol']],
  ['layer:test', ['layer:protocol']],
  [
    'layer:e2e',
    ['layer:app', 'layer:core', 'layer:mid', 'layer:base', 'layer:util', 'layer:protocol', 'layer:test'],
  ],
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.tunasync/**', '**/fixtures/**', 'tmp/**'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // zod schemas and options objects are clearer inferred than spelled out twice
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
    },
  },
  {
    files: ['**/*.{ts,tsx,js}'],
    plugins: { 'import-x': importX },
    languageOptions: { globals: globals.node },
    rules: {
      eqeqeq: 'error',
      'import-x/order': ['error', { alphabetize: { order: 'asc' }, 'newlines-between': 'never' }],
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { tsdoc },
    rules: { 'tsdoc/syntax': 'error' },
  },
  {
    // the pages: they run in browsers
    files: ['libs/web/site/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    languageOptions: { globals: globals.browser },
  },
  {
    // tests of the pages; the first line of each asks Jest for an environment, in no tag of TSDoc
    files: ['libs/web/test/dom/**/*.{ts,tsx,js}'],
    languageOptions: { globals: globals.browser },
    rules: { 'tsdoc/syntax': 'off' },
  },
  {
    files: ['**/src/**/*.ts', 'libs/web/site/**/*.{ts,tsx}'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          banTransitiveDependencies: true,
          depConstraints: layers.map(([sourceTag, onlyDependOnLibsWithTags]) => ({
            sourceTag,
            onlyDependOnLibsWithTags,
          })),
        },
      ],
      'no-restricted-imports': ['error', { patterns: ['@tunasync/*/src/*'] }],
      // library code throws the package's own errors, which carry a stable code (docs/architecture.md, "Errors")
      'no-restricted-syntax': [
        'error',
        {
          selector: "ThrowStatement > NewExpression[callee.name='Error']",
          message: "Throw one of the package's own errors.",
        },
      ],
    },
  },
  {
    // no engine reads the environment of the process it is embedded in
    files: ['libs/*/src/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Take it as an option; only apps/ read the environment.',
        },
        { object: 'process', property: 'argv', message: 'Take it as an option; only apps/ read arguments.' },
      ],
    },
  },
  {
    files: ['**/test/**/*.{ts,tsx}', 'e2e/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  prettier,
);
