import type { Admission, AdmissionRequest, Ticket } from '../admission/admission.js';
import type { WaitReason } from '../interfaces/events.js';

/** A mirror's place at the gate: it waits for a slot, holds one (or none, when it was forced), or is not there. */
export class Slot {
  readonly #admission: Admission;
  readonly #wants: () => AdmissionRequest;
  #ticket: Ticket | undefined;

  /** @param wants - what the mirror asks for a slot with, as it is configured now */
  constructor(admission: Admission, wants: () => AdmissionRequest) {
    this.#admission = admission;
    this.#wants = wants;
  }

  /** Whether its run may go on. */
  get isHeld(): boolean {
    return this.#ticket?.state === 'admitted';
  }

  /** Whether it went in without a slot. */
  get forced(): boolean {
    return this.#ticket?.forced ?? false;
  }

  /** Why it waits; undefined when it does not. */
  get waits(): WaitReason | undefined {
    return this.#ticket?.waits;
  }

  /** Waits for a slot. `onAdmitted` is called once, perhaps before this returns. */
  enter(onAdmitted: () => void): void {
    this.#ticket = this.#admission.enter(this.#wants(), this.#take(onAdmitted));
  }

  /** Goes in at once, without a slot. */
  enterForced(onAdmitted: () => void): void {
    this.#ticket = this.#admission.enterForced(this.#wants(), this.#take(onAdmitted));
  }

  /** Takes a slot for a run that is under way already. */
  adopt(): void {
    this.#ticket = this.#admission.enterAdopted(this.#wants(), () => undefined);
  }

  /** Waits no longer: goes in without a slot. */
  goThrough(): void {
    this.#ticket?.force();
  }

  /** Waits no longer, or gives the slot back. */
  leave(): void {
    this.#ticket?.leave();
  }

  /** Is away while something else is waited for, and comes back as it went in; not when the signal is aborted. */
  async lend(until: Promise<void>, signal: AbortSignal): Promise<void> {
    const { forced } = this;
    this.leave();
    await until;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const giveUp = (): void => {
        this.leave();
        resolve();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      const admitted = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      if (forced) this.enterForced(admitted);
      else this.enter(admitted);
    });
  }

  /** Keeps the ticket before anybody is told: that may be before it is returned. */
  #take(onAdmitted: () => void): (ticket: Ticket) => void {
    return (ticket) => {
      this.#ticket = ticket;
      onAdmitted();
    };
  }
}
