import type { logSearchQuerySchema } from '@tunasync/protocol';
import { RunLogError, searchLog, searchPattern, type LogSearch } from '@tunasync/run-log';
import type { z } from 'zod';
import { findLog, noSuchLog } from './find-log.js';
import { HttpError } from './http-error.js';
import type { JobRequest } from './job-api.js';
import { openLog } from './open-log.js';
import { sendJson } from './send-json.js';

/** Searches at a time: each has a thread. */
const mostSearches = 4;
/** Milliseconds of searching; what is left is for another request. */
const budgetMs = 3000;

/** Searches logs for whoever asks, a few at a time. */
export class LogSearches {
  #running = 0;

  async serve({
    response,
    job,
    log,
    query,
  }: JobRequest<z.output<typeof logSearchQuerySchema>>): Promise<void> {
    const { q, regex, case: matchCase, from: start, limit } = query;
    const file = await findLog(job.logDir, job.name, log);
    const opened = await openLog(file);
    if (opened === undefined) throw noSuchLog(job.name, log);
    await opened.handle.close();
    const pattern = patternOf(q, { regex, matchCase });
    if (this.#running >= mostSearches) {
      throw new HttpError('SERVER_BUSY', `${mostSearches} searches are under way: try again later`);
    }
    this.#running += 1;
    const given = new AbortController();
    response.once('close', () => {
      given.abort();
    });
    let found: LogSearch;
    try {
      found = await searchLog(file, pattern, { start, limit, budgetMs, signal: given.signal });
    } finally {
      this.#running -= 1;
    }
    sendJson(response, { ...found, complete: found.end >= found.size });
  }
}

function patternOf(...[text, options]: Parameters<typeof searchPattern>): ReturnType<typeof searchPattern> {
  try {
    return searchPattern(text, options);
  } catch (cause) {
    if (!(cause instanceof RunLogError)) throw cause;
    throw new HttpError('QUERY_INVALID', `q: ${cause.message}`, { cause });
  }
}
