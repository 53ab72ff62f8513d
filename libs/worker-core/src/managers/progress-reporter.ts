import type { Clock, ClockTimer, ProgressEntry } from '@tunasync/protocol';
import type { ManagerApi } from './manager-api.js';
import type { ManagerSession, SessionClient } from './manager-session.js';
import type { OptionalRoute } from './optional-route.js';
import { TaskSet } from './task-set.js';

/** Shortest time between two posts, milliseconds. */
const gapMs = 1000;

/** Parts of {@link ProgressReporter}. */
export interface ProgressReporterParts {
  api: ManagerApi;
  workerId: string;
  session: ManagerSession;
  route: OptionalRoute;
  clock: Clock;
}

/** Posts the latest progress of running syncs to one manager, when it is there; nothing is kept. */
export class ProgressReporter implements SessionClient {
  readonly #parts: ProgressReporterParts;
  readonly #tasks = new TaskSet();
  #waiting = new Map<string, ProgressEntry>();
  #timer: ClockTimer | undefined;
  #posting = false;
  #closed = false;

  constructor(parts: ProgressReporterParts) {
    this.#parts = parts;
  }

  registered(): void {
    this.#parts.route.reset();
  }

  /** Only the latest of a mirror is sent. */
  set(entry: ProgressEntry): void {
    if (this.#closed) return;
    this.#waiting.set(entry.name, entry);
    this.#timer ??= this.#parts.clock.after(
      gapMs,
      () => {
        this.#timer = undefined;
        void this.#tasks.add(this.#post());
      },
      { unref: true },
    );
  }

  /** A run is over: its progress must not be shown any more. */
  forget(mirror: string): void {
    this.#waiting.delete(mirror);
  }

  /** Leaves no timer; resolves when no post is in flight. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#tasks.settled();
  }

  async #post(): Promise<void> {
    const { api, workerId, session, route } = this.#parts;
    const progress = [...this.#waiting.values()];
    if (this.#posting || progress.length === 0) return;
    this.#waiting = new Map();
    if (session.state !== 'online' || !route.offered) return;
    this.#posting = true;
    await route.post((signal) => api.reportProgress(workerId, { progress }, { signal }));
    this.#posting = false;
    const [next] = this.#waiting.values();
    if (next !== undefined) this.set(next);
  }
}
