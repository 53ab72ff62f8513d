import { attachTests } from './attach-tests.js';
import { Bench, type ExecutorUnderTest, type Test } from './bench.js';
import { foreseeTests } from './foresee-tests.js';
import { outputTests } from './output-tests.js';
import { processesTests } from './processes-tests.js';
import { resultTests } from './result-tests.js';
import { terminateTests } from './terminate-tests.js';

export type { ExecutorUnderTest } from './bench.js';

/** Options of {@link executorContract}. */
export interface ExecutorContractOptions {
  /** Of the test runner. */
  describe: (name: string, body: () => void) => void;
  /** Of the test runner. */
  test: (name: string, body: () => Promise<void>) => void;
  /** Called once for each test. */
  create: () => Promise<ExecutorUnderTest>;
  /** The executor's name in the tests' names. @defaultValue 'an executor' */
  name?: string;
}

/**
 * The requirements for every `Executor`, as tests for any runner. Needs a POSIX shell, `sleep` and `mkfifo`, on
 * this machine and where the commands run.
 */
export function executorContract(options: ExecutorContractOptions): void {
  const { describe, create, name = 'an executor' } = options;
  const test: Test = (title, body) => {
    options.test(title, async () => {
      const given = await create();
      try {
        await body(new Bench(given));
      } finally {
        await given.dispose();
      }
    });
  };
  describe(name, () => {
    outputTests(test);
    resultTests(test);
    terminateTests(test);
    attachTests(test);
    foreseeTests(test);
    processesTests(test);
  });
}
