import type { ManagerClient } from '@tunasync/client';
import type { LogSearchReply } from '@tunasync/protocol';
import type { CtlContext } from '../context/context.js';
import { CtlError } from '../errors/errors.js';
import { safeLine } from '../text/log-line.js';
import { painted } from '../text/paint.js';
import { printable } from '../text/printable.js';
import type { LogAddress } from './read-tail.js';

type Hit = LogSearchReply['hits'][number];

/** The maximum number of hits of a request. Source: docs/http-api.md. */
const mostHits = 1000;

/**
 * Prints the first N lines of a log that contain a text.
 *
 * @throws CtlError `CTL_NOT_FOUND` when no line matches and the output is text, and the errors of the client
 */
export async function searchLog(
  context: CtlContext,
  manager: ManagerClient,
  { mirror, worker, log }: LogAddress,
  text: string,
  most: number,
): Promise<void> {
  const hits: Hit[] = [];
  let count = 0;
  for (let from = 0; count < most;) {
    const limit = Math.min(most - count, mostHits);
    const found = await manager.searchLog(mirror, log, { worker, q: text, from, limit });
    count += found.hits.length;
    if (context.json()) hits.push(...found.hits);
    else for (const hit of found.hits) context.print(lineOf(hit, context));
    await context.drained();
    if (found.complete || found.end <= from) break;
    from = found.end;
  }
  if (context.json()) {
    context.printJson(hits.map((hit) => ({ log, ...hit })));
  } else if (count === 0) {
    throw new CtlError('CTL_NOT_FOUND', printable(`no line of ${log} has \`${text}\``));
  }
}

function lineOf({ text, match: [begin, end] }: Hit, { terminal }: CtlContext): string {
  if (terminal === undefined) return text;
  if (!terminal.colors) return safeLine(text, false);
  const parts = [text.slice(0, begin), text.slice(begin, end), text.slice(end)].map((part) =>
    safeLine(part, false),
  );
  return parts.map((part, index) => (index === 1 ? painted(part, 'red') : part)).join('');
}
