import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '@tunasync/test-utils';
import { daemonLogger, type DaemonFlags } from '../src/index.js';

async function linesOf(flags: DaemonFlags, debug = false): Promise<string[]> {
  const stream = new PassThrough();
  const logger = daemonLogger(flags, debug, { stream, clock: new FakeClock() });
  logger.debug('d');
  logger.info('i');
  logger.notice('n');
  await logger.close();
  return String(stream.read() ?? '')
    .trim()
    .split('\n');
}

describe('daemonLogger', () => {
  test('shows NOTICE by default, INFO with --verbose', async () => {
    expect(await linesOf({})).toEqual([expect.stringMatching(/^\[[-\d]{8} [:\d]{8}\]\[NOTICE\] n$/)]);
    expect((await linesOf({ verbose: true })).map((line) => line.slice(-9))).toEqual(
      ['[INFO] i', '[NOTICE] n'].map((line) => `]${line}`.slice(-9)),
    );
  });

  test('shows DEBUG with file and line with --debug, or when the configuration says so', async () => {
    for (const lines of [await linesOf({ debug: true }), await linesOf({}, true)]) {
      expect(lines).toHaveLength(3);
      expect(lines[0]).toMatch(/\[DEBUG\]\[daemon-logger\.test\.ts:\d+\] d$/);
    }
  });

  test('--with-systemd leaves the time out; --log-format json wins', async () => {
    expect(await linesOf({ withSystemd: true })).toEqual(['[NOTICE] n']);
    const [line = ''] = await linesOf({ withSystemd: true, logFormat: 'json' });
    expect(JSON.parse(line)).toMatchObject({ level: 'notice', message: 'n' });
  });
});
