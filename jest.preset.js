/**
 * What every package's `jest.config.js` starts from: TypeScript by ts-jest as ES modules, sources of the
 * workspace's own packages through their source condition, so that no build is needed.
 * Types are checked by `npm run types`, not again in every test run.
 */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['@tunasync/source', 'node', 'node-addons'] },
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, tsconfig: '<rootDir>/tsconfig.spec.json' }] },
};
