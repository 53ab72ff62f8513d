/** The part of a process that a daemon needs; tests give their own. */
export interface ProcessHost {
  readonly pid: number;
  /** Calls `listener` for a signal, or with the reason of an `unhandledRejection` or `uncaughtException`. */
  on(event: ProcessEvent, listener: (reason: unknown) => void): void;
  off(event: ProcessEvent, listener: (reason: unknown) => void): void;
  /** Writes one line to standard error. */
  writeError(line: string): void;
  /** Ends the process. */
  exit(code: number): void;
}

/** What a daemon listens for. */
export type ProcessEvent = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'unhandledRejection' | 'uncaughtException';

/** The process that this code runs in. */
export function thisProcess(): ProcessHost {
  return {
    pid: process.pid,
    on: (event, listener) => void process.on(event as NodeJS.Signals, listener),
    off: (event, listener) => void process.off(event, listener),
    writeError: (line) => void process.stderr.write(`${line}\n`),
    exit: (code) => {
      process.exit(code);
    },
  };
}
