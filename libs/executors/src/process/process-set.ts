/** Processes that the kernel keeps together: a process group, a cgroup. */
export interface ProcessSet {
  /** Whether there may be anything left in it. Cheap. */
  exists(): boolean;
  /** Whether anything of it still runs. May cost a look at every process of the machine. */
  isAlive(): boolean;
  /** Whether it holds only a launcher that has not started its command. */
  isLaunching(): boolean;
  /** Sends a signal to all of it. Never throws. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
}
