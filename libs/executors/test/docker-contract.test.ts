import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { noDockerEngine, startDockerEngine, tempDir, type TestDockerEngine } from '@tunasync/test-utils';
import { executorContract } from '../src/contract/executor-contract.js';
import { dockerExecutor } from '../src/index.js';

const lacking = noDockerEngine();
const name = `the Docker executor${lacking === undefined ? '' : ` (skipped: ${lacking})`}`;
const eachMs = 60_000;

let engine: TestDockerEngine | undefined;
if (lacking === undefined) {
  beforeAll(async () => {
    engine = await startDockerEngine(process.env);
  }, 60_000);
  afterAll(() => engine?.stop(), 60_000);
}

executorContract({
  describe: lacking === undefined ? describe : describe.skip,
  test: (title, body) => {
    test(title, body, eachMs);
  },
  name,
  create: async () => {
    const folder = await tempDir();
    const open = () => dockerExecutor({ stateDir: join(folder.path, 'state'), env: engine!.env });
    return {
      executor: open(),
      reopen: open,
      deaths: 'code',
      separateOutputs: true,
      folder: folder.path,
      context: {
        container: {
          image: engine!.image,
          volumes: [`${folder.path}:${folder.path}`],
          // --init: the commands of the suite are not made to be the first process of a machine, which no signal ends
          options: ['--network', 'host', '--init'],
        },
      },
      dispose: async () => {
        const left = await engine!.docker('ps', '-aq');
        if (left !== '') await engine!.docker('rm', '-f', ...left.split('\n'));
        await folder.remove();
      },
    };
  },
});
