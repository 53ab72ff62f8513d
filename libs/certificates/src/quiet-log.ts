import type { Logger } from '@tunasync/logger';
import type { Clock } from '@tunasync/protocol';

/** The same is not said again for so many milliseconds. */
const quietMs = 600_000;
/** So many different lines are remembered: addresses are at the choice of whoever connects. */
const mostRemembered = 1_000;

/** Logs what strangers cause: each line as a warning once in ten minutes, otherwise at level DEBUG. */
export function quietLog(
  logger: Pick<Logger, 'warn' | 'debug'>,
  clock: Pick<Clock, 'now'>,
): (line: string) => void {
  const said = new Map<string, number>();
  return (line) => {
    const now = clock.now();
    const last = said.get(line);
    if (last !== undefined && now >= last && now - last < quietMs) {
      logger.debug(line);
      return;
    }
    if (said.size >= mostRemembered) said.clear();
    said.set(line, now);
    logger.warn(line);
  };
}
