import { join } from 'node:path';
import type { Logger } from '@tunasync/logger';
import { messageOf, TunasyncError } from '@tunasync/protocol';
import { DurableKv, StoreError } from '@tunasync/store';

/** Opens the database in a worker's state folder. @throws TunasyncError `STATE_UNUSABLE` that names the folder */
export async function openState(folder: string, logger: Logger): Promise<DurableKv> {
  try {
    return await DurableKv.open(join(folder, 'records'), { logger });
  } catch (error) {
    const locked = error instanceof StoreError && error.code === 'STORE_LOCKED';
    const why = locked ? 'another worker is using it' : messageOf(error);
    throw new TunasyncError(
      'STATE_UNUSABLE',
      `the state folder ${folder} cannot be used: ${why} (global.state_dir names another one)`,
      { cause: error },
    );
  }
}
