import { link, mkdir, readlink, symlink, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '@tunasync/protocol';
import { CtlError } from '../../errors/errors.js';

/** A change in a folder of mirror files. */
export type Change =
  /** Creates a symbolic link at `path` with this target. */
  | { kind: 'link'; path: string; target: string }
  /** Removes the link at `path`. */
  | { kind: 'unlink'; path: string }
  /** Moves the file at `path`. */
  | { kind: 'move'; path: string; to: string };

/**
 * Applies the changes, all or none.
 *
 * @returns a function that undoes them
 * @throws CtlError `CTL_MIRRORS` that names the first change that failed
 */
export async function applyChanges(changes: readonly Change[]): Promise<() => Promise<void>> {
  const undos: (() => Promise<void>)[] = [];
  const undo = async (): Promise<void> => {
    for (let last = undos.pop(); last !== undefined; last = undos.pop()) await last();
  };
  for (const change of changes) {
    try {
      undos.push(await applyChange(change));
    } catch (error) {
      await undo();
      throw new CtlError('CTL_MIRRORS', `nothing was changed: ${messageOf(error)}`, error);
    }
  }
  return undo;
}

async function applyChange(change: Change): Promise<() => Promise<void>> {
  const { path } = change;
  switch (change.kind) {
    case 'link':
      await mkdir(dirname(path), { recursive: true });
      await symlink(change.target, path);
      return () => unlink(path);
    case 'unlink': {
      const target = await readlink(path);
      await unlink(path);
      return () => symlink(target, path);
    }
    case 'move':
      await mkdir(dirname(change.to), { recursive: true });
      await moveFile(path, change.to);
      return () => moveFile(change.to, path);
  }
}

/** Moves a file. Unlike a rename, this replaces nothing, and the file has a name at every moment. */
async function moveFile(from: string, to: string): Promise<void> {
  await link(from, to);
  await unlink(from);
}
