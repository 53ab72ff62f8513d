import type { Clock, ClockTimer } from '@tunasync/protocol';
import type { ProgressWatch } from '../plugin/interfaces.js';

const interval = 1000;

/**
 * Does something a second after the last time was over, until it is stopped.
 *
 * @param look - gets a function that tells whether it was stopped meanwhile
 */
export function everySecond(clock: Clock, look: (stopped: () => boolean) => Promise<void>): ProgressWatch {
  let over = false;
  let timer: ClockTimer;
  const stopped = (): boolean => over;
  const arm = (): void => {
    timer = clock.after(
      interval,
      () => {
        look(stopped)
          // a command goes on whether or not anybody knows how far it is
          .catch(() => undefined)
          .finally(() => {
            if (!over) arm();
          });
      },
      { unref: true },
    );
  };
  arm();
  return {
    stop() {
      over = true;
      timer.cancel();
    },
  };
}
