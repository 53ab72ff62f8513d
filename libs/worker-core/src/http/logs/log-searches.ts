import { HttpError, sendJson } from '@tunasync/http';
import type { logSearchQuerySchema } from '@tunasync/protocol';
import { RunLogError, searchLog, type LogSearch } from '@tunasync/run-log';
import type { z } from 'zod';
import { findLog } from './find-log.js';
import type { LogRequest } from './log-request.js';
import { RequestError } from './request-error.js';

/** Most searches at a time: each has a thread. */
const mostSearches = 4;
/** Milliseconds that one request may search; the client continues with another request. */
const budgetMs = 3000;

/** Searches logs, a few at a time. */
export class LogSearches {
  #running = 0;

  async serve({
    response,
    job,
    log,
    query,
  }: LogRequest<z.output<typeof logSearchQuerySchema>>): Promise<void> {
    const { q, regex, case: matchCase, from: start, limit } = query;
    // a client that disconnects from here on ends its search
    const ending = new AbortController();
    response.once('close', () => {
      ending.abort();
    });
    const opened = await findLog(job.logDir, job.name, log);
    let found: LogSearch;
    try {
      if (this.#running >= mostSearches) {
        throw new RequestError('SERVER_BUSY', `${mostSearches} searches are running: try again later`);
      }
      this.#running += 1;
      try {
        const options = { start, limit, budgetMs, signal: ending.signal };
        found = await searchLog(opened, { text: q, regex, matchCase }, options).catch(refuse);
      } finally {
        this.#running -= 1;
      }
    } finally {
      await opened.handle.close();
    }
    const json = JSON.stringify({ ...found, complete: found.end >= found.size });
    sendJson(response, 200, json, { 'cache-control': 'no-store' });
  }
}

/** An error in the expression is the client's to correct. */
function refuse(cause: unknown): never {
  if (
    cause instanceof RunLogError &&
    ['RUN_LOG_PATTERN_INVALID', 'RUN_LOG_PATTERN_SLOW'].includes(cause.code)
  )
    throw new HttpError('QUERY_INVALID', `q: ${cause.message}`, { cause });
  throw cause;
}
