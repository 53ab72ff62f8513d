import { TunasyncError } from '@tunasync/protocol';

const statuses = {
  MIRROR_UNKNOWN: 404,
  LOG_UNKNOWN: 404,
  PATH_INVALID: 400,
  QUERY_INVALID: 400,
  RANGE_INVALID: 416,
  SERVER_BUSY: 503,
} as const;

/** A request that is not served; `status` follows from `code`. */
export class HttpError extends TunasyncError {
  constructor(code: keyof typeof statuses, message: string, options: { cause?: unknown } = {}) {
    super(code, message, { ...options, status: statuses[code] });
  }
}
