/**
 * The base of every package's `jest.config.js`. ts-jest compiles TypeScript to ES modules; the workspace's own packages
 * are read from their sources through the source condition, so that no build is needed.
 * Types are checked by `npm run types`, not again in every test run.
 */
export default {
  testEnvironment: 'node',
  // real processes and disks on a busy machine
  testTimeout: 20_000,
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  testMatch: ['<rootDir>/test/**/*.test.{ts,tsx}'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['@tunasync/source', 'node', 'node-addons'] },
  transform: { '^.+\\.tsx?$': ['ts-jest', { useESM: true, tsconfig: '<rootDir>/tsconfig.spec.json' }] },
};
