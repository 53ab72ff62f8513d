export * from './fake-clock.js';
export * from './fixtures.js';
export * from './free-port.js';
export * from './temp-dir.js';
export * from './wait-for.js';
