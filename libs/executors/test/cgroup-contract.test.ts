import { describe, test } from '@jest/globals';
import { executorContract } from '../src/contract.js';
import { cgroupBench, machineHierarchy } from './cgroup-fixture.js';

for (const version of [1, 2] as const) {
  const hierarchy = machineHierarchy(version);
  if (hierarchy === undefined) {
    test.skip(`the cgroup executor with cgroup v${version}, which this machine has not`, () => undefined);
    continue;
  }
  executorContract({
    describe,
    test,
    name: `the cgroup executor with cgroup v${version}`,
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
}
