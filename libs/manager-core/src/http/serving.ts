import { csrfGuard, type ServeOptions } from '@tunasync/http';
import type { Logger } from '@tunasync/logger';
import { nameProblem } from '@tunasync/protocol';
import { ManagerError } from '../errors/manager-error.js';

/** Options of {@link serving}. */
export interface ServingOptions {
  logger: Logger;
  /** Largest body of a request in bytes, for routes that set no larger limit. */
  maxBodyBytes: number;
  /** Where browsers see the manager. @defaultValue by the request */
  publicUrl: string | undefined;
}

/** The rules that every request of the manager is served by, through Express and without it. */
export function serving({ logger, maxBodyBytes, publicUrl }: ServingOptions): ServeOptions {
  return {
    logger,
    maxBodyBytes,
    guard: csrfGuard(publicUrl),
    checkParams: checkName,
    // a ManagerError answers its request, also where the original answers 500
    isExpected: (error) => error instanceof ManagerError,
  };
}

/** A report is for the mirror that its body names, but a path must not hold anything that is not a name. */
function checkName({ job, name = job }: Readonly<Record<string, string>>): void {
  const problem = name === undefined ? undefined : nameProblem(name);
  if (problem !== undefined) throw new ManagerError('NAME_INVALID', `mirror name ${problem}`);
}
