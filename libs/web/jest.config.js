import preset from '../../jest.preset.js';

/** Tests of pages are `.tsx` files, and ask for the environment in `test/dom` in their first line. */
export default {
  ...preset,
  displayName: 'web',
  moduleNameMapper: { '\\.css$': '<rootDir>/test/dom/class-names.js', ...preset.moduleNameMapper },
  setupFiles: ['<rootDir>/test/dom/setup.js'],
  testEnvironmentOptions: { ...preset.testEnvironmentOptions, url: 'http://manager.test/ui/' },
};
