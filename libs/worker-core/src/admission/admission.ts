import type { BlackoutWindow } from '@tunasync/scheduler';
import type { WaitReason } from '../events.js';
import { WaitingLine, type LineEntry } from './waiting-line.js';

export interface AdmissionRequest {
  mirror: string;
  priority: number;
  upstreamHost: string;
  blackout: { windows: readonly BlackoutWindow[]; timezone: string };
  diskQuota: number;
  workingDir: string;
}

/** A job's place at the gate: waiting, then holding a slot (or none, when it was forced), then gone. */
export interface Ticket {
  readonly state: 'waiting' | 'admitted' | 'gone';
  /** Whether it went in without a slot. */
  readonly forced: boolean;
  readonly waits: WaitReason;
  /** Lets a waiting one in now, without a slot. */
  force(): void;
  /** Leaves the queue, or gives the slot back. Repeated calls change nothing. */
  leave(): void;
}

/**
 * Who may run: a limited number of slots, handed out strictly in the order of asking.
 *
 * Entering, leaving and handing over a slot cost the same however many are waiting.
 */
export class Admission {
  /** Runs that may hold a slot at the same time. */
  readonly slots: number;
  #taken = 0;
  #forced = 0;
  readonly #line = new WaitingLine<GateTicket>();

  constructor({
    slots,
  }: {
    slots: number;
    perUpstreamConcurrent?: unknown;
    clock?: unknown;
    logger?: unknown;
  }) {
    this.slots = slots;
  }

  /** Slots that are held. */
  get taken(): number {
    return this.#taken;
  }

  /** Runs that went in without a slot. */
  get forced(): number {
    return this.#forced;
  }

  /** Jobs that wait. */
  get waiting(): number {
    return this.#line.length;
  }

  /** Asks for a slot. `onAdmitted` is called once, perhaps before this returns. */
  enter(_request: AdmissionRequest, onAdmitted: (ticket: Ticket) => void): Ticket {
    const ticket = this.#ticket(onAdmitted);
    this.#handOut();
    return ticket;
  }

  /** Goes in at once, without a slot; `onAdmitted` is called before this returns. */
  enterForced(_request: AdmissionRequest, onAdmitted: (ticket: Ticket) => void): Ticket {
    const ticket = this.#ticket(onAdmitted);
    ticket.force();
    return ticket;
  }

  enterAdopted(_request: AdmissionRequest, onAdmitted: (ticket: Ticket) => void): Ticket {
    const ticket = this.#ticket(onAdmitted);
    this.#line.remove(ticket.place);
    this.#taken++;
    ticket.admit(false);
    return ticket;
  }

  #ticket(onAdmitted: (ticket: Ticket) => void): GateTicket {
    const ticket = new GateTicket(onAdmitted, {
      force: (place) => {
        this.#line.remove(place);
        this.#forced++;
      },
      leaveLine: (place) => {
        this.#line.remove(place);
      },
      leaveRun: (forced) => {
        if (forced) {
          this.#forced--;
        } else {
          this.#taken--;
          this.#handOut();
        }
      },
    });
    ticket.place = this.#line.add(ticket);
    return ticket;
  }

  #handOut(): void {
    while (this.#taken < this.slots) {
      const first = this.#line.shift();
      if (first === undefined) return;
      this.#taken++;
      first.admit(false);
    }
  }
}

/** What a ticket tells its gate. */
interface Gate {
  force(place: LineEntry<GateTicket> | undefined): void;
  leaveLine(place: LineEntry<GateTicket> | undefined): void;
  leaveRun(forced: boolean): void;
}

class GateTicket implements Ticket {
  state: 'waiting' | 'admitted' | 'gone' = 'waiting';
  forced = false;
  readonly waits = { for: 'slot' } as const;
  place: LineEntry<GateTicket> | undefined;
  readonly #onAdmitted: (ticket: Ticket) => void;
  readonly #gate: Gate;

  constructor(onAdmitted: (ticket: Ticket) => void, gate: Gate) {
    this.#onAdmitted = onAdmitted;
    this.#gate = gate;
  }

  admit(forced: boolean): void {
    this.state = 'admitted';
    this.forced = forced;
    this.#onAdmitted(this);
  }

  force(): void {
    if (this.state !== 'waiting') return;
    this.#gate.force(this.place);
    this.admit(true);
  }

  leave(): void {
    const { state } = this;
    this.state = 'gone';
    if (state === 'waiting') this.#gate.leaveLine(this.place);
    else if (state === 'admitted') this.#gate.leaveRun(this.forced);
  }
}
