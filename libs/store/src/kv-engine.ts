/** One change of a key-value database. */
export type KvOp =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** The little that {@link DurableKv} needs of a database that is open. */
export interface KvEngine {
  get(key: string): Promise<string | undefined>;
  /** All entries whose key begins with `prefix`, in key order. */
  entries(prefix: string): Promise<[key: string, value: string][]>;
  /** Applies all operations in order, or none; resolves when they are on stable storage. */
  batch(ops: KvOp[]): Promise<void>;
  close(): Promise<void>;
}
