import { close, constants, open } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '@tunasync/protocol';
import { hasErrorCode } from '@tunasync/util';

const { O_APPEND, O_CREAT, O_TRUNC, O_WRONLY } = constants;
// plain descriptors: half the work of a FileHandle, and they only go to the child
const openDescriptor = promisify(open);

async function openIn(file: string, flags: number, mode: number, folderMode: number): Promise<number> {
  try {
    return await openDescriptor(file, flags, mode);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
    await mkdir(dirname(file), { recursive: true, mode: folderMode });
    return openDescriptor(file, flags, mode);
  }
}

/** Opens a log for appending; makes its folder when it is missing. */
export function openLog(file: string): Promise<number> {
  return openIn(file, O_WRONLY | O_CREAT | O_APPEND, 0o644, 0o755);
}

/** Opens an empty exit record; makes its folder when it is missing. */
function openExitRecord(file: string): Promise<number> {
  return openIn(file, O_WRONLY | O_CREAT | O_APPEND | O_TRUNC, 0o600, 0o700);
}

/** {@link openExitRecord}; without a record, which is reported, the command can run, but its exit code is lost in a crash. */
export async function openExitRecordOrWarn(
  file: string,
  logger: { warn(message: string): void } | undefined,
): Promise<number | undefined> {
  try {
    return await openExitRecord(file);
  } catch (error) {
    logger?.warn(`a crash may lose the exit code of this command: ${messageOf(error)}`);
    return undefined;
  }
}

/** Closes descriptors that were handed to a child. */
export function release(...descriptors: (number | undefined)[]): void {
  for (const descriptor of descriptors) {
    // nothing was written through ours, so nothing can be lost when closing fails
    if (descriptor !== undefined) close(descriptor, () => undefined);
  }
}
