import type { Logger } from '@tunasync/logger';
import type { Worker } from '@tunasync/worker-core';

/** Logs the events of a worker's jobs, in words like those of v0.10. */
export function logJobs(worker: Pick<Worker, 'on'>, logger: Logger, now = Date.now): void {
  worker.on('run-started', ({ mirror, forced }) => {
    logger.notice(`start syncing: ${mirror}${forced ? ' (forced)' : ''}`, { mirror });
  });
  worker.on('attempt-ended', ({ mirror, attempt, message, retryAt }) => {
    if (retryAt === 0) return;
    const inSeconds = Math.max(1, Math.round((retryAt - now()) / 1000));
    logger.notice(
      `failed syncing ${mirror}, attempt ${attempt}: ${message}; trying again in ${inSeconds} s`,
      {
        mirror,
      },
    );
  });
  worker.on('run-ended', ({ mirror, result, message, size, startedAt, endedAt }) => {
    const seconds = ((endedAt - startedAt) / 1000).toFixed(1);
    switch (result) {
      case 'success':
        logger.notice(`succeeded syncing ${mirror} in ${seconds} s, size ${size}`, { mirror });
        break;
      case 'failed':
        logger.notice(`failed syncing ${mirror}: ${message}`, { mirror });
        break;
      case 'killed':
        logger.notice(`stopped syncing ${mirror}`, { mirror });
        break;
    }
  });
  worker.on('job-state', ({ mirror, previous, state }) => {
    logger.info(`${mirror}: ${previous} -> ${state}`, { mirror });
  });
}
