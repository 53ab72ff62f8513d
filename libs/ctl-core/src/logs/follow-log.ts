import type { LogEvent, LogFollowing, ManagerClient } from '@tunasync/client';
import { messageOf, type LogFile } from '@tunasync/protocol';
import type { CtlContext } from '../context/context.js';
import { humanBytes } from '../text/human-bytes.js';
import { lastShown } from '../text/log-line.js';
import { printable } from '../text/printable.js';
import { linesOf } from './lines-of.js';
import { LogOutput } from './log-output.js';
import { mostLinesAtOnce, readTail } from './read-tail.js';

/** The log that {@link followLog} follows. */
export interface Followed {
  mirror: string;
  worker: string | undefined;
  /** The newest log; undefined when there is no log yet. */
  newest: LogFile | undefined;
  /** Number of existing lines to print first. */
  lines: number | 'all';
}

/**
 * Prints the newest log of a mirror while it is written, and then the logs of later attempts, until the user stops
 * it. Headlines and problems are printed on standard error.
 *
 * @throws the errors of the client when a retry cannot succeed
 */
export async function followLog(context: CtlContext, manager: ManagerClient, what: Followed): Promise<void> {
  const output = new LogOutput(context);
  const { mirror, worker, newest, lines } = what;
  if (newest === undefined) output.tell(printable(`${mirror} has no log yet; waiting for the first one`));
  const following = await begin(output, manager, { ...what, lines: newest === undefined ? 'all' : lines });
  const events = manager.followLog(mirror, {
    worker,
    signal: context.signal,
    clock: context.clock,
    onLost: (error) => {
      output.lost(messageOf(error));
    },
    ...following,
  });
  let current = following.after?.log;
  for await (const event of events) {
    if (event.type === 'end') {
      output.lost(event.reason);
      continue;
    }
    output.restored();
    if (event.type === 'log') {
      const isNews = event.log !== current || ['truncated', 'replaced'].includes(event.reason);
      if (isNews) output.tell(headline(event));
      current = event.log;
    } else await write(output, event);
  }
}

/** Determines where to follow from. Prints the existing lines that exceed the limit of the stream. */
async function begin(
  output: LogOutput,
  manager: ManagerClient,
  { mirror, worker, newest, lines }: Followed,
): Promise<LogFollowing> {
  if (lines !== 'all' && lines <= mostLinesAtOnce) return { tail: lines };
  if (newest === undefined) return { tail: mostLinesAtOnce };
  // the name of the log before its attempt failed
  const log = newest.name.replace(/\.fail$/, '');
  output.tell(headline({ log, reason: 'start' }));
  const tail = await readTail(manager, { mirror, worker, log: newest.name }, lines);
  let offset = tail.start;
  for await (const line of linesOf(tail, tail.start, true)) {
    // the stream sends an incomplete line again when it is complete
    if (!line.isWhole && !line.isPiece) break;
    await output.line(lastShown(line.text), log, line.offset);
    ({ offset } = line);
  }
  return { after: { log, offset } };
}

async function write(output: LogOutput, event: Exclude<LogEvent, { type: 'log' | 'end' }>): Promise<void> {
  switch (event.type) {
    case 'line':
      await output.line(event.text, event.log, event.offset);
      break;
    case 'update':
      output.update(event.text);
      break;
    case 'lag':
      output.tell(
        event.bytes === undefined
          ? printable(`${event.log} no longer exists: the rest of it was skipped`)
          : `${humanBytes(event.bytes)} were skipped because they came too fast`,
      );
      break;
    case 'gone':
      output.tell(printable(`${event.log} was deleted; waiting for the next log`));
      break;
  }
}

/** Returns a headline in the form of `tail`. */
function headline({ log, reason }: Pick<Extract<LogEvent, { type: 'log' }>, 'log' | 'reason'>): string {
  const why = reason === 'truncated' || reason === 'replaced' ? ', started again' : '';
  return printable(`==> ${log}${why} <==`);
}
