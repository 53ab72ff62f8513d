import { toWireTime, type RunRecord } from '@tunasync/protocol';
import type { JobRecord, RunState } from '../interfaces/job-record.js';
import type { RunEnd } from './run.js';

/** Why a run that was told to end has failed. Source: the original's reports, which readers look for. */
export const killedMessage = 'killed by manager';

/**
 * The record of a finished run.
 *
 * @param worker - worker id
 * @param record - of the mirror, with the run's result in it
 */
export function runRecordOf(worker: string, record: JobRecord, run: RunState, end: RunEnd): RunRecord {
  const { bytesTransferred, files, deletions, totalBytes } = end.facts;
  return {
    id: run.id,
    name: record.name,
    worker,
    started: toWireTime(record.lastStarted),
    ended: toWireTime(record.lastEnded),
    result: end.status,
    reason: end.reason,
    attempts: run.attempt,
    exit_code: end.exitCode ?? undefined,
    error_msg: record.errorMsg,
    bytes_transferred: bytesTransferred,
    files,
    deletions,
    total_bytes: totalBytes,
    size: record.size,
    log_file: end.logFile,
  };
}

/** The record of a run that was interrupted and is not gone on with. */
export function abandonedRun(worker: string, record: JobRecord, run: RunState): RunRecord {
  const ended = { ...record, errorMsg: killedMessage };
  return runRecordOf(worker, ended, run, {
    status: 'killed',
    message: '',
    reason: 'killed',
    exitCode: null,
    facts: {},
    logFile: run.logFile,
  });
}
