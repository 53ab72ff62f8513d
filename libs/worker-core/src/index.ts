export { createWorker, type JobSnapshot, type Worker } from './engine/create-worker.js';
export type { EngineFacts } from './engine/worker-facts.js';
export type { WorkerOptions } from './engine/options.js';
export * from './events.js';
export * from './http/index.js';
export * from './interfaces.js';
export type { AfterHalting, JobState } from './job/job-state.js';
export type { AttemptFacts, RunReason } from './job/run-reason.js';
export * from './state/index.js';
