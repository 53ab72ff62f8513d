import type { LogFields, Logger, LogLevel } from './interfaces.js';

const ignore = (): undefined => undefined;

/** A {@link Logger} that drops everything. */
export const nullLogger: Logger = {
  debug: ignore,
  info: ignore,
  notice: ignore,
  warn: ignore,
  error: ignore,
  child: () => nullLogger,
};

/** One line that a {@link MemoryLogger} recorded. */
export interface MemoryLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** A {@link Logger} that remembers its lines and those of its children, for tests. */
export interface MemoryLogger extends Logger {
  /** All lines so far, oldest first. */
  readonly lines: readonly MemoryLine[];
  /** The messages of all lines, or of those of one level, oldest first. */
  messages(level?: LogLevel): string[];
  clear(): void;
}

/** Makes an empty {@link MemoryLogger}. */
export function memoryLogger(): MemoryLogger {
  const lines: MemoryLine[] = [];
  const make = (base: LogFields): Logger => {
    const record =
      (level: LogLevel) =>
      (message: string, fields?: LogFields): void => {
        lines.push({ level, message, fields: { ...base, ...fields } });
      };
    return {
      debug: record('debug'),
      info: record('info'),
      notice: record('notice'),
      warn: record('warn'),
      error: record('error'),
      child: (fields) => make({ ...base, ...fields }),
    };
  };
  return {
    ...make({}),
    lines,
    messages: (level) =>
      lines.filter((line) => level === undefined || line.level === level).map((line) => line.message),
    clear: () => {
      lines.length = 0;
    },
  };
}
