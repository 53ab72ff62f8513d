import { randomUUID } from 'node:crypto';
import type { MirrorConfig, WorkerConfig } from '@tunasync/config';
import { createHooks, HookRunner, type HookPlugin } from '@tunasync/hooks';
import type { Logger } from '@tunasync/logger';
import { messageOf, TunasyncError, type Clock } from '@tunasync/protocol';
import type { Provider, ProviderRegistry } from '@tunasync/providers';
import { upstreamHost } from '../admission/upstream-host.js';
import type { JobPlan } from '../job/job-host.js';
import type { RetryDelay } from '../job/retry-delay.js';
import { Run, type RunHooks } from '../job/run.js';
import { containerOf, type Executors } from './executors.js';

/** What every mirror's runs are made of. */
export interface PlanParts {
  config: WorkerConfig;
  providers: ProviderRegistry;
  hooks: readonly HookPlugin[];
  executors: Executors;
  clock: Clock;
  logger: Logger;
  /** What wins over the mirrors' own. */
  retryDelay: Partial<RetryDelay>;
  random: () => number;
}

/** Makes a mirror ready to be run. What is wrong with it makes its runs fail, and nothing else. */
export function makePlan(mirror: MirrorConfig, parts: PlanParts): JobPlan {
  const logger = parts.logger.child({ mirror: mirror.name });
  const { provider, broken } = makeProvider(mirror, parts);
  const hooks = makeHooks(mirror, parts);
  return {
    mirror,
    admission: {
      mirror: mirror.name,
      priority: mirror.priority,
      upstreamHost: upstreamHost(mirror.upstream),
      blackout: { windows: mirror.blackout, timezone: mirror.timezone },
      diskQuota: mirror.diskQuota,
      // without a quota it plays no part
      workingDir: mirror.diskQuota > 0 ? mirror.workingDir : '',
    },
    begin: (observer, { leftover, interrupted }) =>
      new Run({
        mirror,
        provider,
        // trying again does not mend a configuration
        attempts: broken ? 1 : Math.max(1, mirror.retry),
        hooks,
        executor: parts.executors.for(mirror),
        executorOf: (handle) => parts.executors.of(handle),
        container: containerOf(mirror, parts.config),
        clock: parts.clock,
        logger,
        retryDelay: {
          baseMs: parts.retryDelay.baseMs ?? mirror.retryDelaySeconds * 1000,
          maxMs: parts.retryDelay.maxMs ?? mirror.retryDelayMaxSeconds * 1000,
        },
        random: parts.random,
        newId: randomUUID,
        observer,
        leftover,
        interrupted,
      }),
  };
}

function makeProvider(mirror: MirrorConfig, parts: PlanParts): { provider: Provider; broken: boolean } {
  try {
    return { provider: parts.providers.get(mirror.provider).create(mirror), broken: false };
  } catch (error) {
    return { provider: brokenProvider(mirror, error), broken: true };
  }
}

/** Stands in for a provider that could not be made, so that the mirror fails when it runs, with its hooks. */
function brokenProvider(mirror: MirrorConfig, error: unknown): Provider {
  return {
    name: mirror.provider,
    commands: () => {
      throw error;
    },
    succeeded: () => false,
    inspect: () => Promise.resolve({ ok: false, message: messageOf(error) }),
  };
}

function makeHooks(mirror: MirrorConfig, parts: PlanParts): RunHooks {
  try {
    return new HookRunner(createHooks(parts.hooks, mirror), { clock: parts.clock });
  } catch (error) {
    const failed = new TunasyncError('WORKER_HOOK_UNUSABLE', `error exec hook pre-job: ${messageOf(error)}`, {
      cause: error,
    });
    return { run: (stage) => (stage === 'pre-job' ? Promise.reject(failed) : Promise.resolve()) };
  }
}
