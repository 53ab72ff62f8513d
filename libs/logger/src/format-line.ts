import { toWireTime } from '@tunasync/protocol';
import { escapeJson, escapeText } from './escape.js';
import type { LogFields, LogLevel } from './interfaces.js';

/**
 * How lines look.
 *
 * - `text`: `[yy-mm-dd hh:mm:ss][NOTICE] message`, in local time
 * - `systemd`: `[NOTICE] message`, as the journal has a time of its own
 * - `json`: one object a line: `time` (RFC 3339), `level`, `message`, then the fields
 */
export type LogFormat = 'text' | 'systemd' | 'json';

/** One line before it is written. */
export interface LogRecord {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
  /** `file.ts:12` of the code that logged, when that is shown. */
  readonly caller: string | undefined;
}

/** The line for `record`, without a line end; never more than one line, whatever the message holds. */
export function formatLine(format: LogFormat, record: LogRecord): string {
  if (format === 'json') return formatJson(record);
  const level = `[${record.level.toUpperCase()}]`;
  const message = escapeText(record.message);
  if (format === 'systemd') return `${level} ${message}`;
  const caller = record.caller === undefined ? '' : `[${record.caller}]`;
  return `[${localTime(record.time)}]${level}${caller} ${message}`;
}

/** `yy-mm-dd hh:mm:ss` in this machine's zone. */
function localTime(unixMillis: number): string {
  const time = new Date(unixMillis);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = [time.getFullYear() % 100, time.getMonth() + 1, time.getDate()].map(two).join('-');
  return `${date} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}

function formatJson({ time, level, message, fields, caller }: LogRecord): string {
  const own = { time: toWireTime(time), level, message, ...(caller === undefined ? {} : { caller }) };
  // the line's own members come first and win over fields of the same name
  const members = { ...own, ...fields, ...own };
  try {
    return escapeJson(JSON.stringify(members, replacer));
  } catch (error) {
    // a cycle or a throwing getter in the fields must not lose the message
    return escapeJson(JSON.stringify({ ...own, fields_error: String(error) }));
  }
}

/** What JSON cannot carry by itself: errors become their message, big integers their digits. */
function replacer(_key: string, value: unknown): unknown {
  if (value instanceof Error) return value.message;
  return typeof value === 'bigint' ? value.toString() : value;
}
