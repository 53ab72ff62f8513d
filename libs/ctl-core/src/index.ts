export * from './errors.js';
export { run, type RunOptions } from './run.js';
export { interrupt, type Terminal } from './terminal.js';
export * from './template/index.js';
