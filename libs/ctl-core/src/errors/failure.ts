import type { RefusedError } from '@tunasync/client';
import { messageOf, TunasyncError } from '@tunasync/protocol';
import { CtlError } from './errors.js';

/** Whether the manager answered with a refusal. */
export function isRefusal(error: unknown): error is RefusedError {
  return error instanceof TunasyncError && error.code === 'CLIENT_REFUSED';
}

/**
 * Whether a command was sent without a confirmation, so that it may have taken effect. Source: docs/http-api.md,
 * `POST /cmd`.
 */
export function isUnconfirmed(error: unknown): boolean {
  return isRefusal(error)
    ? error.httpStatus === 504
    : error instanceof TunasyncError && error.code === 'CLIENT_TIMEOUT';
}

/** Explains a failed request as v0.10 does: `<what>: HTTP status code is not 200: <body>`. */
export function failure(what: string, error: unknown): CtlError {
  if (!(error instanceof TunasyncError) || error instanceof CtlError) throw error;
  const why = isRefusal(error) ? `HTTP status code is not 200: ${error.body.trim()}` : messageOf(error);
  return new CtlError('CTL_FAILED', `${what}: ${why}`, error);
}
