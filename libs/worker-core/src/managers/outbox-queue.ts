import type { QueuedReport, Report } from '../interfaces/report.js';

/** The reports of one mirror, oldest first, as a linked list: any may be dropped from the middle. */
interface Lane {
  readonly mirror: string;
  head: Entry | undefined;
  tail: Entry | undefined;
  /** `ready`: the head may be sent. `sending`: it is. `parked`: the manager could not take it a moment ago. */
  state: 'ready' | 'sending' | 'parked';
}

interface Entry extends QueuedReport {
  readonly lane: Lane;
  /** Place in this queue; decides whether the barrier waits for it. */
  readonly place: number;
  previous: Entry | undefined;
  next: Entry | undefined;
}

/** Whether a report only says that a run is under way: of no more interest once a later one of its mirror is there. */
function isIntermediate(report: Report): boolean {
  return report.kind === 'status' && ['pre-syncing', 'syncing'].includes(report.status.status);
}

/**
 * What one manager has still to be told. Per mirror strictly in order and one at a time; mirrors take turns.
 *
 * Beyond `max` entries, intermediate reports that a later one has superseded are dropped, oldest first. Results
 * (`success`, `failed`, `paused`, `disabled`, `none`), finished runs and each mirror's last report never are.
 * All operations are O(1).
 */
export class OutboxQueue {
  readonly #max: number;
  readonly #lanes = new Map<string, Lane>();
  readonly #ready = new Set<Lane>();
  readonly #superseded = new Set<Entry>();
  #size = 0;
  #places = 0;
  #barrier = 0;
  #beforeBarrier = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Reports that are not delivered yet, those under way included. */
  get size(): number {
    return this.#size;
  }

  /** Mirrors that have any. */
  get mirrors(): string[] {
    return [...this.#lanes.keys()];
  }

  has(mirror: string): boolean {
    return this.#lanes.has(mirror);
  }

  /** Adds a report; returns those that were dropped for it. */
  push({ seq, report }: QueuedReport): QueuedReport[] {
    let lane = this.#lanes.get(report.mirror);
    if (lane === undefined) {
      lane = { mirror: report.mirror, head: undefined, tail: undefined, state: 'ready' };
      this.#lanes.set(report.mirror, lane);
      this.#ready.add(lane);
    }
    const last = lane.tail;
    const entry: Entry = { seq, report, lane, place: ++this.#places, previous: last, next: undefined };
    if (last === undefined) lane.head = entry;
    else {
      last.next = entry;
      const underWay = last === lane.head && lane.state === 'sending';
      if (isIntermediate(last.report) && !underWay) this.#superseded.add(last);
    }
    lane.tail = entry;
    this.#size += 1;
    return this.#shrink();
  }

  /** The next report to send, if any may be sent now. Ends with {@link done} or {@link putBack}. */
  take(): QueuedReport | undefined {
    for (const lane of this.#ready) {
      this.#ready.delete(lane);
      if (lane.head === undefined) continue;
      lane.state = 'sending';
      this.#superseded.delete(lane.head);
      return lane.head;
    }
    return undefined;
  }

  /** The report that was taken is delivered, or given up. */
  done(report: QueuedReport): void {
    const entry = this.#taken(report);
    if (entry === undefined) return;
    this.#unlink(entry);
    if (this.#lanes.has(entry.lane.mirror)) this.#setReady(entry.lane);
  }

  /** The report that was taken stays first of its mirror; `parked`: until {@link unpark}. */
  putBack(report: QueuedReport, options: { parked?: boolean } = {}): void {
    const entry = this.#taken(report);
    if (entry === undefined) return;
    if (entry.next !== undefined && isIntermediate(entry.report)) this.#superseded.add(entry);
    if (options.parked === true) entry.lane.state = 'parked';
    else this.#setReady(entry.lane);
  }

  /** The mirror's reports may be sent again; without a name, everybody's. */
  unpark(mirror?: string): void {
    const lanes = mirror === undefined ? this.#lanes.values() : [this.#lanes.get(mirror)];
    for (const lane of lanes) if (lane?.state === 'parked') this.#setReady(lane);
  }

  /** From now on {@link barrierClear} says whether everything that is in the queue now has left it. */
  setBarrier(): void {
    this.#barrier = this.#places;
    this.#beforeBarrier = this.#size;
  }

  get barrierClear(): boolean {
    return this.#beforeBarrier === 0;
  }

  #taken(report: QueuedReport): Entry | undefined {
    const lane = this.#lanes.get(report.report.mirror);
    return lane?.state === 'sending' && lane.head === report ? lane.head : undefined;
  }

  #setReady(lane: Lane): void {
    lane.state = 'ready';
    this.#ready.add(lane);
  }

  #shrink(): QueuedReport[] {
    const dropped: QueuedReport[] = [];
    for (const entry of this.#superseded) {
      if (this.#size <= this.#max) break;
      this.#unlink(entry);
      dropped.push(entry);
    }
    return dropped;
  }

  #unlink(entry: Entry): void {
    const { lane, previous, next } = entry;
    if (previous === undefined) lane.head = next;
    else previous.next = next;
    if (next === undefined) lane.tail = previous;
    else next.previous = previous;
    this.#superseded.delete(entry);
    this.#size -= 1;
    if (entry.place <= this.#barrier) this.#beforeBarrier -= 1;
    if (lane.head === undefined) {
      this.#lanes.delete(lane.mirror);
      this.#ready.delete(lane);
    }
  }
}

/** `1 report`, `2 reports`, for messages. */
export function countReports(count: number): string {
  return count === 1 ? '1 report' : `${count} reports`;
}
