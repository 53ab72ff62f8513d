import type { Heartbeat, RunRecord } from '@tunasync/protocol';
import type { Emitter } from '@tunasync/util';

/** Events of the services that the store does not show. */
export interface ServiceEventMap {
  /** A worker sent a heartbeat. `before` is the one before it, if any since the manager started. */
  heartbeat: { worker: string; before: Heartbeat | undefined; now: Heartbeat };
  /** A worker reported the progress of these mirrors. */
  progress: { worker: string; names: readonly string[] };
  /** A worker was removed; that is on stable storage. */
  workerRemoved: { id: string };
  /** A finished run was stored that was not known before; that is on stable storage. */
  runAdded: RunRecord;
}

/** The services emit, the read models listen. */
export type ServiceEvents = Emitter<ServiceEventMap>;
