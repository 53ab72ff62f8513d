import type { ApiChanges, ApiHello } from '../api/types.js';
import type { LiveMessage } from './live-message.js';
import { readEventStream } from './read-event-stream.js';

/** Options of {@link followEvents}. */
export interface FollowOptions {
  /** URL of `GET /api/events`. */
  url: string;
  tell: (message: LiveMessage) => void;
  /** Stops following. */
  signal: AbortSignal;
}

/** Milliseconds before each retry; the last one repeats. */
const delays = [1000, 2000, 5000, 5000, 10_000];
/**
 * Milliseconds of silence after which a connection counts as lost. The manager sends something every five seconds.
 */
const silentMs = 15_000;

/** A follower of the manager's events. */
export interface Follower {
  /** Reconnects now if the connection is lost. */
  retry(): void;
}

/** Follows the manager's events, and reconnects until it is stopped. */
export function followEvents({ url, tell, signal }: FollowOptions): Follower {
  let wake: () => void = () => undefined;
  let since: number | undefined;
  let tries = 0;
  let lastId: string | undefined;

  const once = async (): Promise<void> => {
    const stop = new AbortController();
    const end = (): void => {
      stop.abort();
    };
    signal.addEventListener('abort', end);
    let timer = setTimeout(end, silentMs);
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(end, silentMs);
    };
    try {
      const headers = { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) };
      const response = await fetch(url, { headers, signal: stop.signal, cache: 'no-store' });
      if (!response.ok || response.body === null) return;
      await readEventStream(
        response.body,
        ({ event, data, id }) => {
          if (id !== undefined) lastId = id;
          if (event === 'hello') {
            tries = 0;
            since = undefined;
            tell({ kind: 'connection', connection: { state: 'live' } });
          }
          for (const message of messagesOf(event, data)) tell(message);
        },
        alive,
      );
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  };

  const run = async (): Promise<void> => {
    tell({ kind: 'connection', connection: { state: 'connecting' } });
    while (!signal.aborted) {
      await once().catch(() => undefined);
      if (isOver(signal)) return;
      since ??= Date.now();
      const delay = delays[Math.min(tries, delays.length - 1)] ?? 0;
      tries += 1;
      tell({ kind: 'connection', connection: { state: 'lost', since, retryAt: Date.now() + delay } });
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, delay);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  void run();
  return {
    retry: () => {
      wake();
    },
  };
}

/** A function, so that the compiler does not assume that the signal is unchanged. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

function messagesOf(event: string | undefined, data: string): LiveMessage[] {
  switch (event) {
    case 'hello': {
      const hello = JSON.parse(data) as ApiHello;
      return hello.resumed ? [{ kind: 'hello', hello }] : [{ kind: 'hello', hello }, { kind: 'missed' }];
    }
    case 'changes':
      return [{ kind: 'changes', changes: JSON.parse(data) as ApiChanges }];
    case 'reset':
    case 'lag':
      return [{ kind: 'missed' }];
    default:
      return [];
  }
}
