import type { IncomingMessage } from 'node:http';
import { openEventStream } from '@tunasync/http';
import type { Logger } from '@tunasync/logger';
import { messageOf, type Clock, type logStreamQuerySchema } from '@tunasync/protocol';
import type { z } from 'zod';
import type { JobSnapshot } from '../../interfaces/worker.js';
import type { LogRequest } from './log-request.js';
import { LogStream } from './log-stream.js';
import { LogWatch } from './log-watch.js';
import { RequestError } from './request-error.js';

/** Most streams at a time. */
const mostStreams = 1000;

/** Dependencies of {@link LogStreams}. */
export interface LogStreamsOptions {
  clock: Clock;
  logger: Logger;
  /** Returns a mirror as it is now; undefined when it is no longer configured. */
  find: (mirror: string) => JobSnapshot | undefined;
}

/** The open log streams. */
export class LogStreams {
  readonly #options: LogStreamsOptions;
  readonly #running = new Set<AbortController>();
  /** By folder and mirror; shared by all readers of the mirror. */
  readonly #watches = new Map<string, { watch: LogWatch; readers: number }>();

  constructor(options: LogStreamsOptions) {
    this.#options = options;
  }

  async serve({
    request,
    response,
    job,
    query,
  }: LogRequest<z.output<typeof logStreamQuerySchema>>): Promise<void> {
    if (this.#running.size >= mostStreams) {
      throw new RequestError('SERVER_BUSY', `${mostStreams} logs are followed: try again later`);
    }
    const output = openEventStream(request, response);
    if (output === undefined) return;
    const ending = new AbortController();
    this.#running.add(ending);
    response.once('close', () => {
      ending.abort();
      this.#running.delete(ending);
    });
    const { clock, logger, find } = this.#options;
    const { watch, release } = this.#watch(job);
    const stream = new LogStream({
      dir: job.logDir,
      watch,
      tail: query.tail,
      resume: lastEventId(request) ?? query.from,
      output,
      clock,
      job: () => find(job.name),
    });
    try {
      await stream.run(ending.signal);
    } catch (error) {
      logger.warn(`${job.name}: its log cannot be followed: ${messageOf(error)}`, { mirror: job.name });
      stream.sendEnd('the log cannot be read');
    } finally {
      release();
    }
    output.end();
  }

  #watch({ logDir, name }: JobSnapshot): { watch: LogWatch; release: () => void } {
    const key = `${logDir}\0${name}`;
    const shared = this.#watches.get(key) ?? {
      watch: new LogWatch(logDir, name, this.#options.clock),
      readers: 0,
    };
    shared.readers += 1;
    this.#watches.set(key, shared);
    const release = (): void => {
      shared.readers -= 1;
      if (shared.readers === 0) this.#watches.delete(key);
    };
    return { watch: shared.watch, release };
  }

  /** Ends all streams. */
  end(): void {
    for (const ending of this.#running) ending.abort();
  }
}

/** Browsers send the header as UTF-8, which arrives as one character per byte. Source: HTML, "Server-sent events". */
function lastEventId({ headers }: IncomingMessage): string | undefined {
  const given = headers['last-event-id'];
  return typeof given === 'string' ? Buffer.from(given, 'latin1').toString() : undefined;
}
