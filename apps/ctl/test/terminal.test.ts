import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TempDir } from '@tunasync/test-utils';
import { buildBundle, runProgram, type Seen } from './build-bundle.js';

describe('on a pseudo terminal', () => {
  let folder: TempDir;
  let server: Server;

  beforeAll(async () => {
    folder = await buildBundle();
    const job = {
      name: 'debian',
      worker: 'w1',
      status: 'failed',
      upstream: 'rsync://u/',
      size: '1G',
      error_msg: 'exit status 3: '.repeat(20),
    };
    server = createServer((_, response) => response.end(JSON.stringify([job])));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }, 60_000);

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await folder.remove();
  });

  /** Runs a command line of the shell in a terminal of 70 columns; `ctl` stands for tunasynctl. */
  async function inTerminal(line: string, env: Readonly<Record<string, string>> = {}): Promise<Seen> {
    const ctl = `'${process.execPath}' '${join(folder.path, 'bin/tunasynctl.js')}'`;
    const port = String((server.address() as AddressInfo).port);
    const own = line.replace('ctl', ctl).replace('PORT', `-m 127.0.0.1 -p ${port}`);
    const seen = await runProgram('script', ['-qec', `stty cols 70 rows 20; ${own}`, '/dev/null'], {
      PATH: process.env['PATH'] ?? '',
      HOME: folder.path,
      TERM: 'xterm',
      ...env,
    });
    return { ...seen, stdout: seen.stdout.replaceAll('\r\n', '\n') };
  }

  test('list is a table as wide as the terminal, in colours', async () => {
    const { code, stdout } = await inTerminal('ctl list w1 PORT');
    expect([code, stdout]).toEqual([
      0,
      [
        '\u001b[1mMIRROR\u001b[0m  \u001b[1mWORKER\u001b[0m  \u001b[1mSTATUS\u001b[0m  \u001b[1mLAST SUCCESS\u001b[0m' +
          '  \u001b[1mNEXT\u001b[0m  \u001b[1mSIZE\u001b[0m  \u001b[1mUPSTREAM OR ERROR\u001b[0m',
        'debian  w1      \u001b[31mfailed\u001b[0m  never         -       1G  \u001b[31mexit status 3: exit…\u001b[0m',
        '',
      ].join('\n'),
    ]);
  });

  test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('without colours with %j', async (env) => {
    const { stdout } = await inTerminal('ctl list w1 PORT', env);
    expect(stdout).toBe(
      'MIRROR  WORKER  STATUS  LAST SUCCESS  NEXT  SIZE  UPSTREAM OR ERROR\n' +
        'debian  w1      failed  never         -       1G  exit status 3: exit…\n',
    );
  });

  test('into a pipe it is JSON, as it ever was', async () => {
    const { stdout } = await inTerminal('ctl list w1 PORT | cat');
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'debian', status: 'failed' }]);
  });
});
