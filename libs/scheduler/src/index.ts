export * from './indexed-heap.js';
export * from './next-due.js';
export * from './scheduler.js';
