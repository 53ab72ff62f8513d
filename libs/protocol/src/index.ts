export * from './build-path.js';
export * from './clock.js';
export * from './errors.js';
export * from './names.js';
export * from './routes.js';
export * from './time.js';
export * from './types.js';
export * from './web-status.js';
