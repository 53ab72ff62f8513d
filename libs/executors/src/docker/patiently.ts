import type { Clock } from '@tunasync/protocol';
import { sleep } from '@tunasync/util';
import { DockerError } from './docker-error.js';

/** Pause before an engine that is away is asked again, in milliseconds. */
const pauseMs = 500;

/** Asks until the engine answers; gives up, with the last error, when it has been away for `ms` milliseconds. */
export async function patiently<T>(ask: () => Promise<T>, clock: Clock, ms: number): Promise<T> {
  const deadline = clock.now() + ms;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const away = error instanceof DockerError && error.code === 'DOCKER_UNAVAILABLE';
      if (!away || clock.now() + pauseMs >= deadline) throw error;
    }
    await sleep(clock, pauseMs);
  }
}
