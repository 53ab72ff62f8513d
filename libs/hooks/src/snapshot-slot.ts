import { renameSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, TunasyncError } from '@tunasync/protocol';
import { hasErrorCode } from '@tunasync/util';
import { checkOnBtrfs, kindOf } from './btrfs-paths.js';
import type { BtrfsTool } from './btrfs-tool.js';
import type { HookContext } from './interfaces.js';

/** The place where the users of a mirror find its snapshot. */
export class SnapshotSlot {
  readonly #path: string;
  readonly #tool: BtrfsTool;

  constructor(path: string, tool: BtrfsTool) {
    this.#path = path;
    this.#tool = tool;
  }

  /** Puts a snapshot back that a crash in the middle of {@link replace} left beside its place. */
  async recover({ logger, mirror }: HookContext): Promise<void> {
    const places = await this.#places();
    if ((await kindOf(places.shown)) !== 'missing') return;
    // the new one is complete as soon as it exists
    for (const left of [places.fresh, places.old]) {
      if ((await kindOf(left)) !== 'subvolume') continue;
      renameSync(left, places.shown);
      logger.notice(`${mirror.name}: put the btrfs snapshot ${places.shown} back after a crash`, {
        mirror: mirror.name,
      });
      return;
    }
  }

  /**
   * Shows a new writable snapshot of `source`. If any step fails, users keep the old one or get the new one; only
   * between two renames, for microseconds, is there none.
   */
  async replace(source: string, context: HookContext): Promise<void> {
    const { logger, mirror, signal } = context;
    await checkOnBtrfs(this.#path);
    await this.recover(context);
    const places = await this.#places();
    const kind = await kindOf(places.shown);
    if (kind !== 'missing' && kind !== 'subvolume') {
      throw new TunasyncError(
        'HOOK_NO_SNAPSHOT',
        `${places.shown} exists and is not a btrfs snapshot: move it away`,
      );
    }
    for (const left of [places.fresh, places.old]) {
      if ((await kindOf(left)) !== 'missing') await this.#tool.remove(left, signal);
    }
    await mkdir(dirname(places.shown), { recursive: true });
    await this.#tool.snapshot(source, places.fresh, signal);
    swap(places, kind === 'subvolume');
    logger.info(`${mirror.name}: made the btrfs snapshot ${places.shown}`, { mirror: mirror.name });
    if (kind === 'missing') return;
    try {
      await this.#tool.remove(places.old, signal);
    } catch (error) {
      // the users have the new one; the next replacement tries again before it makes another
      logger.warn(`${mirror.name}: ${messageOf(error)}`, { mirror: mirror.name });
    }
  }

  async #places(): Promise<Places> {
    const shown = await followed(this.#path);
    const beside = (what: string): string => join(dirname(shown), `.${basename(shown)}.tunasync-${what}`);
    return { shown, fresh: beside('new'), old: beside('old') };
  }
}

/** Where the snapshots are. */
interface Places {
  /** The one that users see. */
  shown: string;
  /** The new one until it is shown. */
  fresh: string;
  /** The one before until it is deleted. */
  old: string;
}

/** The target of a link, so that it stays a link. */
async function followed(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return path;
    throw error;
  }
}

/** Synchronous: nothing else of this process comes between the two renames. */
function swap({ shown, fresh, old }: Places, isShown: boolean): void {
  if (isShown) renameSync(shown, old);
  try {
    renameSync(fresh, shown);
  } catch (error) {
    if (isShown) renameSync(old, shown);
    throw error;
  }
}
