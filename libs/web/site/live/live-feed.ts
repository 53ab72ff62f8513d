import { managerUrl } from '../api/manager-root.js';
import { followEvents } from './follow-events.js';
import type { Connection, LiveMessage, LiveRequest } from './live-message.js';

/** Events of the manager, for all parts of a page. */
export class LiveFeed {
  connection: Connection = { state: 'connecting' };
  readonly #listeners = new Set<(message: LiveMessage) => void>();
  #ask: (request: LiveRequest) => void = () => undefined;

  /**
   * Connects: with one stream for all tabs where browsers support it, else with one of its own.
   *
   * @returns a function that disconnects
   */
  open(): () => void {
    const url = managerUrl('/api/events');
    const stop = new AbortController();
    if (typeof SharedWorker === 'undefined') {
      const follower = followEvents({ url, signal: stop.signal, tell: this.#tell });
      this.#ask = ({ kind }) => {
        if (kind === 'retry') follower.retry();
      };
      return () => {
        stop.abort();
      };
    }
    const connect = (): void => {
      const worker = new SharedWorker(new URL('./events-worker.ts', import.meta.url), {
        type: 'module',
        name: url,
      });
      worker.port.onmessage = ({ data }: MessageEvent<LiveMessage>) => {
        this.#tell(data);
      };
      this.#ask = (request) => {
        worker.port.postMessage(request);
      };
    };
    const leave = (): void => {
      this.#ask({ kind: 'bye' });
    };
    const comeBack = ({ persisted }: PageTransitionEvent): void => {
      if (!persisted) return;
      connect();
      this.#tell({ kind: 'missed' });
    };
    connect();
    addEventListener('pagehide', leave, stop);
    addEventListener('pageshow', comeBack, stop);
    return () => {
      leave();
      stop.abort();
    };
  }

  /** Reconnects now. */
  retry(): void {
    this.#ask({ kind: 'retry' });
  }

  /** @returns a function that unsubscribes */
  subscribe = (listener: (message: LiveMessage) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  #tell = (message: LiveMessage): void => {
    if (message.kind === 'connection') this.connection = message.connection;
    for (const listener of this.#listeners) listener(message);
  };
}
