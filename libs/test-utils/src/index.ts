export * from './fake-clock.js';
export * from './fixtures.js';
export * from './free-port.js';
export * from './rsync-daemon.js';
export * from './temp-dir.js';
export * from './tls-fixture.js';
export * from './wait-for.js';
