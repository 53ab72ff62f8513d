import { TunasyncError } from '@tunasync/protocol';

/** `TLS_FILES_INVALID`: files cannot be used; the message names each with its key, and holds nothing of what is in them. */
export class TlsFilesError extends TunasyncError {
  constructor(problems: readonly string[]) {
    super('TLS_FILES_INVALID', problems.join('; '));
  }
}
