/**
 * What became of a request that was not answered with 200.
 *
 * - `unknown-worker`: the manager does not know this worker: register (again), then repeat
 * - `refused`: the manager will never take this; repeating is of no use
 * - `rejected`: the manager is there and could not take this now; repeat later
 * - `absent`: nobody answered, or not in time; repeat later
 */
export type FailureKind = 'unknown-worker' | 'refused' | 'rejected' | 'absent';

/** Statuses of the 4xx range that say nothing about the report itself: access, time and load. */
const passing = new Set([401, 403, 407, 408, 425, 429]);

/** Reads {@link FailureKind} from what a client rejected with (`RefusedError` of `@tunasync/client` and others). */
export function failureKind(error: unknown): FailureKind {
  const { httpStatus, serverMessage } = error as { httpStatus?: unknown; serverMessage?: unknown };
  if (typeof httpStatus !== 'number') return 'absent';
  if (httpStatus === 400 && typeof serverMessage === 'string' && /^invalid workerID\b/.test(serverMessage)) {
    return 'unknown-worker';
  }
  return httpStatus >= 400 && httpStatus < 500 && !passing.has(httpStatus) ? 'refused' : 'rejected';
}

/** Whether the manager has no such route: it is older, or keeps to the contract. */
export function isNotOffered(error: unknown): boolean {
  return (error as { httpStatus?: unknown }).httpStatus === 404;
}
