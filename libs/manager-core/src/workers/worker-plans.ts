import {
  buildPath,
  workerExtensionRoutes,
  workerPlanSchema,
  type Clock,
  type WorkerPlan,
  type WorkerStatus,
} from '@tunasync/protocol';
import { readBytes } from '@tunasync/util';
import type { WorkerReader } from './worker-reader.js';

/** What {@link WorkerPlans} needs. */
export interface WorkerPlansOptions {
  read: WorkerReader;
  clock: Clock;
}

/** Milliseconds that a worker gets for its plan. */
const answerMs = 1500;
/** Milliseconds for which a plan, or that there is none, is remembered. */
const keptMs = 5_000;
const withoutPlanMs = 30_000;
/** The longest names make a plan of this many bytes. */
const longestPlan = 8 * 2 ** 20;

interface KnownPlan {
  readonly url: string;
  readonly hours: number;
  readonly plan: Promise<WorkerPlan | undefined>;
  /** Asked again from then on; milliseconds since the Unix epoch. */
  until: number;
}

/** What workers plan, asked of them and remembered for a moment. */
export class WorkerPlans {
  readonly #options: WorkerPlansOptions;
  readonly #known = new Map<string, KnownPlan>();

  constructor(options: WorkerPlansOptions) {
    this.#options = options;
  }

  /** What a worker plans for the next hours; undefined when it does not tell, or not in time. Never rejects. */
  of(worker: WorkerStatus, hours: number): Promise<WorkerPlan | undefined> {
    const now = this.#options.clock.now();
    const known = this.#known.get(worker.id);
    const fits = known?.url === worker.url && known.hours === hours;
    if (known !== undefined && fits && now < known.until) return known.plan;
    const plan = this.#ask(worker, hours).catch(() => undefined);
    const asked: KnownPlan = { url: worker.url, hours, plan, until: now + keptMs };
    this.#known.set(worker.id, asked);
    void plan.then((answer) => {
      if (answer === undefined) asked.until = now + withoutPlanMs;
    });
    return plan;
  }

  /** A worker was removed. */
  forget(worker: string): void {
    this.#known.delete(worker);
  }

  async #ask(worker: WorkerStatus, hours: number): Promise<WorkerPlan | undefined> {
    const { read, clock } = this.#options;
    const giveUp = new AbortController();
    const timer = clock.after(
      answerMs,
      () => {
        giveUp.abort();
      },
      { unref: true },
    );
    try {
      const path = `${buildPath(workerExtensionRoutes.plan, {})}?hours=${hours}`;
      const answer = await read(worker, path, { signal: giveUp.signal });
      if (answer.status !== 200) {
        answer.close();
        return undefined;
      }
      const { bytes, complete } = await readBytes(answer.body, longestPlan);
      return complete ? workerPlanSchema.parse(JSON.parse(bytes.toString())) : undefined;
    } finally {
      timer.cancel();
    }
  }
}
