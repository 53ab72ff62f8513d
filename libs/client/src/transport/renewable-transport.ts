import type {
  Transport,
  TransportFactory,
  TransportOptions,
  TransportReply,
  TransportRequest,
  TransportStream,
} from './transport.js';

/** A transport with replaceable certificates. Running requests keep theirs; new requests use the new ones. */
export class RenewableTransport implements Transport {
  readonly #factory: TransportFactory;
  #newest: { transport: Transport; inFlight: number };

  constructor(factory: TransportFactory, options: TransportOptions) {
    this.#factory = factory;
    this.#newest = { transport: factory(options), inFlight: 0 };
  }

  async request(request: TransportRequest): Promise<TransportReply> {
    const { transport, release } = this.#take();
    try {
      return await transport.request(request);
    } finally {
      release();
    }
  }

  async open(request: TransportRequest): Promise<TransportStream> {
    const { transport, release } = this.#take();
    // a body that is not read to its end is released by the signal
    request.signal.addEventListener('abort', release, { once: true });
    try {
      const stream = await transport.open(request);
      return { ...stream, body: releasing(stream.body, release) };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Makes new connections from now on. The old ones are closed when their last request has ended. */
  renew(options: TransportOptions): void {
    const old = this.#newest;
    this.#newest = { transport: this.#factory(options), inFlight: 0 };
    if (old.inFlight === 0) old.transport.close();
  }

  close(): void {
    this.#newest.transport.close();
  }

  /**
   * Returns the newest transport, and a function to call when the request is over. Further calls of it do nothing.
   */
  #take(): { transport: Transport; release: () => void } {
    const mine = this.#newest;
    mine.inFlight += 1;
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      mine.inFlight -= 1;
      if (mine !== this.#newest && mine.inFlight === 0) mine.transport.close();
    };
    return { transport: mine.transport, release };
  }
}

async function* releasing(body: AsyncIterable<Uint8Array>, release: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    release();
  }
}
