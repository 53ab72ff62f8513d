import type { KvOp } from '@tunasync/store';

/** The key-value store that a worker's state is kept in; `DurableKv` of `@tunasync/store` is one. */
export interface KeyValue {
  /** All entries whose key begins with `prefix`, in the order of their keys. */
  entries(prefix: string): Promise<readonly (readonly [key: string, value: string])[]>;
  /**
   * Applies all changes or none; resolves when they are on stable storage. Calls take effect, and resolve, in their
   * order. A failed write also fails those that wait for it to end.
   */
  write(changes: readonly KvOp[]): Promise<void>;
}
