export {
  CachedStore,
  type CachedStoreOptions,
  type ChangedKey,
  type ChangeListener,
} from './cache/cached-store.js';
export { DurableKv, type DurableKvOptions } from './kv/durable-kv.js';
export { StoreError, type StoreErrorCode } from './store/store-error.js';
export * from './store/interfaces.js';
export type { KvChange, KvEngine, KvOp, KvSlice } from './kv/kv-engine.js';
export { openLevelStore, type LevelStoreOptions } from './level/level-store.js';
export { memoryStore } from './memory/memory-store.js';
export { openRedisStore, type RedisStoreOptions } from './redis/redis-store.js';
export { runKeyOf } from './layout/run-layout.js';
export { parseRedisUrl, type RedisAddress } from './redis/redis-url.js';
