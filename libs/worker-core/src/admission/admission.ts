import { nullLogger, type Logger } from '@tunasync/logger';
import type { Clock, ClockTimer } from '@tunasync/protocol';
import { blackoutEnd, IndexedHeap } from '@tunasync/scheduler';
import type { WaitReason } from '../interfaces/events.js';
import { DiskSpace, type SpaceAnswer } from './disk-space.js';
import { freeSpace, type FreeSpaceProbe } from './free-space.js';
import { GateTicket, type AdmissionRequest, type Gate, type Ticket } from './ticket.js';
import { WaitNews } from './wait-notifier.js';
import { Lines, rankOf } from './wait-queue.js';

export type { AdmissionRequest, Ticket } from './ticket.js';

/** What an {@link Admission} is made of. */
export interface AdmissionOptions {
  /** Runs that may hold a slot at the same time, at least 1. */
  slots: number;
  /** Most runs at the same time by upstream host. @defaultValue no limits */
  perUpstreamConcurrent?: Readonly<Record<string, number>>;
  clock: Clock;
  /** @defaultValue nothing is logged */
  logger?: Logger;
  /** @defaultValue asks the file system */
  freeSpace?: FreeSpaceProbe;
  /** Told, at the end of the turn, of those that have another reason to wait than before. @defaultValue nobody */
  onWaitsChanged?: (tickets: readonly Ticket[]) => void;
}

/** Milliseconds until those that wait for room on a disk are looked at again, and the clock at least. */
const lookAgainMs = 60_000;

/**
 * Who may run: a limited number of slots, that go to the highest priority, and to who asked first among equals.
 * Who cannot go (its upstream has its number of runs, it is in a blackout, its disk is full) waits aside and
 * holds up nobody.
 *
 * Entering, leaving and handing over a slot cost O(log n) of those that wait, and a look at each host with a limit.
 */
