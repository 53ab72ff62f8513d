import type { ManagerConfig } from '@tunasync/config';
import type { DaemonOptions } from '@tunasync/daemon';
import type { Logger } from '@tunasync/logger';
import { createManager, type Manager } from '@tunasync/manager-core';
import type { CachedStore } from '@tunasync/store';
import { frontendOf, tellFrontend } from './frontend.js';
import { openStore } from './open-store.js';

/**
 * Creates the start, stop and reload functions of a manager daemon. Start opens the database and listens, stop
 * does the reverse, and reload (SIGHUP) checks for new certificates.
 */
export function createManagerDaemon(
  config: ManagerConfig,
  logger: Logger,
): Pick<DaemonOptions, 'start' | 'stop' | 'reload'> {
  let store: CachedStore | undefined;
  let manager: Manager | undefined;
  return {
    start: async () => {
      store = await openStore(config.files, logger);
      const frontend = frontendOf(config.server);
      manager = createManager({ config, store, logger, logRequests: config.debug, ...frontend });
      await manager.start();
      tellFrontend(frontend, manager.url, logger);
    },
    // the configuration itself is read only at the start
    reload: async () => manager?.checkCertificates(),
    stop: async () => {
      await manager?.stop();
      await store?.close();
    },
  };
}
