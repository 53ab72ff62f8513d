/** Options of {@link TunasyncError} in addition to its message. */
export interface TunasyncErrorOptions {
  /** The original error. */
  cause?: unknown;
  /** HTTP status with which a server answers when this error ends a request. @defaultValue 500 */
  status?: number;
}

/**
 * Base of all errors that the `@tunasync/*` packages throw.
 *
 * `code` is stable and meant for programs, `message` is one line for people. Only the last middleware of a
 * server and a command's `main` turn errors into text.
 */
export class TunasyncError extends Error {
  /** Stable, upper-case identifier such as `STORE_LOCKED`. */
  readonly code: string;
  /** HTTP status that fits this error. */
  readonly status: number;

  constructor(code: string, message: string, options: TunasyncErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.code = code;
    this.status = options.status ?? 500;
  }
}

/** The message of anything that was thrown, on one line. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s*\n\s*/g, ' ');
}

/** The first 200 characters of external text, for use in a message. */
export function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
