import type { MirrorConfig } from '@tunasync/config';
import { scanLog } from '@tunasync/run-log';

/**
 * The size that a log tells: the first group of the pattern's last match.
 * Empty when there is none, or when the log cannot be read: a sync that went well does not fail for that.
 */
export async function readSize(
  logFile: string,
  pattern: NonNullable<MirrorConfig['sizePattern']>,
): Promise<{ size?: string }> {
  try {
    const { lastGroup } = await scanLog(logFile, pattern);
    return lastGroup ? { size: lastGroup } : {};
  } catch {
    return {};
  }
}
