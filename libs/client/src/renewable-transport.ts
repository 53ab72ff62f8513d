import type {
  Transport,
  TransportFactory,
  TransportOptions,
  TransportReply,
  TransportRequest,
} from './transport.js';

/** A transport whose certificates can be replaced: requests under way end as they began, new ones use the new ones. */
export class RenewableTransport implements Transport {
  readonly #factory: TransportFactory;
  #newest: { transport: Transport; inFlight: number };

  constructor(factory: TransportFactory, options: TransportOptions) {
    this.#factory = factory;
    this.#newest = { transport: factory(options), inFlight: 0 };
  }

  async request(request: TransportRequest): Promise<TransportReply> {
    const mine = this.#newest;
    mine.inFlight += 1;
    try {
      return await mine.transport.request(request);
    } finally {
      mine.inFlight -= 1;
      if (mine !== this.#newest && mine.inFlight === 0) mine.transport.close();
    }
  }

  /** Makes new connections from now on; the old ones are closed when nothing is under way on them. */
  renew(options: TransportOptions): void {
    const old = this.#newest;
    this.#newest = { transport: this.#factory(options), inFlight: 0 };
    if (old.inFlight === 0) old.transport.close();
  }

  close(): void {
    this.#newest.transport.close();
  }
}
