import { errorOf, getJson, reach } from '../../api/http.js';
import { managerUrl, pathOf } from '../../api/manager-root.js';
import type { JobKey, LogSearchReply } from '../../api/types.js';
import { followLog, type FollowLogOptions } from '../follow/follow-log.js';
import type { LogPart } from '../lines/read-span.js';

/** A search. */
export interface SearchQuery {
  readonly text: string;
  readonly regex: boolean;
  readonly matchCase: boolean;
}

/** The logs of a mirror, from the manager. */
export interface LogSource {
  /** Reads bytes between two offsets, or as far as the log goes. */
  read(log: string, from: number, to: number, signal: AbortSignal): Promise<LogPart>;
  /** Finds matching lines from an offset on. @param limit - the most of them */
  search(
    log: string,
    query: SearchQuery,
    from: number,
    limit: number,
    signal: AbortSignal,
  ): Promise<LogSearchReply>;
  /** Follows the newest one. */
  follow(options: Omit<FollowLogOptions, 'url'>): Promise<void>;
}

/** URL of a complete log. */
export function logUrl({ worker, name }: JobKey, log: string): string {
  return managerUrl(pathOf('/jobs/:name/logs/:log', { name, log }), { worker });
}

/** The logs of a mirror at the manager. */
export function managerLogs({ worker, name }: JobKey): LogSource {
  return {
    read: async (log, from, to, signal) => {
      const url = managerUrl(pathOf('/jobs/:name/logs/:log', { name, log }), { worker, from, to });
      const response = await reach(url, { signal, cache: 'no-store' });
      if (response.status === 416) {
        // it became shorter: only its size is known
        const size = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
        if (size !== undefined) return { bytes: new Uint8Array(0), start: from, size: Number(size) };
      }
      if (!response.ok) throw await errorOf(response);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const start = Number(response.headers.get('x-log-start') ?? from);
      return { bytes, start, size: Number(response.headers.get('x-log-size') ?? start + bytes.length) };
    },
    search: (log, { text, regex, matchCase }, from, limit, signal) =>
      getJson(
        pathOf('/jobs/:name/logs/:log/search', { name, log }),
        { worker, q: text, regex: regex ? 1 : undefined, case: matchCase ? 1 : undefined, from, limit },
        signal,
      ),
    follow: (options) =>
      followLog({ ...options, url: managerUrl(pathOf('/jobs/:name/log/stream', { name }), { worker }) }),
  };
}

/** The name of a log without the suffix that it gets when its attempt fails. */
export function plainLogName(name: string): string {
  return name.replace(/\.fail$/, '');
}
