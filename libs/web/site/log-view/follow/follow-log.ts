import { errorOf, reach, type ApiError } from '../../api/http.js';
import { readEventStream } from '../../live/read-event-stream.js';
import { StreamReader, type StreamEvent } from './stream-events.js';

/** The state of the stream. */
export type StreamState = 'connecting' | 'live' | 'lost';

/** Options of {@link followLog}. */
export interface FollowLogOptions {
  /** URL of `GET /jobs/:name/log/stream`. */
  url: string;
  /** Where to start: after the bytes that were read. */
  log: string;
  position: number;
  /** Receives events, at most ten times a second. */
  onEvents: (events: StreamEvent[]) => void;
  onState: (state: StreamState, error?: ApiError) => void;
  signal: AbortSignal;
}

/** Milliseconds before each retry; the last one repeats. */
const delays = [500, 1000, 2000, 5000, 10_000];
/** Milliseconds of silence after which a connection counts as lost. The worker sends something every five seconds. */
const silentMs = 15_000;
/** Milliseconds after which a connection counts as stable. After shorter ones, the next retry waits longer. */
const goodMs = 10_000;
/** Milliseconds for which events are collected, so that thousands of lines a second are drawn ten times a second. */
const gatherMs = 100;

/** Follows the newest log of a mirror. Reconnects at the same place until it is stopped. */
export async function followLog(options: FollowLogOptions): Promise<void> {
  const { log, position, signal, onState } = options;
  const reader = new StreamReader(log, position);
  let tries = 0;
  onState('connecting');
  while (!signal.aborted) {
    let error: ApiError | undefined;
    let openedAt = Infinity;
    try {
      error = await followOnce(options, reader, () => {
        openedAt = Date.now();
        onState('live');
      });
    } catch {
      // lost: retried below
    }
    if (isOver(signal)) return;
    if (Date.now() - openedAt >= goodMs) tries = 0;
    onState('lost', error);
    const delay = delays[Math.min(tries, delays.length - 1)] ?? 0;
    tries += 1;
    await pause(delay, signal);
  }
}

async function followOnce(
  { url, onEvents, signal }: FollowLogOptions,
  reader: StreamReader,
  onOpen: () => void,
): Promise<ApiError | undefined> {
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
  };
  signal.addEventListener('abort', end);
  let silence = setTimeout(end, silentMs);
  let gathered: StreamEvent[] = [];
  let gathering: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    gathering = undefined;
    const events = gathered;
    gathered = [];
    if (events.length > 0 && !isOver(signal)) onEvents(events);
  };
  try {
    const { lastId } = reader;
    const headers = { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) };
    const response = await reach(url, { headers, signal: stop.signal, cache: 'no-store' });
    if (!response.ok || response.body === null) return await errorOf(response);
    onOpen();
    await readEventStream(
      response.body,
      (message) => {
        const event = reader.read(message);
        if (event === undefined) return;
        gathered.push(event);
        gathering ??= setTimeout(tell, gatherMs);
      },
      () => {
        clearTimeout(silence);
        silence = setTimeout(end, silentMs);
      },
    );
    return undefined;
  } finally {
    clearTimeout(silence);
    clearTimeout(gathering);
    signal.removeEventListener('abort', end);
    end();
    // the reader does not request events again that it has seen
    tell();
  }
}

/** A function, so that the compiler does not assume that the signal is unchanged. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
