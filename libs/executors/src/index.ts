export * from './exit-message.js';
export * from './interfaces.js';
