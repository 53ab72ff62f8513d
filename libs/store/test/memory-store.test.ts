import { describe, test } from '@jest/globals';
import { statusStoreContract } from '../src/contract/store-contract.js';
import { CachedStore, memoryStore } from '../src/index.js';

statusStoreContract({
  describe,
  test,
  name: 'memory',
  persistent: false,
  open: () => {
    const store = memoryStore();
    return Promise.resolve({ store, dispose: () => store.close() });
  },
});

statusStoreContract({
  describe,
  test,
  name: 'cached memory',
  persistent: false,
  open: async () => {
    const store = await CachedStore.open(memoryStore());
    return { store, dispose: () => store.close() };
  },
});
