import { basename } from 'node:path';
import { nameProblem, shortened } from '@tunasync/protocol';
import { listRunLogs } from '@tunasync/run-log';
import { HttpError } from './http-error.js';

/** The name that a log had before its attempt failed. */
export function plainLogName(name: string): string {
  return name.replace(/\.fail$/, '');
}

/**
 * The path of a log of a mirror: only what is in the list of its logs is one. A log that was marked as failed since
 * its name was noted is found by that name too.
 *
 * @throws HttpError `LOG_UNKNOWN`
 */
export async function findLog(dir: string, mirror: string, name: string): Promise<string> {
  const found =
    nameProblem(name) === undefined
      ? (await listRunLogs(dir, mirror)).filter(
          ({ file }) => plainLogName(basename(file)) === plainLogName(name),
        )
      : [];
  const log = found.find(({ file }) => basename(file) === name) ?? found[0];
  if (log === undefined) throw noSuchLog(mirror, name);
  return log.file;
}

/** The error of a log that is not there. */
export function noSuchLog(mirror: string, name: string): HttpError {
  return new HttpError('LOG_UNKNOWN', `Mirror \`\`${mirror}'' has no log \`\`${shortened(name)}''`);
}
