import { basename } from 'node:path';
import { shortened } from '@tunasync/protocol';
import { listRunLogs, openLog, type OpenLog } from '@tunasync/run-log';
import { RequestError } from './request-error.js';

/** The name that a log had before its attempt failed. */
export function plainLogName(name: string): string {
  return name.replace(/\.fail$/, '');
}

/**
 * Opens a log of a mirror: only what is in the list of its logs is one. A log that was marked as failed since its name
 * was noted is found by that name too. Whoever asked closes it.
 *
 * @throws RequestError `LOG_UNKNOWN`
 */
export async function findLog(dir: string, mirror: string, name: string): Promise<OpenLog> {
  const found = (await listRunLogs(dir, mirror)).filter(
    ({ file }) => plainLogName(basename(file)) === plainLogName(name),
  );
  const { file } = found.find((log) => basename(log.file) === name) ?? found[0] ?? {};
  const plain = file === undefined ? undefined : plainLogName(file);
  // its attempt may fail between the look at the folder and this
  const log =
    file === undefined || plain === undefined
      ? undefined
      : ((await openLog(file)) ?? (await openLog(`${plain}.fail`)));
  if (log === undefined)
    throw new RequestError('LOG_UNKNOWN', `Mirror \`\`${mirror}'' has no log \`\`${shortened(name)}''`);
  return log;
}
