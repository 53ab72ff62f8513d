import type { ManagerClient } from '@tunasync/client';
import type { CtlContext } from '../context/context.js';
import { linesOf } from './lines-of.js';
import { LogOutput } from './log-output.js';
import { readTail, type LogAddress } from './read-tail.js';

/** Prints the last lines of a log. Into a pipe or file, the bytes are unchanged. */
export async function showLog(
  context: CtlContext,
  manager: ManagerClient,
  at: LogAddress,
  lines: number | 'all',
): Promise<void> {
  const tail = await readTail(manager, at, lines);
  if (context.terminal === undefined && !context.json()) {
    for await (const bytes of tail) {
      context.write(bytes);
      await context.drained();
    }
    return;
  }
  const output = new LogOutput(context);
  const all = linesOf(tail, tail.start, !context.json());
  for await (const { text, offset } of all) await output.line(text, at.log, offset);
}
