export * from './command.js';
export * from './exit-succeeded.js';
export * from './interfaces.js';
export * from './registry.js';
export * from './rsync.js';
export { configuredArgv, ownRsyncOptions } from './rsync-command.js';
export { rsyncExitMeaning } from './rsync-exit-values.js';
export { stage1ProfileNames } from './stage1-profiles.js';
export * from './two-stage-rsync.js';
