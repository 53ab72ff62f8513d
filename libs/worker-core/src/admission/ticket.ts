import type { BlackoutWindow } from '@tunasync/scheduler';
import type { WaitReason } from '../interfaces/events.js';
import type { Line } from './wait-queue.js';

/** Who asks for a slot, and what holds it back. */
export interface AdmissionRequest {
  readonly mirror: string;
  /** 0 to 100; higher ones go first. */
  readonly priority: number;
  /** As `upstreamHost` tells it; empty: none. */
  readonly upstreamHost: string;
  /** When it must not start; `timezone` is an IANA name. */
  readonly blackout: { readonly windows: readonly BlackoutWindow[]; readonly timezone: string };
  /** Bytes that must be free where `workingDir` is; 0: not looked at. */
  readonly diskQuota: number;
  readonly workingDir: string;
}

/** A job's place at the gate: waiting, then holding a slot (or none, when it was forced), then gone. */
export interface Ticket {
  readonly mirror: string;
  readonly state: 'waiting' | 'admitted' | 'gone';
  /** Whether it went in without a slot. */
  readonly forced: boolean;
  /** Why it waits; undefined when it does not. */
  readonly waits: WaitReason | undefined;
  /** Lets a waiting one in now, without a slot. */
  force(): void;
  /** Leaves the queue, or gives the slot back. Repeated calls change nothing. */
  leave(): void;
}

/** What a ticket tells its gate. */
export interface Gate {
  reason(ticket: GateTicket): WaitReason;
  force(ticket: GateTicket): void;
  leave(ticket: GateTicket): void;
}

/** Where a waiting ticket is kept. A `checking` one holds a slot until it is known whether there is room on the disk. */
export type Place = 'line' | 'blackout' | 'disk' | 'checking' | 'nowhere';

/** A {@link Ticket}, with what only its gate is to know. */
export class GateTicket implements Ticket {
  state: 'waiting' | 'admitted' | 'gone' = 'waiting';
  forced = false;
  place: Place = 'nowhere';
  /** Bytes that were free when it was last looked; undefined: no answer. */
  free: number | undefined;
  /** What was last told of its reason to wait. */
  told: WaitReason | undefined;
  readonly request: AdmissionRequest;
  readonly line: Line<GateTicket>;
  readonly rank: number;
  readonly #gate: Gate;
  readonly #onAdmitted: (ticket: Ticket) => void;

  constructor(
    gate: Gate,
    request: AdmissionRequest,
    at: { line: Line<GateTicket>; rank: number },
    onAdmitted: (ticket: Ticket) => void,
  ) {
    this.#gate = gate;
    this.request = request;
    this.line = at.line;
    this.rank = at.rank;
    this.#onAdmitted = onAdmitted;
  }

  get mirror(): string {
    return this.request.mirror;
  }

  get waits(): WaitReason | undefined {
    return this.state === 'waiting' ? this.#gate.reason(this) : undefined;
  }

  admit(forced: boolean): void {
    this.state = 'admitted';
    this.forced = forced;
    this.#onAdmitted(this);
  }

  force(): void {
    if (this.state === 'waiting') this.#gate.force(this);
  }

  leave(): void {
    if (this.state !== 'gone') this.#gate.leave(this);
  }
}
