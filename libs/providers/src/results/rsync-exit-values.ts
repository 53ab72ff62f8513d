/** What an exit code of rsync means. Source: rsync(1), "EXIT VALUES"; 6 is from rsync 3.1 and older. */
const exitValues = new Map<number, string>([
  [1, 'Syntax or usage error'],
  [2, 'Protocol incompatibility'],
  [3, 'Errors selecting input/output files, dirs'],
  [4, 'Requested action not supported'],
  [5, 'Error starting client-server protocol'],
  [6, 'Daemon unable to append to log-file'],
  [10, 'Error in socket I/O'],
  [11, 'Error in file I/O'],
  [12, 'Error in rsync protocol data stream'],
  [13, 'Errors with program diagnostics'],
  [14, 'Error in IPC code'],
  [15, 'Sibling process crashed'],
  [16, 'Sibling process was killed by a signal'],
  [19, 'Received SIGUSR1'],
  [20, 'Received SIGINT, SIGTERM, or SIGHUP'],
  [21, 'Some error returned by waitpid()'],
  [22, 'Error allocating core memory buffers'],
  [23, 'Partial transfer due to error'],
  [24, 'Partial transfer due to vanished source files'],
  [25, 'The --max-delete limit stopped deletions'],
  [30, 'Timeout in data send/receive'],
  [35, 'Timeout waiting for daemon connection'],
]);

/** The meaning of an exit code of rsync; undefined when it has none of its own (127: not found, …). */
export function rsyncExitMeaning(code: number): string | undefined {
  return exitValues.get(code);
}
