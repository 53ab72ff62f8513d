import type { ExitResult } from './interfaces.js';

/**
 * Names of Linux signals in `signal: <name>`. Source: `Signal.String()` of Go's `syscall` package on Linux, whose
 * words are in the `error_msg` of existing workers.
 */
const signalNames = new Map<string, string>([
  ['SIGHUP', 'hangup'],
  ['SIGINT', 'interrupt'],
  ['SIGQUIT', 'quit'],
  ['SIGILL', 'illegal instruction'],
  ['SIGTRAP', 'trace/breakpoint trap'],
  ['SIGABRT', 'aborted'],
  ['SIGIOT', 'aborted'],
  ['SIGBUS', 'bus error'],
  ['SIGFPE', 'floating point exception'],
  ['SIGKILL', 'killed'],
  ['SIGUSR1', 'user defined signal 1'],
  ['SIGSEGV', 'segmentation fault'],
  ['SIGUSR2', 'user defined signal 2'],
  ['SIGPIPE', 'broken pipe'],
  ['SIGALRM', 'alarm clock'],
  ['SIGTERM', 'terminated'],
  ['SIGSTKFLT', 'stack fault'],
  ['SIGCHLD', 'child exited'],
  ['SIGCONT', 'continued'],
  ['SIGSTOP', 'stopped (signal)'],
  ['SIGTSTP', 'stopped'],
  ['SIGTTIN', 'stopped (tty input)'],
  ['SIGTTOU', 'stopped (tty output)'],
  ['SIGURG', 'urgent I/O condition'],
  ['SIGXCPU', 'CPU time limit exceeded'],
  ['SIGXFSZ', 'file size limit exceeded'],
  ['SIGVTALRM', 'virtual timer expired'],
  ['SIGPROF', 'profiling timer expired'],
  ['SIGWINCH', 'window changed'],
  ['SIGIO', 'I/O possible'],
  ['SIGPOLL', 'I/O possible'],
  ['SIGPWR', 'power failure'],
  ['SIGSYS', 'bad system call'],
]);

/** How a command ended, as it goes into `error_msg`: `exit status N`, `signal: killed`, …. */
export function exitMessage(exit: ExitResult): string {
  const message = bareMessage(exit);
  return exit.reason === undefined ? message : `${message}: ${exit.reason}`;
}

function bareMessage(exit: ExitResult): string {
  if (exit.signal !== null) {
    const message = `signal: ${signalNames.get(exit.signal) ?? exit.signal}`;
    return exit.outOfMemory === true ? `${message}: it went over its memory limit` : message;
  }
  if (exit.code !== null) {
    const message = `exit status ${exit.code}`;
    return exit.outOfMemory === true ? `${message}: a process of it went over the memory limit` : message;
  }
  return 'the end of the command was not seen';
}
