/**
 * Where a mirror's job is.
 *
 * - `none`: not scheduled: the worker has not started or has halted
 * - `ready`: scheduled
 * - `queued`: waiting for a slot
 * - `running`
 * - `paused`, `disabled`: nothing runs until somebody says start
 * - `halting`: its run is being ended; `then` says what comes afterwards
 */
export type JobState = 'none' | 'ready' | 'queued' | 'running' | 'paused' | 'disabled' | 'halting';

/** What follows when the run that is being ended is gone. */
export type AfterHalting = 'none' | 'queue' | 'queue-forced' | 'paused' | 'disabled';
