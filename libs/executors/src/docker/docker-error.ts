import { TunasyncError } from '@tunasync/protocol';

/** Codes of {@link DockerError}. */
export type DockerErrorCode =
  /** The engine is away or does not answer in time, or there is no client to ask it with. */
  | 'DOCKER_UNAVAILABLE'
  /** The engine answered and would not do it. */
  | 'DOCKER_REFUSED';

/** The Docker engine could not be asked, or refused. */
export class DockerError extends TunasyncError {
  declare readonly code: DockerErrorCode;

  constructor(code: DockerErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(code, message, options);
  }
}
