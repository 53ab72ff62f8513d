/** One change of what is kept. */
export type KeyValueOperation = { type: 'put'; key: string; value: string } | { type: 'del'; key: string };

/** What the state room needs of a key-value store; `DurableKv` of `@tunasync/store` is one. */
export interface KeyValue {
  /** All entries whose key begins with `prefix`, in the order of their keys. */
  entries(prefix: string): Promise<readonly (readonly [key: string, value: string])[]>;
  /** All of it or nothing; resolves when it is on stable storage. */
  write(operations: readonly KeyValueOperation[]): Promise<void>;
}
