/** Levels of a log line, least to most urgent; `notice` is what a daemon shows by default. */
export type LogLevel = 'debug' | 'info' | 'notice' | 'warn' | 'error';

/** Structured facts beside the message; shown in JSON lines. Never put a secret here. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What every engine takes to report what it does. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  notice(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to each of its lines. */
  child(fields: LogFields): Logger;
}
