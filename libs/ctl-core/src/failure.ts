import type { RefusedError } from '@tunasync/client';
import { messageOf, TunasyncError } from '@tunasync/protocol';
import { CtlError } from './errors.js';

/** Whether the manager answered, and its answer was no. */
export function isRefusal(error: unknown): error is RefusedError {
  return error instanceof TunasyncError && error.code === 'CLIENT_REFUSED';
}

/** Explains a failed request as the original does: `<what>: HTTP status code is not 200: <body>`. */
export function failure(what: string, error: unknown): CtlError {
  if (!(error instanceof TunasyncError) || error instanceof CtlError) throw error;
  const why = isRefusal(error) ? `HTTP status code is not 200: ${error.body.trim()}` : messageOf(error);
  return new CtlError('CTL_FAILED', `${what}: ${why}`, error);
}
