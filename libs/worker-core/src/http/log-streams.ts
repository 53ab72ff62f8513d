import type { Logger } from '@tunasync/logger';
import { messageOf, type Clock, type logStreamQuerySchema } from '@tunasync/protocol';
import type { z } from 'zod';
import { HttpError } from './http-error.js';
import type { JobRequest } from './job-api.js';
import { LogStream } from './log-stream.js';

/** Streams at a time. */
const mostStreams = 200;

/** What {@link LogStreams} needs. */
export interface LogStreamsOptions {
  clock: Clock;
  logger: Logger;
  /** Whether a mirror is still there. */
  isConfigured: (mirror: string) => boolean;
}

/** The log streams that are under way. */
export class LogStreams {
  readonly #options: LogStreamsOptions;
  readonly #running = new Set<AbortController>();

  constructor(options: LogStreamsOptions) {
    this.#options = options;
  }

  async serve({
    request,
    response,
    job,
    query,
  }: JobRequest<z.output<typeof logStreamQuerySchema>>): Promise<void> {
    if (this.#running.size >= mostStreams) {
      throw new HttpError('SERVER_BUSY', `${mostStreams} logs are followed: try again later`);
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.flushHeaders();
    // a stream is quiet for as long as the log is
    request.socket.setTimeout(0);
    const ending = new AbortController();
    this.#running.add(ending);
    response.once('close', () => {
      ending.abort();
      this.#running.delete(ending);
    });
    const { clock, logger, isConfigured } = this.#options;
    const resume = request.headers['last-event-id'];
    const stream = new LogStream({
      dir: job.logDir,
      mirror: job.name,
      tail: query.tail,
      resume: typeof resume === 'string' ? resume : undefined,
      output: response,
      clock,
      isConfigured: () => isConfigured(job.name),
    });
    try {
      await stream.run(ending.signal);
    } catch (error) {
      logger.warn(`${job.name}: its log cannot be followed: ${messageOf(error)}`, { mirror: job.name });
      stream.tellEnd('the log cannot be read');
    }
    response.end();
  }

  /** Ends them all. */
  end(): void {
    for (const ending of this.#running) ending.abort();
  }
}
