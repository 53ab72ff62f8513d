import { basename } from 'node:path';
import { shortened } from '@tunasync/protocol';
import { listRunLogs, openLog, type OpenLog } from '@tunasync/run-log';
import { RequestError } from './request-error.js';

/** Removes the mark of a failed attempt from the name of a log. */
export function plainLogName(name: string): string {
  return name.replace(/\.fail$/, '');
}

/**
 * Opens a log of a mirror. Only files in the list of its logs count. A log that was marked as failed after its
 * name was noted is also found by the old name. The caller closes it.
 *
 * @throws RequestError `LOG_UNKNOWN`
 */
export async function findLog(dir: string, mirror: string, name: string): Promise<OpenLog> {
  const found = (await listRunLogs(dir, mirror)).filter(
    ({ file }) => plainLogName(basename(file)) === plainLogName(name),
  );
  const { file } = found.find((log) => basename(log.file) === name) ?? found[0] ?? {};
  const plain = file === undefined ? undefined : plainLogName(file);
  // the attempt may fail between listing the folder and opening the file
  const log =
    file === undefined || plain === undefined
      ? undefined
      : ((await openLog(file)) ?? (await openLog(`${plain}.fail`)));
  if (log === undefined)
    throw new RequestError('LOG_UNKNOWN', `Mirror \`\`${mirror}'' has no log \`\`${shortened(name)}''`);
  return log;
}
