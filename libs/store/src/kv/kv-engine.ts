/** One change of a key-value database. */
export type KvOp =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** One change in a write: of a key, or the end of all keys that begin with a prefix. */
export type KvChange = KvOp | { readonly type: 'del-prefix'; readonly prefix: string };

/** Which of the keys that begin with a prefix are wanted. */
export interface KvSlice {
  /** Only keys after this one. @defaultValue all */
  readonly after?: string | undefined;
  /** From the last to the first. @defaultValue false */
  readonly reverse?: boolean | undefined;
  /** The most keys. @defaultValue all */
  readonly limit?: number | undefined;
}

/** The little that {@link DurableKv} needs of a database that is open. */
export interface KvEngine {
  get(key: string): Promise<string | undefined>;
  /** Entries whose key begins with `prefix`, in key order; costs no more than those that are wanted. */
  entries(prefix: string, slice?: KvSlice): Promise<[key: string, value: string][]>;
  /** The keys alone. */
  keys(prefix: string, slice?: KvSlice): Promise<string[]>;
  /** Applies all operations in order, or none; resolves when they are on stable storage. */
  batch(ops: KvOp[]): Promise<void>;
  close(): Promise<void>;
}
