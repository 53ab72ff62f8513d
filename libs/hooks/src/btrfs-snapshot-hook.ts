import { mkdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { systemClock, TunasyncError, type Clock } from '@tunasync/protocol';
import { checkOnBtrfs, kindOf } from './btrfs-paths.js';
import { BtrfsTool, type ProgramRunner } from './btrfs-tool.js';
import type { HookContext, HookPlugin } from './interfaces.js';
import { SnapshotSlot } from './snapshot-slot.js';

/** Options of {@link btrfsSnapshotHook}. */
export interface BtrfsSnapshotHookOptions {
  /** `btrfs_snapshot.snapshot_path`: folder of the snapshots; a mirror may have its own place. */
  snapshotPath: string;
  /** The worker's own environment, whose `PATH` finds `btrfs`. */
  env: Readonly<Record<string, string | undefined>>;
  /** @defaultValue the machine's */
  clock?: Clock;
  /** Runs `btrfs`. @defaultValue a child process */
  run?: ProgramRunner;
}

/**
 * Keeps a mirror in a btrfs subvolume and, after each good sync, shows its users a new writable snapshot of it at
 * `<snapshotPath>/<name>` (or the mirror's own `snapshot_path`). While the new one is made, the old one stays.
 */
export function btrfsSnapshotHook(options: BtrfsSnapshotHookOptions): HookPlugin {
  const { snapshotPath, env, clock = systemClock, run } = options;
  const tool = new BtrfsTool({ env, clock, ...(run !== undefined && { run }) });
  return {
    name: 'btrfs-snapshot',
    create(mirror) {
      const { name, workingDir } = mirror;
      if (mirror.snapshotPath === '' && snapshotPath === '') {
        throw new TunasyncError(
          'HOOK_CONFIG_INVALID',
          `btrfs_snapshot.snapshot_path: expected the folder of the snapshots, as mirrors[${name}] has no snapshot_path`,
        );
      }
      const target = mirror.snapshotPath === '' ? join(snapshotPath, name) : mirror.snapshotPath;
      if (isWithin(target, workingDir)) {
        throw new TunasyncError(
          'HOOK_CONFIG_INVALID',
          `mirrors[${name}]: the snapshot ${target} must not be inside the working folder ${workingDir}: a sync would delete it`,
        );
      }
      const slot = new SnapshotSlot(target, tool);
      return {
        name: 'btrfs-snapshot',
        async preJob(context) {
          await ensureSubvolume(workingDir, tool, context);
          await slot.recover(context);
        },
        postSuccess: (context) => slot.replace(workingDir, context),
      };
    },
  };
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith('../'));
}

/** Makes the working folder as a subvolume when it is missing; anything else than a subvolume is an error. */
async function ensureSubvolume(
  path: string,
  tool: BtrfsTool,
  { logger, mirror, signal }: HookContext,
): Promise<void> {
  await checkOnBtrfs(path);
  const kind = await kindOf(path);
  if (kind === 'subvolume') return;
  if (kind !== 'missing') {
    throw new TunasyncError(
      'HOOK_NO_SUBVOLUME',
      `${path} exists and is not a btrfs subvolume: move it away, and its content into the new subvolume`,
    );
  }
  await mkdir(dirname(path), { recursive: true });
  await tool.create(path, signal);
  logger.notice(`${mirror.name}: created the btrfs subvolume ${path}`, { mirror: mirror.name });
}
