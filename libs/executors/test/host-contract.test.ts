import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { executorContract } from '../src/contract/executor-contract.js';
import { hostExecutor } from '../src/index.js';

const binaries = new Set(readdirSync('/bin'));
// /bin/sh on common systems: Debian; Red Hat and Arch; Alpine
const shells = ['dash', 'bash', 'busybox'].filter((shell) => binaries.has(shell));

for (const shell of shells) {
  executorContract({
    describe,
    test,
    name: `the host executor with ${shell} as /bin/sh`,
    create: async () => {
      const folder = await tempDir();
      const sh = join(folder.path, 'sh');
      symlinkSync(`/bin/${shell}`, sh);
      const open = () =>
        hostExecutor({ stateDir: join(folder.path, 'state'), env: { PATH: process.env['PATH'] }, shell: sh });
      return { executor: open(), reopen: open, folder: folder.path, dispose: () => folder.remove() };
    },
  });
}
