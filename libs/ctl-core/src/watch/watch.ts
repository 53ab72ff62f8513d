import type { ManagerClient } from '@tunasync/client';
import { messageOf, type Clock, type SyncStatus } from '@tunasync/protocol';
import { interrupt, type Terminal } from '../terminal.js';
import { frameLines, pageSize, type Screen, type View } from './frame.js';
import { movedBy } from './keys.js';

/** What {@link watch} needs. */
export interface WatchOptions {
  manager: Pick<ManagerClient, 'address' | 'listJobs'>;
  terminal: Terminal;
  write: (text: string) => void;
  clock: Clock;
  /** Milliseconds between two looks. */
  intervalMs: number;
  /** Only these. */
  statuses: readonly SyncStatus[] | undefined;
}

/** Control sequences of xterm, which all terminals know: the other screen, the cursor. */
const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/**
 * Shows the statuses of all mirrors on the whole screen until somebody types `q` or Ctrl-C, and leaves the terminal
 * as it was. A manager that does not answer is told, and asked again.
 *
 * @throws what the client rejects with when it is asked for the first time; then nothing was shown
 */
export async function watch(options: WatchOptions): Promise<void> {
  const { manager, terminal, write, clock, intervalMs, statuses } = options;
  const ended = new AbortController();
  const ask = async (): Promise<View['jobs']> => {
    const jobs = await manager.listJobs({ signal: ended.signal });
    return statuses === undefined ? jobs : jobs.filter(({ status }) => statuses.includes(status));
  };
  const view: View = {
    address: manager.address,
    jobs: await ask(),
    asOf: clock.now(),
    problem: undefined,
    offset: 0,
  };
  const screen = (): Screen => ({
    columns: terminal.columns(),
    rows: terminal.rows(),
    colors: terminal.colors,
  });
  const draw = (): void => {
    const size = screen();
    view.offset = Math.max(0, Math.min(view.offset, view.jobs.length - pageSize(size)));
    const lines = frameLines(view, size, clock.now());
    write(`${home}${lines.map((line) => `${line}${clearLine}`).join('\r\n')}${clearBelow}`);
  };
  write(enter);
  const stopResize = terminal.onResize(draw);
  const stopInput = terminal.onInput((keys) => {
    if (keys.includes(interrupt) || /^[qQ]/.test(keys)) {
      ended.abort();
    } else {
      view.offset = movedBy(keys, view.offset, pageSize(screen()), view.jobs.length);
      draw();
    }
  });
  try {
    draw();
    while (await passed(clock, intervalMs, ended.signal)) {
      try {
        view.jobs = await ask();
        view.asOf = clock.now();
        view.problem = undefined;
      } catch (error) {
        view.problem = messageOf(error);
      }
      if (!ended.signal.aborted) draw();
    }
  } finally {
    stopInput();
    stopResize();
    write(leave);
  }
}

/** Waits. Resolves to false as soon as `signal` is aborted. */
function passed(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(false);
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      resolve(false);
    };
    const timer = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
