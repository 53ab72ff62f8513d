import { TunasyncError, type TunasyncErrorOptions } from '@tunasync/protocol';

/** HTTP status that each code of a {@link ManagerError} is answered with. */
const statuses = {
  /** A field of the body is missing. */
  BODY_INVALID: 400,
  ROUTE_UNKNOWN: 404,
  NAME_INVALID: 400,
  WORKER_URL_INVALID: 400,
  WORKER_UNKNOWN: 400,
  /** 500, as the original answers. */
  MIRROR_UNKNOWN: 500,
  /** Nothing is known of a mirror that somebody asks for. */
  MIRROR_NOT_FOUND: 404,
  /** A worker has sent no heartbeat since the manager started. */
  HEARTBEAT_NOT_FOUND: 404,
  /** What follows `?` in the path makes no sense. */
  QUERY_INVALID: 400,
  /** A command names no worker, and which one is meant cannot be told. */
  WORKER_AMBIGUOUS: 400,
  COMMAND_INVALID: 400,
  /** The worker answered, and not with 200. */
  COMMAND_REFUSED: 502,
  /** 500, as the original answers. */
  COMMAND_UNDELIVERED: 500,
  /** The command was sent, but the worker did not answer in time: it may carry it out all the same. */
  COMMAND_UNCONFIRMED: 504,
  /** Another manager, whose data are to be copied, does not answer as one. */
  IMPORT_FAILED: 502,
  /** A worker has no such log. */
  LOG_NOT_FOUND: 404,
  /** A worker is too old for what is asked of it. */
  NOT_OFFERED: 501,
  /** Bytes beyond the end of a log. */
  RANGE_INVALID: 416,
  /** Too much of the kind is under way. */
  SERVER_BUSY: 503,
  WORKER_UNREACHABLE: 502,
  /** The worker answered, and neither with what was asked for nor with a reason that is the client's. */
  WORKER_REFUSED: 502,
  WORKER_SILENT: 504,
  /** The folder of the web frontend is not there, or not one. */
  UI_UNREADABLE: 500,
  TLS_INVALID: 500,
} as const;

/** Code of a {@link ManagerError}. */
export type ManagerErrorCode = keyof typeof statuses;

/** An error of the manager; `status` follows from `code`. */
export class ManagerError extends TunasyncError {
  declare readonly code: ManagerErrorCode;

  constructor(code: ManagerErrorCode, message: string, options: Omit<TunasyncErrorOptions, 'status'> = {}) {
    super(code, message, { ...options, status: statuses[code] });
  }
}
