export default {
  projects: ['<rootDir>/libs/*/jest.config.js', '<rootDir>/apps/*/jest.config.js'],
  // real processes and disks on a busy machine; what hangs still fails
  testTimeout: 20_000,
};
