import type { ManagerClient } from '@tunasync/client';
import type { Clock, SyncStatus } from '@tunasync/protocol';
import { interrupt, type Terminal } from '../context/terminal.js';
import { newsOfJobs, type FeedOptions, type News } from './feed.js';
import { frameLines, pageSize, type Screen, type View } from './frame.js';
import { keysOf, movedBy } from './keys.js';
import { passed } from './passed.js';

/** Options of {@link watch}. */
export interface WatchOptions {
  manager: Pick<ManagerClient, 'address'> & FeedOptions['manager'];
  terminal: Terminal;
  write: (text: string) => void;
  clock: Clock;
  /** Milliseconds between two requests, if the manager has no stream of changes. */
  intervalMs: number;
  /** The states to show; undefined: all. */
  statuses: readonly SyncStatus[] | undefined;
}

/** Control sequences of xterm that all terminals know: the alternate screen and the cursor. */
const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/**
 * Shows the statuses of all mirrors on the whole screen until the user types `q` or Ctrl-C, and then restores the
 * terminal. If the manager does not answer, the screen says so, and the request is repeated.
 *
 * @throws the errors of the client for the first request; then nothing is shown
 */
export async function watch(options: WatchOptions): Promise<void> {
  const { manager, terminal, write, clock, intervalMs, statuses } = options;
  const ended = new AbortController();
  const view: View = {
    address: manager.address,
    jobs: [],
    asOf: clock.now(),
    problem: undefined,
    offset: 0,
  };
  let isShown = false;
  let isTold = false;
  const screen = (): Screen => ({
    columns: terminal.columns(),
    rows: terminal.rows(),
    colors: terminal.colors,
  });
  const draw = (): void => {
    if (!isShown || ended.signal.aborted) return;
    const size = screen();
    view.offset = Math.max(0, Math.min(view.offset, view.jobs.length - pageSize(size)));
    const lines = frameLines(view, size, clock.now());
    write(`${home}${lines.map((line) => `${line}${clearLine}`).join('\r\n')}${clearBelow}`);
  };
  const take = (news: News): void => {
    ({ isTold } = news);
    view.jobs = news.jobs.filter(({ status }) => statuses?.includes(status) ?? true);
    view.asOf = clock.now();
    view.problem = undefined;
    draw();
  };
  const feed = newsOfJobs({
    manager,
    clock,
    intervalMs,
    signal: ended.signal,
    onProblem: (why) => {
      view.problem = why;
      draw();
    },
  });
  const first = await feed.next();
  if (first.done !== true) take(first.value);
  isShown = true;
  write(enter);
  const stopResize = terminal.onResize(draw);
  const stopInput = terminal.onInput((typed) => {
    for (const key of keysOf(typed)) {
      if ([interrupt, 'q', 'Q'].includes(key)) ended.abort();
      else view.offset = movedBy(key, view.offset, pageSize(screen()), view.jobs.length);
    }
    draw();
  });
  try {
    draw();
    await Promise.all([takeAll(), keepFresh()]);
  } finally {
    ended.abort();
    stopInput();
    stopResize();
    write(leave);
  }

  async function takeAll(): Promise<void> {
    for await (const news of feed) take(news);
  }

  /** Redraws relative times, even when nothing changes. */
  async function keepFresh(): Promise<void> {
    while (await passed(clock, intervalMs, ended.signal)) {
      // with pushed changes, the last state is current
      if (isTold && view.problem === undefined) view.asOf = clock.now();
      if (isTold) draw();
    }
  }
}
