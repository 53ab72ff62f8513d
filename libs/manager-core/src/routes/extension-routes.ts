import type { Handlers } from '@tunasync/http';
import { toWireTime, type managerExtensionRoutes } from '@tunasync/protocol';
import { ManagerError } from '../errors/manager-error.js';
import type { EventFeed } from '../feed/event-feed.js';
import type { StatusEncoders } from '../reports/encode-status.js';
import type { RunService } from '../runs/run-service.js';
import type { StatusCache } from '../store/status-cache.js';
import type { HeartbeatRegistry } from '../workers/heartbeat-registry.js';
import type { ProgressBoard } from '../workers/progress-board.js';
import type { WorkerService } from '../workers/worker-service.js';

/** What the handlers answer from. */
export interface ExtensionDeps {
  store: StatusCache;
  workers: WorkerService;
  heartbeats: HeartbeatRegistry;
  progress: ProgressBoard;
  runs: RunService;
  encoders: StatusEncoders;
  feed: EventFeed;
}

/** The handlers of all routes beyond the contract. */
export function extensionHandlers(deps: ExtensionDeps): Handlers<typeof managerExtensionRoutes> {
  const { store, workers, heartbeats, progress, runs, encoders, feed } = deps;
  const ok = { value: {} };
  return {
    heartbeat: ({ params, body }) => {
      workers.get(params.id);
      const before = heartbeats.get(params.id)?.heartbeat;
      heartbeats.set(params.id, body);
      feed.heartbeat(params.id, before, body);
      return ok;
    },
    lastHeartbeat: ({ params }) => {
      workers.get(params.id);
      const known = heartbeats.get(params.id);
      if (known === undefined) {
        throw new ManagerError('HEARTBEAT_NOT_FOUND', `worker '${params.id}' has sent no heartbeat yet`);
      }
      return { value: { ...known.heartbeat, received: toWireTime(known.received) } };
    },
    listProgress: ({ params }) => {
      workers.get(params.id);
      const entries = progress.ofWorker(params.id);
      return { value: { progress: entries.map(({ received: _, ...entry }) => entry) } };
    },
    reportProgress: ({ params, body }) => {
      workers.get(params.id);
      progress.set(params.id, body.progress);
      feed.progressed(
        params.id,
        body.progress.map(({ name }) => name),
      );
      return ok;
    },
    reportRun: async ({ params, body }) => {
      await runs.report(params.id, body);
      return ok;
    },
    listJobsByName: ({ params }) => {
      const statuses = store.statuses().filter(({ name }) => name === params.name);
      if (statuses.length === 0) {
        throw new ManagerError('MIRROR_NOT_FOUND', `no worker has a mirror '${params.name}'`);
      }
      return { json: `[${statuses.map(encoders.status).join(',')}]` };
    },
    jobHistory: async ({ params, query }) => ({
      value: await runs.history(params.name, query.limit, query.worker),
    }),
  };
}
