import type { Writable } from 'node:stream';
import { systemClock, type Clock } from '@tunasync/protocol';
import winston from 'winston';
import { callerOf } from './caller.js';
import { formatLine, type LogFormat, type LogRecord } from './format-line.js';
import type { LogFields, Logger, LogLevel } from './interfaces.js';
import { StreamTransport } from './stream-transport.js';

/** winston's ranks, most urgent first. */
const ranks: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, notice: 2, info: 3, debug: 4 };

/** Options of {@link createLogger}. */
export interface LoggerOptions {
  /**
   * The least urgent level that is shown. At `debug` every `text` and `json` line names the file and line of the
   * code that logged it.
   * @defaultValue 'notice'
   */
  level?: LogLevel;
  /** @defaultValue 'text' */
  format?: LogFormat;
  /** Where lines go; it is never ended. @defaultValue `process.stdout` */
  stream?: Writable;
  /** Where the lines' time comes from. @defaultValue the machine's clock */
  clock?: Pick<Clock, 'now'>;
}

/** A logger that owns its way to a stream. */
export interface StreamLogger extends Logger, AsyncDisposable {
  /** Resolves when every line so far has left the process; await it before `process.exit`. */
  flush(): Promise<void>;
  /** Flushes, then drops all further lines; repeated calls change nothing. The stream stays open. */
  close(): Promise<void>;
}

/** A {@link Logger} on winston that writes the lines of the tunasync daemons to a stream. Never throws. */
export function createLogger(options: LoggerOptions = {}): StreamLogger {
  const { level = 'notice', format = 'text', stream = process.stdout, clock = systemClock } = options;
  const transport = new StreamTransport(stream);
  const sink = winston.createLogger({
    levels: ranks,
    level,
    format: winston.format.printf((info) => formatLine(format, info['record'] as LogRecord)),
  });
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's types name the same class by a namespace import
  sink.add(transport);
  // a stream's first chunks wait for a later turn unless somebody asked for data: lines must not
  sink.read(0);
  const withCaller = ranks[level] >= ranks.debug && format !== 'systemd';
  let closed = false;

  const make = (base: LogFields): Logger => {
    const methodFor = (lineLevel: LogLevel): ((message: string, fields?: LogFields) => void) => {
      if (ranks[lineLevel] > ranks[level]) return () => undefined;
      const method = (message: string, fields?: LogFields): void => {
        if (closed) return;
        const caller = withCaller ? callerOf(method) : undefined;
        const all = fields === undefined ? base : { ...base, ...fields };
        const record: LogRecord = { time: clock.now(), level: lineLevel, message, fields: all, caller };
        transport.expectLine();
        sink.log({ level: lineLevel, message, record });
      };
      return method;
    };
    return {
      debug: methodFor('debug'),
      info: methodFor('info'),
      notice: methodFor('notice'),
      warn: methodFor('warn'),
      error: methodFor('error'),
      child: (fields) => make({ ...base, ...fields }),
    };
  };

  const close = async (): Promise<void> => {
    closed = true;
    await transport.flushed();
    sink.close();
  };
  return { ...make({}), flush: () => transport.flushed(), close, [Symbol.asyncDispose]: close };
}
