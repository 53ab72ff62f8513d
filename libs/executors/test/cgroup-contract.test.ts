import { describe, test } from '@jest/globals';
import { executorContract } from '../src/contract/executor-contract.js';
import { cgroupBench, forEachVersion } from './cgroup-fixture.js';

forEachVersion((hierarchy) => {
  executorContract({
    describe,
    test,
    name: `the cgroup executor with cgroup v${hierarchy.version}`,
    create: async () => {
      const bench = await cgroupBench(hierarchy);
      return {
        executor: bench.executor,
        reopen: () => bench.open(),
        folder: bench.folder,
        dispose: () => bench[Symbol.asyncDispose](),
      };
    },
  });
});
