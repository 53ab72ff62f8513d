export * from './command-line.js';
export * from './pattern.js';
export * from './size.js';
export * from './types.js';