export class Admission {
  /** Runs that may hold a slot at the same time. */
  readonly slots: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #news: WaitNews;
  readonly #disk: DiskSpace;
  readonly #lines: Lines<GateTicket>;
  /** By the end of their blackout. */
  readonly #blackouts = new IndexedHeap<GateTicket>();
  readonly #withoutRoom = new Set<GateTicket>();
  /** When those are looked at again. */
  #lookAt = 0;
  #checking = 0;
  #taken = 0;
  #forced = 0;
  #order = 0;
  #entering = 0;
  #timer: ClockTimer | undefined;
  #wakeAt = Infinity;
  #closed = false;
  readonly #gate: Gate = {
    reason: (ticket) => this.#reason(ticket),
    force: (ticket) => {
      this.#force(ticket);
    },
    leave: (ticket) => {
      this.#leave(ticket);
    },
  };

  constructor(options: AdmissionOptions) {
    this.slots = options.slots;
    this.#clock = options.clock;
    this.#logger = options.logger ?? nullLogger;
    this.#disk = new DiskSpace(options.clock, options.freeSpace ?? freeSpace);
    this.#lines = new Lines(options.perUpstreamConcurrent ?? {});
    this.#news = new WaitNews(this.#lines, options.onWaitsChanged ?? (() => undefined));
  }

  /** Slots that are held; more than there are while runs of an earlier process go on. */
  get taken(): number {
    return this.#taken - this.#checking;
  }

  /** Runs that went in without a slot. */
  get forced(): number {
    return this.#forced;
  }

  /** Jobs that wait. */
  get waiting(): number {
    return this.#lines.size + this.#blackouts.size + this.#withoutRoom.size + this.#checking;
  }

  /** Asks for a slot. `onAdmitted` is called once, perhaps before this returns. */
  enter(request: AdmissionRequest, onAdmitted: (ticket: Ticket) => void): Ticket {
    const ticket = this.#ticket(request, onAdmitted);
    this.#place(ticket);
    this.#handOut();
    return ticket;
  }

  /**
   * Goes in at once, without a slot and whatever else is in the way; `onAdmitted` is called before this returns.
   * It counts as a run of its upstream.
   */
  enterForced(request: AdmissionRequest, onAdmitted: (ticket: Ticket) => void): Ticket {
    const ticket = this.#ticket(request, onAdmitted);
    ticket.force();
    return ticket;
  }

  /** Takes a slot for a run that is under way already, even when all are taken; `onAdmitted` is called before this returns. */
  enterAdopted(request: AdmissionRequest, onAdmitted: (ticket: Ticket) => void): Ticket {
    const ticket = this.#ticket(request, onAdmitted);
    this.#hold(ticket);
    ticket.admit(false);
    return ticket;
  }

  /** Looks anew at who is in a blackout: the machine's clock was set. */
  reconsider(): void {
    const held = [...this.#blackouts.entries()].map(([ticket]) => ticket).sort((a, b) => a.rank - b.rank);
    for (const ticket of held) {
      this.#blackouts.remove(ticket);
      this.#place(ticket);
    }
    this.#handOut();
    this.#arm();
  }

  /** Admits nobody any more by itself, and leaves no timer. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#disk.close();
  }

  #ticket(request: AdmissionRequest, onAdmitted: (ticket: Ticket) => void): GateTicket {
    const at = { line: this.#lines.of(request.upstreamHost), rank: rankOf(request.priority, this.#order++) };
    return new GateTicket(this.#gate, request, at, onAdmitted);
  }

  #reason(ticket: GateTicket): WaitReason {
    const { line, place, request } = ticket;
    if (place === 'blackout') return { for: 'blackout', until: this.#blackouts.get(ticket) ?? 0 };
    if (place === 'disk') {
      return {
        for: 'disk',
        path: request.workingDir,
        ...(ticket.free !== undefined && { free: ticket.free }),
        needed: request.diskQuota,
        until: this.#lookAt,
      };
    }
    return place === 'line' && line.full ? { for: 'upstream', host: line.host } : { for: 'slot' };
  }

  #force(ticket: GateTicket): void {
    const gaveUpSlot = this.#takeOut(ticket);
    this.#forced++;
    ticket.line.running++;
    ticket.admit(true);
    if (gaveUpSlot) this.#handOut();
    this.#news.add(ticket);
  }

  #leave(ticket: GateTicket): void {
    const wasWaiting = ticket.state === 'waiting';
    ticket.state = 'gone';
    if (wasWaiting) {
      if (!this.#takeOut(ticket)) return;
    } else if (ticket.forced) {
      this.#forced--;
      ticket.line.running--;
    } else {
      this.#release(ticket);
    }
    this.#handOut();
    this.#news.add(ticket);
  }

  /** Puts a waiting ticket where it belongs now. */
  #place(ticket: GateTicket): void {
    const { request } = ticket;
    if (this.#inBlackout(ticket)) return;
    if (request.diskQuota > 0 && this.#disk.isStuck(request.workingDir)) {
      this.#toDisk(ticket, undefined);
    } else {
      ticket.place = 'line';
      ticket.line.queue.set(ticket, ticket.rank);
      this.#news.add(ticket);
    }
  }

  /** Puts a ticket aside when it is in a blackout; whether it is. */
  #inBlackout(ticket: GateTicket): boolean {
    const { windows, timezone } = ticket.request.blackout;
    const until = blackoutEnd(windows, timezone, this.#clock.now());
    if (until === undefined) return false;
    ticket.place = 'blackout';
    this.#blackouts.set(ticket, until);
    this.#news.add(ticket);
    this.#arm();
    return true;
  }

  #toDisk(ticket: GateTicket, free: number | undefined): void {
    const { diskQuota, workingDir } = ticket.request;
    ticket.place = 'disk';
    ticket.free = free;
    if (this.#withoutRoom.size === 0) this.#lookAt = this.#clock.now() + lookAgainMs;
    this.#withoutRoom.add(ticket);
    const found = free === undefined ? 'its file system does not answer' : `${free} bytes are free`;
    this.#logger.warn(`${ticket.mirror}: waits for ${diskQuota} free bytes in ${workingDir}: ${found}`);
    this.#news.add(ticket);
    this.#arm();
  }

  /** Takes a waiting ticket from where it is. @returns whether it held a slot */
  #takeOut(ticket: GateTicket): boolean {
    const { place } = ticket;
    ticket.place = 'nowhere';
    if (place === 'line') ticket.line.queue.remove(ticket);
    else if (place === 'blackout') this.#blackouts.remove(ticket);
    else if (place === 'disk') this.#withoutRoom.delete(ticket);
    else if (place === 'checking') {
      this.#checking--;
      this.#release(ticket);
      return true;
    }
    if (place === 'blackout' || place === 'disk') this.#arm();
    return false;
  }

  #hold(ticket: GateTicket): void {
    this.#taken++;
    ticket.line.running++;
  }

  #release(ticket: GateTicket): void {
    this.#taken--;
    ticket.line.running--;
  }

  /** Lets several enter together: the slots go to the first among all of them. */
  together(enter: () => void): void {
    this.#entering++;
    try {
      enter();
    } finally {
      this.#entering--;
      this.#handOut();
    }
  }

  #handOut(): void {
    if (this.#entering > 0) return;
    while (this.#taken < this.slots && !this.#closed) {
      const ticket = this.#lines.first();
      if (ticket === undefined) return;
      ticket.line.queue.remove(ticket);
      if (this.#inBlackout(ticket)) continue;
      const { diskQuota, workingDir } = ticket.request;
      const free = diskQuota > 0 ? this.#disk.known(workingDir) : Infinity;
      if (free !== undefined && free < diskQuota) {
        this.#toDisk(ticket, free);
      } else if (free === undefined && this.#disk.isStuck(workingDir)) {
        this.#toDisk(ticket, undefined);
      } else {
        this.#hold(ticket);
        if (free === undefined) this.#check(ticket);
        else this.#admit(ticket);
      }
    }
  }

  #admit(ticket: GateTicket): void {
    ticket.place = 'nowhere';
    this.#news.add(ticket);
    ticket.admit(false);
  }

  /** The slot is kept for it meanwhile: who comes later must not be faster only because nobody looks at its disk. */
  #check(ticket: GateTicket): void {
    ticket.place = 'checking';
    this.#checking++;
    this.#news.add(ticket);
    void this.#disk.ask(ticket.request.workingDir).then((answer) => {
      if (ticket.place !== 'checking' || this.#closed) return;
      this.#checking--;
      if (this.#hasRoom(ticket, answer)) {
        this.#admit(ticket);
      } else {
        this.#release(ticket);
        this.#toDisk(ticket, answer.kind === 'free' ? answer.bytes : undefined);
        this.#handOut();
      }
    });
  }

  #hasRoom({ mirror, request }: GateTicket, answer: SpaceAnswer): boolean {
    if (answer.kind === 'free') return answer.bytes >= request.diskQuota;
    if (answer.kind === 'silent') return false;
    // the run will fail with what is wrong with the folder
    this.#logger.warn(
      `${mirror}: cannot find out the free bytes in ${request.workingDir}: ${answer.message}`,
    );
    return true;
  }

  /** Those whose disk has room now go back into the line. */
  #lookAgain(): void {
    this.#lookAt = this.#clock.now() + lookAgainMs;
    for (const ticket of this.#withoutRoom) {
      this.#news.add(ticket);
      void this.#disk.ask(ticket.request.workingDir).then((answer) => {
        if (ticket.place !== 'disk' || this.#closed) return;
        if (this.#hasRoom(ticket, answer)) {
          this.#withoutRoom.delete(ticket);
          this.#place(ticket);
          this.#handOut();
          this.#arm();
        } else {
          ticket.free = answer.kind === 'free' ? answer.bytes : undefined;
          this.#news.add(ticket);
        }
      });
    }
  }

  #arm(): void {
    const now = this.#clock.now();
    let wakeAt = Infinity;
    const first = this.#blackouts.peek();
    // looks at the clock now and then: it may be set
    if (first !== undefined) wakeAt = Math.min(first.at, now + lookAgainMs);
    if (this.#withoutRoom.size > 0) wakeAt = Math.min(wakeAt, this.#lookAt);
    if (this.#closed || wakeAt === Infinity) {
      this.#timer?.cancel();
      this.#timer = undefined;
    } else if (this.#timer === undefined || wakeAt < this.#wakeAt) {
      this.#timer?.cancel();
      this.#wakeAt = wakeAt;
      this.#timer = this.#clock.after(Math.max(0, wakeAt - now), () => {
        this.#timer = undefined;
        this.#wake();
      });
    }
  }

  #wake(): void {
    const now = this.#clock.now();
    const wasSet = Math.abs(now - this.#wakeAt) >= lookAgainMs;
    if (this.#withoutRoom.size > 0 && (wasSet || now >= this.#lookAt)) this.#lookAgain();
    if (wasSet) {
      this.reconsider();
      return;
    }
    for (
      let first = this.#blackouts.peek();
      first !== undefined && first.at <= now;
      first = this.#blackouts.peek()
    ) {
      this.#blackouts.remove(first.key);
      this.#place(first.key);
    }
    this.#handOut();
    this.#arm();
  }
}
