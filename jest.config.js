/** All unit tests in one Jest run, for coverage. */
export default {
  projects: ['<rootDir>/libs/*/jest.config.js', '<rootDir>/apps/*/jest.config.js'],
  testTimeout: 20_000,
};
