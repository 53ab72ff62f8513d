import type { ManagerConfig } from '@tunasync/config';
import type { Logger } from '@tunasync/logger';
import { CachedStore, openLevelStore, openRedisStore } from '@tunasync/store';

/** Opens the database that the configuration names. @throws StoreError */
export async function openStore(files: ManagerConfig['files'], logger: Logger): Promise<CachedStore> {
  const { dbType, dbFile } = files;
  const store =
    dbType === 'redis' ? await openRedisStore(dbFile, { logger }) : await openLevelStore(dbFile, { logger });
  try {
    return await CachedStore.open(store, { logger });
  } catch (error) {
    await store.close();
    throw error;
  }
}
