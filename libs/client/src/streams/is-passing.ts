import { RefusedError, TimeoutError, UnreachableError, type ClientError } from '../request/errors.js';

/** Whether the same request may well succeed later. */
export function isPassing(error: unknown): error is ClientError {
  if (error instanceof UnreachableError || error instanceof TimeoutError) return true;
  return error instanceof RefusedError && (error.httpStatus >= 500 || error.httpStatus === 429);
}
