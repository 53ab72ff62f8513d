import { concurrencyTests } from './concurrency-tests.js';
import type { Check, StoreUnderTest } from './fixtures.js';
import { reopenTests } from './reopen-tests.js';
import { runReopenTests, runTests } from './run-tests.js';
import { statusTests } from './status-tests.js';
import { valueTests } from './value-tests.js';

export type { StoreUnderTest } from './fixtures.js';

/** Options of {@link statusStoreContract}. */
export interface StatusStoreContractOptions {
  /** Of the test runner. */
  describe: (name: string, body: () => void) => void;
  /** Of the test runner. */
  test: (name: string, body: () => Promise<void>) => void;
  /** Called once for each test. */
  open: () => Promise<StoreUnderTest>;
  /** The store's name in the tests' names. @defaultValue 'a status store' */
  name?: string;
  /** Whether what was written is still there after a close. @defaultValue true */
  persistent?: boolean;
}

/**
 * The requirements for every `StatusStore`. Registers tests with the given runner, so that authors of other back
 * ends can run it with theirs.
 */
export function statusStoreContract(options: StatusStoreContractOptions): void {
  const { describe, test, open, name = 'a status store', persistent = true } = options;

  const check: Check = (title, body) => {
    test(title, async () => {
      const opened = await open();
      try {
        await body(opened);
      } finally {
        await opened.dispose();
      }
    });
  };

  describe(`${name}: the contract of status stores`, () => {
    statusTests(check);
    valueTests(check);
    concurrencyTests(check);
    runTests(check);
    if (!persistent) return;
    reopenTests(check);
    runReopenTests(check);
  });
}
