export * from './errors.js';
export { run, type RunOptions } from './run.js';
export * from './template/index.js';
