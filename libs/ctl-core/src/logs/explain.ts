import type { ManagerClient, NotOfferedError } from '@tunasync/client';
import { TunasyncError } from '@tunasync/protocol';
import { CtlError } from '../errors/errors.js';
import { failure, isRefusal } from '../errors/failure.js';
import { findMirror } from '../mirror/find-mirror.js';
import { printable } from '../text/printable.js';

/** Explains the error of a request for logs: lists the workers to choose from, or suggests a similar mirror. */
export async function explainLogError(
  manager: ManagerClient,
  mirror: string,
  worker: string | undefined,
  error: unknown,
): Promise<unknown> {
  if (isNotOffered(error)) {
    const who =
      error.party === 'manager'
        ? 'this manager offers no logs: it is too old, or logs are disabled'
        : error.message.replace(/^.*? is not offered: /, '');
    return new CtlError('CTL_NOT_OFFERED', printable(`no logs of ${mirror}: ${who}`), error);
  }
  if (!isRefusal(error)) return failure(`Failed to read the logs of ${mirror}`, error);
  if (error.httpStatus === 400 || error.httpStatus === 404) {
    // throws when the mirror is unknown
    const owners = (await findMirror(manager, mirror)).map((job) => job.worker);
    if (worker === undefined && owners.length > 1) {
      const text = `${mirror} is on ${owners.sort().join(', ')}: choose one with -w`;
      return new CtlError('CTL_AMBIGUOUS', printable(text), error);
    }
    if (worker !== undefined && !owners.includes(worker)) {
      const text = `no mirror \`${mirror}\` on ${worker}; it is on ${owners.sort().join(', ')}`;
      return new CtlError('CTL_UNKNOWN_MIRROR', printable(text), error);
    }
  }
  const why = error.serverMessage ?? error.message;
  return new CtlError('CTL_FAILED', printable(`no logs of ${mirror}: ${why}`), error);
}

function isNotOffered(error: unknown): error is NotOfferedError {
  return error instanceof TunasyncError && error.code === 'CLIENT_NOT_OFFERED';
}
