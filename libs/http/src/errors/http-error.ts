import { TunasyncError, type TunasyncErrorOptions } from '@tunasync/protocol';

/** HTTP status for each code of an {@link HttpError}. */
const statuses = {
  /** The body is not JSON, does not fit its schema, or broke off. */
  BODY_INVALID: 400,
  BODY_TOO_LARGE: 413,
  /** The body has a `Content-Encoding`. */
  BODY_ENCODED: 415,
  /** The path is not percent-encoded UTF-8. */
  PATH_INVALID: 400,
  /** The part of the URL after `?` does not fit its schema. */
  QUERY_INVALID: 400,
  /** A web page made a browser send a request that changes something. */
  ORIGIN_REFUSED: 403,
  /** The server cannot listen on its address. */
  LISTEN_FAILED: 500,
  /** The server cannot use its certificate and key. */
  TLS_INVALID: 500,
} as const;

/** Code of an {@link HttpError}. */
export type HttpErrorCode = keyof typeof statuses;

/** An error of the HTTP server; `status` follows from `code`. */
export class HttpError extends TunasyncError {
  declare readonly code: HttpErrorCode;

  constructor(code: HttpErrorCode, message: string, options: Omit<TunasyncErrorOptions, 'status'> = {}) {
    super(code, message, { ...options, status: statuses[code] });
  }
}

/** The error of a path that cannot be decoded. */
export function pathError(): HttpError {
  return new HttpError('PATH_INVALID', 'the path is not percent-encoded UTF-8');
}
