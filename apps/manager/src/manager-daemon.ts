import type { ManagerConfig } from '@tunasync/config';
import type { DaemonOptions } from '@tunasync/daemon';
import type { Logger } from '@tunasync/logger';
import { createManager, type Manager } from '@tunasync/manager-core';
import type { CachedStore } from '@tunasync/store';
import { openStore } from './open-store.js';

/** What a daemon does that is a manager: opens its database and listens; the reverse to stop. */
export function createManagerDaemon(
  config: ManagerConfig,
  logger: Logger,
): Pick<DaemonOptions, 'start' | 'stop'> {
  let store: CachedStore | undefined;
  let manager: Manager | undefined;
  return {
    start: async () => {
      store = await openStore(config.files, logger);
      manager = createManager({ config, store, logger, logRequests: config.debug });
      await manager.start();
    },
    stop: async () => {
      await manager?.stop();
      await store?.close();
    },
  };
}
