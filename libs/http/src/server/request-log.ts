import type { RequestListener } from 'node:http';
import type { Logger } from '@tunasync/logger';

/** Logs each request when its answer is complete or given up: `GET /jobs 200 1.3 ms`. */
export function requestLog(logger: Pick<Logger, 'debug'>): RequestListener {
  return (request, response) => {
    const begin = performance.now();
    // Express takes a mount path off the URL while it works
    const { method = '', url = '' } = request;
    response.once('close', () => {
      const result = response.writableFinished ? response.statusCode : 'given up';
      logger.debug(`${method} ${url} ${result} ${(performance.now() - begin).toFixed(1)} ms`);
    });
  };
}
