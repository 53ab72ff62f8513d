import type { WaitReason } from '../interfaces/events.js';
import type { GateTicket, Ticket } from './ticket.js';
import type { Lines } from './wait-queue.js';

/** Tells, at the end of a turn and all at once, who waits for something else than before. */
export class WaitNews {
  readonly #lines: Lines<GateTicket>;
  readonly #tell: (tickets: readonly Ticket[]) => void;
  /** Tickets that may have another reason to wait; undefined: no end of a turn is waited for. */
  #tickets: Set<GateTicket> | undefined;

  constructor(lines: Lines<GateTicket>, tell: (tickets: readonly Ticket[]) => void) {
    this.#lines = lines;
    this.#tell = tell;
  }

  /** Something has changed for a ticket, and perhaps for all others of its host. */
  add(ticket: GateTicket): void {
    if (this.#tickets === undefined) {
      this.#tickets = new Set();
      queueMicrotask(() => {
        this.#turnEnds();
      });
    }
    if (ticket.state === 'waiting') this.#tickets.add(ticket);
  }

  #turnEnds(): void {
    const tickets = this.#tickets ?? new Set();
    this.#tickets = undefined;
    for (const line of this.#lines.changed()) {
      line.toldFull = line.full;
      for (const [ticket] of line.queue.entries()) tickets.add(ticket);
    }
    const changed = [...tickets].filter((ticket) => {
      const { told, waits } = ticket;
      ticket.told = waits;
      return waits !== undefined && !isSame(waits, told);
    });
    if (changed.length > 0) this.#tell(changed);
  }
}

function isSame(a: WaitReason, b: WaitReason | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
