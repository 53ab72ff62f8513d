import { NotOfferedError, RefusedError } from '../request/errors.js';
import { serverMessage } from '../request/server-message.js';

/**
 * The error for an answer of a route beyond the contract that is not a good one. A manager without the route answers
 * 404 as to any path that it does not know; 501 says that the worker is too old. Source: docs/http-api.md.
 */
export function apiRefusal(address: string, status: number, body: string): NotOfferedError | RefusedError {
  const message = serverMessage(body);
  if (status === 501) return new NotOfferedError(address, status, 'worker', message ?? 'not implemented');
  if (status === 404 && (message === undefined || message.startsWith('no such route: '))) {
    return new NotOfferedError(address, status, 'manager', 'this manager is too old, or has it switched off');
  }
  return new RefusedError(address, status, body, message);
}
