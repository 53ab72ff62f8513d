// @ts-check

/** Targets that Nx runs together, two at a time. @typedef {string[]} Step */

/** Everything that `npm test` checks, quick targets first. @type {Step[]} */
export const steps = [
  ['format', 'references', 'cycles', 'prose', 'dead-code', 'docs', 'types', 'lint'],
  ['test'],
  ['e2e-slow', 'e2e-guides', 'e2e-web', 'e2e', 'test-slow', 'packages'],
];
