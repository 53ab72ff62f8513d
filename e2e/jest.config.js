import preset from '../jest.preset.js';

export default {
  ...preset,
  displayName: 'e2e',
  // only ends a test that hangs: longer than `waitFor`, which names the condition
  testTimeout: 300_000,
};
