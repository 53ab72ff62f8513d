import { TunasyncError } from '@tunasync/protocol';

/** HTTP status for each code of a {@link RequestError}. */
const statuses = {
  MIRROR_UNKNOWN: 404,
  LOG_UNKNOWN: 404,
  /** The log has no bytes in the range of the request. */
  RANGE_INVALID: 416,
  /** Too many requests of this kind are running. */
  SERVER_BUSY: 503,
} as const;

/** A request about a job or its logs that cannot be served; `status` follows from `code`. */
export class RequestError extends TunasyncError {
  declare readonly code: keyof typeof statuses;

  constructor(code: keyof typeof statuses, message: string, options: { cause?: unknown } = {}) {
    super(code, message, { ...options, status: statuses[code] });
  }
}
