import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkerConfig } from '@tunasync/config';
import {
  dockerExecutor,
  endForgotten,
  hostExecutor,
  leftCgroupExecutor,
  openCgroupExecutor,
  sweepState,
} from '@tunasync/executors';
import { builtInHooks, type BuiltInHooksOptions, type HookPlugin } from '@tunasync/hooks';
import type { Logger } from '@tunasync/logger';
import { messageOf, type Clock } from '@tunasync/protocol';
import { builtInProviders, ProviderRegistry, type ProviderPlugin } from '@tunasync/providers';
import { DurableKv } from '@tunasync/store';
import type { WorkerState } from '../interfaces/worker-state.js';
import { memoryState } from '../state/memory-state.js';
import { openWorkerState } from '../state/open-worker-state.js';
import { executorsOf, onlyExecutor, type Executors } from './executors.js';
import type { WorkerOptions } from './options.js';

/** Where programs are looked for when an embedder says nothing. */
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a worker works with once it has started. */
export interface Resources {
  readonly executors: Executors;
  readonly hooks: readonly HookPlugin[];
  readonly state: WorkerState;
  /** Ends and forgets the commands of earlier processes but for these; never rejects. */
  sweep(ids: ReadonlySet<string>): Promise<void>;
  /** Waits for what is to be kept, and closes what was opened here. */
  close(): Promise<void>;
}

/** The built-in kinds of providers and those of the embedder, which win. */
export function providersOf(own: readonly ProviderPlugin[]): ProviderRegistry {
  const names = new Set(own.map(({ name }) => name));
  return new ProviderRegistry([...builtInProviders().filter(({ name }) => !names.has(name)), ...own]);
}

/**
 * Opens what the options do not give.
 *
 * @throws what opening the state folder or the cgroup fails with: `STORE_LOCKED`, `STORE_UNWRITABLE`, …
 */
export async function openResources(
  options: WorkerOptions,
  logger: Logger,
  clock: Clock,
): Promise<Resources> {
  const env = options.env ?? { PATH: usualPath };
  const { state, closeState } = await openState(options, logger, clock);
  const throwaway =
    options.executor === undefined && options.stateDir === undefined
      ? await mkdtemp(join(tmpdir(), 'tunasync-worker-'))
      : undefined;
  const runs = join(options.stateDir ?? throwaway ?? '', 'runs');
  const close = async (): Promise<void> => {
    await state.settled();
    await closeState();
    if (throwaway !== undefined) await rm(throwaway, { recursive: true, force: true });
  };
  const executors = await openExecutors(options, { stateDir: runs, env, clock, logger }).catch(
    async (error: unknown) => {
      await close();
      throw error;
    },
  );
  return {
    executors,
    hooks: options.hooks ?? builtInHooks(hookOptions(options.config, env, clock)),
    state,
    sweep: async (ids) => {
      try {
        if (options.executor !== undefined) return;
        await endForgotten({ stateDir: runs, known: ids, clock, logger });
        await sweepState(runs, ids);
      } catch (error) {
        logger.warn(`what earlier commands left in ${runs} stays: ${messageOf(error)}`);
      }
    },
    close,
  };
}

/** What all built-in executors are made with. */
interface ExecutorOptions {
  stateDir: string;
  env: Readonly<Record<string, string>>;
  clock: Clock;
  logger: Logger;
}

async function openExecutors(
  { config, executor }: WorkerOptions,
  common: ExecutorOptions,
): Promise<Executors> {
  if (executor !== undefined) return onlyExecutor(executor);
  const { enable, group } = config.cgroup;
  return executorsOf(config, {
    host: hostExecutor(common),
    docker: dockerExecutor(common),
    cgroup: enable ? await openCgroupExecutor({ ...common, group }) : undefined,
    leftCgroup: leftCgroupExecutor(common),
  });
}

function hookOptions(
  { zfs, btrfsSnapshot }: WorkerConfig,
  env: Readonly<Record<string, string>>,
  clock: Clock,
): BuiltInHooksOptions {
  return {
    clock,
    env,
    ...(zfs.enable && { zfs: { zpool: zfs.zpool } }),
    ...(btrfsSnapshot.enable && { btrfs: { snapshotPath: btrfsSnapshot.snapshotPath } }),
  };
}

async function openState(
  { state, stateDir }: WorkerOptions,
  logger: Logger,
  clock: Clock,
): Promise<{ state: WorkerState; closeState: () => Promise<void> }> {
  if (state !== undefined) return { state, closeState: () => Promise.resolve() };
  if (stateDir === undefined) return { state: memoryState(), closeState: () => Promise.resolve() };
  const kv = await DurableKv.open(join(stateDir, 'records'), { logger });
  const kept = await openWorkerState(kv, { logger, clock });
  return {
    state: kept,
    closeState: async () => {
      await kept.close();
      await kv.close();
    },
  };
}
