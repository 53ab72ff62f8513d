import { dirname } from 'node:path';
import { messageOf, type Clock, type ClockTimer } from '@tunasync/protocol';
import type { FreeSpaceProbe } from './free-space.js';

/** What a file system answered: the bytes that are free, or why that is not known. */
export type SpaceAnswer =
  | { readonly kind: 'free'; readonly bytes: number }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'silent' };

/** Milliseconds for which an answer is taken as true. */
const trueForMs = 5000;

/** Milliseconds after which nobody waits any longer for an answer. */
const answerWithinMs = 2000;

/**
 * Questions that may be under way: one that never comes back (a network share that hangs) keeps one of the four
 * threads that all file work of the process shares. Source: Node's UV_THREADPOOL_SIZE.
 */
const underWayAtMost = 2;

/** Folders that lie in the same one: most likely in one file system, so that they are asked one after the other. */
interface Lane {
  readonly queue: Question[];
  /** When the question that is under way was asked. */
  askedAt: number | undefined;
}

interface Question {
  readonly folder: string;
  readonly answer: Promise<SpaceAnswer>;
  readonly resolve: (answer: SpaceAnswer) => void;
}

/** How much room there is in folders. An answer comes in time or is given up, and never holds up more than its like. */
export class DiskSpace {
  readonly #clock: Clock;
  readonly #probe: FreeSpaceProbe;
  readonly #lanes = new Map<string, Lane>();
  readonly #open = new Map<string, Question>();
  readonly #known = new Map<string, { bytes: number; at: number }>();
  readonly #timers = new Set<ClockTimer>();
  #underWay = 0;

  constructor(clock: Clock, probe: FreeSpaceProbe) {
    this.#clock = clock;
    this.#probe = probe;
  }

  /** Free bytes, when an answer of the last seconds tells. */
  known(folder: string): number | undefined {
    const known = this.#known.get(folder);
    if (known === undefined) return undefined;
    const age = this.#clock.now() - known.at;
    return age >= 0 && age < trueForMs ? known.bytes : undefined;
  }

  /** Whether a question about a folder would have to wait for one that should have been answered long ago. */
  isStuck(folder: string): boolean {
    const lane = this.#lanes.get(dirname(folder));
    if (lane !== undefined && this.#isOverdue(lane)) return true;
    return (
      this.#underWay >= underWayAtMost &&
      [...this.#lanes.values()].filter(this.#isOverdue).length >= underWayAtMost
    );
  }

  /** Asks; resolves within {@link answerWithinMs}, and never rejects. */
  ask(folder: string): Promise<SpaceAnswer> {
    const question = this.#open.get(folder) ?? this.#enqueue(folder);
    return new Promise((resolve) => {
      const timer = this.#clock.after(answerWithinMs, () => {
        this.#timers.delete(timer);
        resolve({ kind: 'silent' });
      });
      this.#timers.add(timer);
      void question.answer.then((answer) => {
        timer.cancel();
        this.#timers.delete(timer);
        resolve(answer);
      });
    });
  }

  /** Leaves no timer; what is asked is not answered any more. */
  close(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    for (const lane of this.#lanes.values()) lane.queue.length = 0;
  }

  #enqueue(folder: string): Question {
    let resolve: (answer: SpaceAnswer) => void = () => undefined;
    const answer = new Promise<SpaceAnswer>((settle) => {
      resolve = settle;
    });
    const question = { folder, answer, resolve };
    this.#open.set(folder, question);
    const parent = dirname(folder);
    const lane = this.#lanes.get(parent) ?? { queue: [], askedAt: undefined };
    this.#lanes.set(parent, lane);
    lane.queue.push(question);
    this.#next();
    return question;
  }

  #next(): void {
    for (const lane of this.#lanes.values()) {
      if (this.#underWay >= underWayAtMost) return;
      if (lane.askedAt !== undefined) continue;
      const question = lane.queue.shift();
      if (question !== undefined) void this.#put(lane, question);
    }
  }

  async #put(lane: Lane, { folder, resolve }: Question): Promise<void> {
    lane.askedAt = this.#clock.now();
    this.#underWay++;
    let answer: SpaceAnswer;
    try {
      const bytes = await this.#probe(folder);
      this.#known.set(folder, { bytes, at: this.#clock.now() });
      answer = { kind: 'free', bytes };
    } catch (error) {
      answer = { kind: 'error', message: messageOf(error) };
    }
    this.#underWay--;
    lane.askedAt = undefined;
    this.#open.delete(folder);
    resolve(answer);
    this.#next();
  }

  readonly #isOverdue = ({ askedAt }: Lane): boolean =>
    askedAt !== undefined && this.#clock.now() - askedAt >= answerWithinMs;
}
