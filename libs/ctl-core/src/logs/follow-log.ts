import type { LogEvent, LogFollowing, ManagerClient } from '@tunasync/client';
import { messageOf, type LogFile } from '@tunasync/protocol';
import type { CtlContext } from '../context/context.js';
import { humanBytes } from '../text/human-bytes.js';
import { lastShown } from '../text/log-line.js';
import { printable } from '../text/printable.js';
import { linesOf } from './lines-of.js';
import { LogOutput } from './log-output.js';
import { mostLinesAtOnce, readTail } from './read-tail.js';

/** What {@link followLog} follows. */
export interface Followed {
  mirror: string;
  worker: string | undefined;
  /** The newest log; undefined: there is none yet. */
  newest: LogFile | undefined;
  /** Lines that come first. */
  lines: number | 'all';
}

/**
 * Prints what is written to the newest log of a mirror, and to those of the attempts that come after it, until
 * somebody stops it. Which log begins, and what is the matter, is told on standard error.
 *
 * @throws what the client rejects with when there is no use in going on
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

/** Where to follow from. More lines than are given at once are printed before. */
async function begin(
  output: LogOutput,
  manager: ManagerClient,
  { mirror, worker, newest, lines }: Followed,
): Promise<LogFollowing> {
  if (lines !== 'all' && lines <= mostLinesAtOnce) return { tail: lines };
  if (newest === undefined) return { tail: mostLinesAtOnce };
  // the name that the log had before its attempt failed
  const log = newest.name.replace(/\.fail$/, '');
  output.tell(headline({ log, reason: 'start' }));
  const tail = await readTail(manager, { mirror, worker, log: newest.name }, lines);
  let offset = tail.start;
  for await (const line of linesOf(tail, tail.start, true)) {
    // the rest of a line that is not whole comes with the whole line
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
          ? printable(`${event.log} is gone: what came of it after that is left out`)
          : `${humanBytes(event.bytes)} are left out, as they came too fast`,
      );
      break;
    case 'gone':
      output.tell(printable(`${event.log} was deleted; waiting for the next log`));
      break;
  }
}

/** As `tail` writes it. */
function headline({ log, reason }: Pick<Extract<LogEvent, { type: 'log' }>, 'log' | 'reason'>): string {
  const why = reason === 'truncated' || reason === 'replaced' ? ', which was begun anew' : '';
  return printable(`==> ${log}${why} <==`);
}
