import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@tunasync/logger';
import { messageOf, TunasyncError } from '@tunasync/protocol';
import { pathError } from '../errors/http-error.js';
import { sendJson } from './send-json.js';

/** Makes the JSON text of an error: the worker and the manager name its field differently. */
export type ErrorText = (message: string) => string;

/** Options of {@link sendError}. */
export interface ErrorOptions {
  logger: Pick<Logger, 'debug' | 'error'>;
  /** @defaultValue `{"error": message}` */
  errorText?: ErrorText | undefined;
  /**
   * Whether an error with status 500 is an answer to its request and not a fault of the server.
   *
   * @defaultValue none is
   */
  isExpected?: ((error: TunasyncError) => boolean) | undefined;
}

/** The form of errors in the manager's API. */
export const defaultErrorText: ErrorText = (message) => JSON.stringify({ error: message });

/**
 * Answers a request with an error. A fault of the server is logged with its stack; unless it is a
 * {@link TunasyncError}, the client gets no details. An answer that has started is cut off.
 */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  { logger, errorText = defaultErrorText, isExpected = () => false }: ErrorOptions,
): void {
  const { status, message } = explain(error);
  const what = `${request.method ?? ''} ${request.url ?? ''}`;
  if (isDisconnect(error)) {
    logger.debug(`${what}: the client disconnected`);
    response.destroy();
    return;
  }
  if (status === 500 && !(error instanceof TunasyncError && isExpected(error))) {
    const stack = error instanceof Error ? error.stack : undefined;
    logger.error(`${what}: ${messageOf(error)}`, stack === undefined ? {} : { stack });
  } else {
    logger.debug(`${what}: ${status} ${message}`);
  }
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // the rest of the body cannot be distinguished from a next request
  if (!request.complete) response.setHeader('connection', 'close');
  sendJson(response, status, errorText(message));
}

function explain(error: unknown): { status: number; message: string } {
  if (error instanceof TunasyncError) return { status: error.status, message: messageOf(error) };
  if (error instanceof URIError) return explain(pathError());
  return { status: 500, message: 'internal error' };
}

/** Whether `pipeline` of Node.js failed only because the client closed its connection. */
function isDisconnect(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
