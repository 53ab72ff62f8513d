import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor, type TempDir } from '@tunasync/test-utils';
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
    server = createServer((request, response) => {
      // like a manager of v0.10, which has no stream of changes
      if (request.url?.startsWith('/api/') === true) response.statusCode = 404;
      response.end(JSON.stringify(response.statusCode === 404 ? '' : [job]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }, 60_000);

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await folder.remove();
  });

  const port = (): string => String((server.address() as AddressInfo).port);

  /** Runs a shell command in a terminal of 70 columns; `ctl` stands for tunasynctl. */
  async function inTerminal(line: string, env: Readonly<Record<string, string>> = {}): Promise<Seen> {
    const ctl = `'${process.execPath}' '${join(folder.path, 'bin/tunasynctl.js')}'`;
    const own = line.replace('ctl', ctl).replace('PORT', `-m 127.0.0.1 -p ${port()}`);
    const seen = await runProgram('script', ['-qec', `stty cols 70 rows 20; ${own}`, '/dev/null'], {
      PATH: process.env['PATH'] ?? '',
      HOME: folder.path,
      TERM: 'xterm',
      ...env,
    });
    return { ...seen, stdout: seen.stdout.replaceAll('\r\n', '\n') };
  }

  test('list prints a table in colours that is as wide as the terminal', async () => {
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

  test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('list prints no colours with %j', async (env) => {
    const { stdout } = await inTerminal('ctl list w1 PORT', env);
    expect(stdout).toBe(
      'MIRROR  WORKER  STATUS  LAST SUCCESS  NEXT  SIZE  UPSTREAM OR ERROR\n' +
        'debian  w1      failed  never         -       1G  exit status 3: exit…\n',
    );
  });

  test('list prints JSON into a pipe, as v0.10 does', async () => {
    const { stdout } = await inTerminal('ctl list w1 PORT | cat');
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'debian', status: 'failed' }]);
  });

  describe('watch', () => {
    /** Starts `watch` in a terminal of 70 columns and 12 rows whose keyboard the test controls. */
    function startWatch(): {
      child: ChildProcessWithoutNullStreams;
      seen: () => string;
      ended: Promise<number | null>;
    } {
      const ctl = `"${process.execPath}" "${join(folder.path, 'bin/tunasynctl.js')}"`;
      const program = `sh -c 'echo pid=$$; exec ${ctl} watch -m 127.0.0.1 -p ${port()}'`;
      const line = `stty cols 70 rows 12; echo tty=$(tty); ${program}; echo code=$?; stty -a`;
      const child = spawn('script', ['-qec', line, '/dev/null'], {
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: folder.path,
          TERM: 'xterm',
          NO_COLOR: '1',
          SHELL: '/bin/sh',
        },
      });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (data: string) => (output += data));
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      return { child, seen: () => output, ended };
    }

    /** Checks that the terminal is restored: the first screen, the cursor, echo, line by line. */
    function expectRestored(output: string): void {
      const [, after = ''] = output.split('\u001b[?25h\u001b[?1049l');
      expect(after).toContain('code=0');
      expect(after).toMatch(/[ ;]icanon/);
      expect(after).toMatch(/[ ;]echo /);
    }

    test('watch redraws at a new size, and q restores the terminal', async () => {
      const { child, seen, ended } = startWatch();
      await waitFor(
        'the first frame',
        () => seen().includes('1 mirror  1 failed') && seen().includes('q quits'),
      );
      expect(seen()).toContain('\u001b[?1049h');
      const [, tty = ''] = /tty=(\S+)/.exec(seen()) ?? [];
      const before = seen().length;
      const resized = await runProgram('stty', ['-F', tty, 'cols', '30', 'rows', '8'], {
        PATH: process.env['PATH'] ?? '',
      });
      expect(resized.code).toBe(0);
      const frame = await waitFor(
        'a smaller frame',
        () =>
          seen()
            .slice(before)
            .split('\u001b[H')[1]
            ?.match(/^[^]*q quits/)?.[0],
      );
      for (const line of stripVTControlCharacters(frame).split('\r\n')) expect(line.length).toBeLessThan(30);
      child.stdin.write('q');
      expect(await ended).toBe(0);
      expectRestored(seen());
    });

    test('Ctrl-C restores the terminal', async () => {
      const { child, seen, ended } = startWatch();
      await waitFor('the first frame', () => seen().includes('q quits'));
      child.stdin.write('\u0003');
      expect(await ended).toBe(0);
      expectRestored(seen());
    });

    test('a signal restores the terminal', async () => {
      const { seen, ended } = startWatch();
      await waitFor('the first frame', () => seen().includes('q quits'));
      process.kill(Number(/pid=(\d+)/.exec(seen())?.[1]), 'SIGTERM');
      expect(await ended).toBe(0);
      expectRestored(seen());
    });
  });
});
