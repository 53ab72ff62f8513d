import type { MirrorConfig } from '@tunasync/config';
import type { Clock } from '@tunasync/protocol';
import { btrfsSnapshotHook, type BtrfsSnapshotHookOptions } from './btrfs-snapshot-hook.js';
import { execHooks, type ExecHooksOptions } from './exec-hooks.js';
import type { Hook, HookPlugin } from './interfaces.js';
import { logLimiter, type LogLimiterOptions } from './log-limiter.js';
import { zfsHook, type ZfsHookOptions } from './zfs-hook.js';

/** Options of {@link builtInHooks}. */
export interface BuiltInHooksOptions extends LogLimiterOptions, ExecHooksOptions {
  /** The worker's own environment. */
  env: Readonly<Record<string, string | undefined>>;
  /** @defaultValue the machine's */
  clock?: Clock;
  /** Mirrors are ZFS datasets (`zfs.enable`). @defaultValue they need not be */
  zfs?: ZfsHookOptions;
  /** Mirrors are btrfs subvolumes with a snapshot each (`btrfs_snapshot.enable`). @defaultValue they are not */
  btrfs?: Omit<BtrfsSnapshotHookOptions, 'env' | 'clock'>;
}

/**
 * The kinds of hooks that every worker has, in their order: the log limiter first, so that the others have a log
 * file and it is renamed after all of them; the file system's, when there are any; the exec hooks last, so that they
 * are the first after an attempt.
 */
export function builtInHooks(options: BuiltInHooksOptions): HookPlugin[] {
  const { env, clock, zfs, btrfs } = options;
  const common = { env, ...(clock !== undefined && { clock }) };
  return [
    logLimiter(options),
    ...(zfs === undefined ? [] : [zfsHook(zfs)]),
    ...(btrfs === undefined ? [] : [btrfsSnapshotHook({ ...common, ...btrfs })]),
    execHooks(options),
  ];
}

/**
 * The hooks that a mirror's configuration asks for, in the order of the plug-ins; for a {@link HookRunner}.
 *
 * @throws a `TunasyncError` that says what a plug-in finds wrong with the mirror's configuration
 */
export function createHooks(plugins: readonly HookPlugin[], mirror: MirrorConfig): Hook[] {
  return plugins.flatMap((plugin) => plugin.create(mirror) ?? []);
}
