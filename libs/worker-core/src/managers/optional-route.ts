import type { Logger } from '@tunasync/logger';
import { messageOf, type Clock } from '@tunasync/protocol';
import { isNotOffered } from './classify-failure.js';
import type { ManagerSession } from './manager-session.js';

/** Time in milliseconds for which a manager that lacks a route is not asked for it again. */
const notOfferedMs = 3_600_000;

/** Parts of an {@link OptionalRoute}. */
export interface OptionalRouteParts {
  address: string;
  session: ManagerSession;
  logger: Logger;
  clock: Clock;
}

/** A route for news of the moment, which older managers lack. A failed post is not repeated: the next one says more. */
export class OptionalRoute {
  readonly #parts: OptionalRouteParts;
  readonly #name: string;
  #notOffered = 0;

  /** @param name - of the posts, for messages */
  constructor(name: string, parts: OptionalRouteParts) {
    this.#name = name;
    this.#parts = parts;
  }

  /** Whether the manager is not known to lack it. */
  get offered(): boolean {
    return this.#parts.clock.now() >= this.#notOffered;
  }

  /** The manager may be another program than before. */
  reset(): void {
    this.#notOffered = 0;
  }

  /** Never rejects. */
  async post(send: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const { address, session, logger, clock } = this.#parts;
    const { kind, error } = await session.request(send, { momentary: true });
    if (kind === 'refused' && isNotOffered(error)) this.#notOffered = clock.now() + notOfferedMs;
    else if (kind !== 'taken' && kind !== 'unknown-worker') {
      logger.debug(`${this.#name} not taken by manager ${address}: ${messageOf(error)}`);
    }
  }
}
