import type { MirrorConfig } from '@tunasync/config';
import { scanLog } from '@tunasync/run-log';
import type { Attempt } from '../plugin/interfaces.js';

/**
 * The size that a log tells: the first group of the pattern's last match.
 * Empty when there is none, when the log cannot be read, or when the run is being stopped: a sync that went well does not fail for that.
 */
export async function readSize(
  { logFile, signal }: Attempt,
  pattern: NonNullable<MirrorConfig['sizePattern']>,
): Promise<{ size?: string }> {
  try {
    const { lastGroup } = await scanLog(logFile, pattern, signal === undefined ? {} : { signal });
    return lastGroup ? { size: lastGroup } : {};
  } catch {
    return {};
  }
}
