import type { RefusedError } from '@tunasync/client';
import { messageOf, TunasyncError } from '@tunasync/protocol';
import { CtlError } from './errors.js';

/** Whether the manager answered, and its answer was no. */
export function isRefusal(error: unknown): error is RefusedError {
  return error instanceof TunasyncError && error.code === 'CLIENT_REFUSED';
}

/** Whether a command was sent, and whether it is carried out nobody knows. Source: docs/http-api.md, `POST /cmd`. */
export function isUnconfirmed(error: unknown): boolean {
  return isRefusal(error)
    ? error.httpStatus === 504
    : error instanceof TunasyncError && error.code === 'CLIENT_TIMEOUT';
}

/** Explains a failed request as the original does: `<what>: HTTP status code is not 200: <body>`. */
export function failure(what: string, error: unknown): CtlError {
  if (!(error instanceof TunasyncError) || error instanceof CtlError) throw error;
  const why = isRefusal(error) ? `HTTP status code is not 200: ${error.body.trim()}` : messageOf(error);
  return new CtlError('CTL_FAILED', `${what}: ${why}`, error);
}
