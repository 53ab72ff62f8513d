import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { messageOf } from '@tunasync/protocol';
import type { CtlContext } from '../../context/context.js';
import { CtlError, UsageError } from '../../errors/errors.js';
import { failure, isUnconfirmed } from '../../errors/failure.js';
import { applyChanges, type Change } from './change.js';
import { checkEnabled } from './check-enabled.js';
import { findFile } from './find-file.js';
import { isThere, readMirrorFolder, type MirrorFile, type MirrorFolder } from './mirror-folder.js';

/** Flags of `mirrors enable` and `mirrors disable`. */
export interface SwitchFlags {
  dir: string;
  workerConfig?: string;
  worker?: string;
  reload: boolean;
}

const defaultWorkerConfig = '/etc/tunasync/worker.conf';

/**
 * Enables or disables mirror files and makes the worker reload. A configuration that would not load is refused
 * before anything is changed. If the worker or the manager refuses, the change is undone. If the worker may have
 * reloaded without a confirmation, the change stays: otherwise the next reload would revert the worker's active
 * configuration.
 */
export async function switchMirrors(
  verb: 'enable' | 'disable',
  names: readonly string[],
  flags: SwitchFlags & { dirIsDefault: boolean },
  context: CtlContext,
): Promise<void> {
  const folder = await readMirrorFolder(flags.dir);
  const isEnabled = ({ enabledAs }: MirrorFile): boolean => enabledAs.length > 0;
  const files = [...new Set(names.map((name) => findFile(folder, name, isEnabled)))];
  const todo = files.filter((file) => isEnabled(file) !== (verb === 'enable'));
  for (const file of files.filter((file) => !todo.includes(file))) {
    context.confirm(`${file.name} is already ${verb}d`);
  }
  if (todo.length === 0) return;
  const changes: Change[] = [];
  for (const file of todo) {
    changes.push(...(verb === 'enable' ? [await linkTo(file, folder, todo)] : await removalOf(file, folder)));
  }

  const workerConfig = await workerConfigOf(flags);
  if (flags.reload && flags.worker === undefined && workerConfig === undefined) {
    throw new UsageError('no worker to reload is known: give --worker, --worker-config or --no-reload');
  }
  const enabled = enabledAfter(folder, changes);
  const note = (line: string): void => {
    context.note(line);
  };
  const checked = async (): Promise<string | undefined> =>
    checkEnabled({
      folder,
      enabled,
      added: verb === 'enable' ? todo.map(({ name }) => name) : [],
      workerConfig,
      note,
    });
  // invalid files can be disabled one by one, as long as no worker has to load the rest
  const named = verb === 'enable' || flags.reload ? await checked() : undefined;

  // report invalid flags and files before anything is changed
  const manager = flags.reload ? await context.manager() : undefined;
  const worker = flags.worker ?? named ?? '';
  const undo = await applyChanges(changes);
  try {
    await manager?.sendCommand({
      cmd: 'reload',
      mirror_id: '',
      worker_id: worker,
      args: null,
      options: null,
    });
  } catch (error) {
    const failed = failure('Failed to correctly send command', error);
    if (!isUnconfirmed(error)) throw await undone(failed, undo);
    printDone(verb, todo, context);
    throw new CtlError('CTL_FAILED', `${failed.message}; the change stays`, failed);
  }
  printDone(verb, todo, context);
  if (manager !== undefined) context.confirm(`reloaded ${worker}`);
}

function printDone(verb: string, files: readonly MirrorFile[], context: CtlContext): void {
  for (const { name, mirrors } of files) {
    context.confirm(`${verb}d ${name}${mirrors.length === 0 ? '' : `: ${mirrors.join(', ')}`}`);
  }
}

/** Returns the message for the user when the worker did not reload. */
async function undone(error: CtlError, undo: () => Promise<void>): Promise<CtlError> {
  const outcome = await undo().then(
    () => 'the change was undone',
    (reason: unknown) => `undoing the change failed: ${messageOf(reason)}`,
  );
  return new CtlError('CTL_FAILED', `${error.message}; ${outcome}`, error);
}

/** Returns the worker's file: the given one, else the usual one beside the usual folder if it exists. */
async function workerConfigOf({
  workerConfig,
  dirIsDefault,
}: Pick<SwitchFlags, 'workerConfig'> & { dirIsDefault: boolean }): Promise<string | undefined> {
  if (workerConfig !== undefined) return workerConfig;
  return dirIsDefault && (await isThere(defaultWorkerConfig)) ? defaultWorkerConfig : undefined;
}

/** Returns the entries of `mirror-enabled` after the changes: names and the files that they point to. */
function enabledAfter(folder: MirrorFolder, changes: readonly Change[]): Map<string, string> {
  const enabled = new Map<string, string>();
  for (const file of folder.files) {
    for (const name of file.enabledAs) enabled.set(name, join(folder.enabled, name));
  }
  for (const change of changes) {
    const name = relative(folder.enabled, change.path);
    if (change.kind === 'link') enabled.set(name, join(folder.available, name));
    else enabled.delete(name);
  }
  return enabled;
}

async function linkTo(
  file: MirrorFile,
  folder: MirrorFolder,
  others: readonly MirrorFile[],
): Promise<Change> {
  for (const mirror of file.mirrors) {
    const other = folder.files.find(
      (one) =>
        one !== file && one.mirrors.includes(mirror) && (one.enabledAs.length > 0 || others.includes(one)),
    );
    if (other === undefined) continue;
    const how = other.enabledAs.length > 0 ? 'is enabled' : 'would be enabled too';
    throw new CtlError(
      'CTL_MIRRORS',
      `${file.name}: the mirror '${mirror}' is also in ${other.name}, which ${how}; a name can be used only once`,
    );
  }
  const path = join(folder.enabled, file.name);
  if (await isThere(path)) {
    throw new CtlError('CTL_MIRRORS', `${path} exists already and points to something else`);
  }
  // the folder is created with the first link; its parent may be a link itself
  const from = await realpath(folder.enabled).catch(async () =>
    join(await realpath(folder.path), basename(folder.enabled)),
  );
  const to = await realpath(folder.available);
  return { kind: 'link', path, target: join(relative(from, to), file.name) };
}

/** Links are removed; regular files are moved to `mirror-available`. */
async function removalOf(file: MirrorFile, folder: MirrorFolder): Promise<Change[]> {
  const changes: Change[] = [];
  for (const name of file.enabledAs) {
    const path = join(folder.enabled, name);
    if ((await lstat(path)).isSymbolicLink()) {
      changes.push({ kind: 'unlink', path });
      continue;
    }
    const to = join(folder.available, name);
    if (await isThere(to)) {
      throw new CtlError(
        'CTL_MIRRORS',
        `${path} is a file, not a link, and ${dirname(to)} has another file of that name: rename one of them`,
      );
    }
    changes.push({ kind: 'move', path, to });
  }
  return changes;
}
