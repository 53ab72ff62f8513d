export {
  CachedStore,
  type CachedStoreOptions,
  type ChangedKey,
  type ChangeListener,
} from './cached-store.js';
export { DurableKv, type DurableKvOptions } from './durable-kv.js';
export { StoreError, type StoreErrorCode } from './errors.js';
export * from './interfaces.js';
export type { KvChange, KvEngine, KvOp, KvSlice } from './kv-engine.js';
export { openLevelStore, type LevelStoreOptions } from './level-store.js';
export { memoryStore } from './memory-store.js';
export { openRedisStore, type RedisStoreOptions } from './redis-store.js';
export { runKeyOf } from './run-layout.js';
export { parseRedisUrl, type RedisAddress } from './redis-url.js';
