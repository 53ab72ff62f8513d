export * from './errors/errors.js';
export { run, type RunOptions } from './run.js';
export { interrupt, type Terminal } from './context/terminal.js';
export * from './template/index.js';
