export { blackoutEnd, checkBlackout, parseBlackout, type BlackoutWindow } from './blackout.js';
export * from './cron.js';
export * from './indexed-heap.js';
export * from './next-due.js';
export * from './rules.js';
export * from './scheduler.js';
export * from './upcoming-starts.js';
export { parseTimeOfDay } from './time-of-day.js';
export { isTimezone } from './zone.js';
