import { TunasyncError, type TunasyncErrorOptions } from '@tunasync/protocol';

/**
 * Errors of stores.
 *
 * - `STORE_LOCKED`: another process uses the database
 * - `STORE_DAMAGED`: the database or one of its values cannot be read; nothing was changed
 * - `STORE_UNWRITABLE`: the folder cannot be created or written
 * - `STORE_NOT_A_DATABASE`: something else is at that place, for example a database of another kind
 * - `STORE_URL_INVALID`: the URL of a server is invalid
 * - `STORE_UNREACHABLE`: the server does not answer, or refuses the connection
 * - `STORE_READ_FAILED`: a read failed for another reason
 * - `STORE_WRITE_FAILED`: a write was not stored; later ones work again once the cause is gone
 * - `STORE_CLOSED`: used after `close()`
 */
export type StoreErrorCode =
  | 'STORE_LOCKED'
  | 'STORE_DAMAGED'
  | 'STORE_UNWRITABLE'
  | 'STORE_NOT_A_DATABASE'
  | 'STORE_URL_INVALID'
  | 'STORE_UNREACHABLE'
  | 'STORE_READ_FAILED'
  | 'STORE_WRITE_FAILED'
  | 'STORE_CLOSED';

/** Every error of this package; `code` is one of {@link StoreErrorCode}. */
export class StoreError extends TunasyncError {
  declare readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options: TunasyncErrorOptions = {}) {
    super(code, message, options);
  }
}
