import { spawn } from 'node:child_process';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { createLogger, type LoggerOptions } from '../src/index.js';

/** A moment whose local text is the same in every zone that a test may run in. */
const clock = { now: () => new Date(2026, 10, 3, 7, 5, 9, 40).getTime() };

/** What a logger with `options` wrote, in lines without the last line end. */
async function linesOf(
  options: LoggerOptions,
  use: (logger: ReturnType<typeof createLogger>) => void,
): Promise<string[]> {
  const stream = new PassThrough();
  const logger = createLogger({ clock, stream, ...options });
  use(logger);
  await logger.close();
  stream.end();
  const written = await text(stream);
  expect(written === '' || written.endsWith('\n')).toBe(true);
  return written.split('\n').slice(0, -1);
}

describe('createLogger', () => {
  test('text lines carry local time and level, and start at NOTICE', async () => {
    const lines = await linesOf({}, (logger) => {
      logger.debug('d');
      logger.info('i');
      logger.notice('Syncing debian');
      logger.warn('w');
      logger.error('e');
    });
    expect(lines).toEqual([
      '[26-11-03 07:05:09][NOTICE] Syncing debian',
      '[26-11-03 07:05:09][WARN] w',
      '[26-11-03 07:05:09][ERROR] e',
    ]);
  });

  test('level info adds INFO lines, without file and line', async () => {
    const lines = await linesOf({ level: 'info' }, (logger) => {
      logger.debug('d');
      logger.info('i');
    });
    expect(lines).toEqual(['[26-11-03 07:05:09][INFO] i']);
  });

  test('level error shows nothing else', async () => {
    const lines = await linesOf({ level: 'error' }, (logger) => {
      logger.warn('w');
      logger.error('e');
    });
    expect(lines).toEqual(['[26-11-03 07:05:09][ERROR] e']);
  });

  test('level debug names file and line of the caller, in children too', async () => {
    const lines = await linesOf({ level: 'debug' }, (logger) => {
      logger.debug('one');
      logger.child({ mirror: 'debian' }).error('two');
    });
    const [first, second] = lines.map((line) =>
      /^\[26-11-03 07:05:09\]\[(\w+)\]\[create-logger\.test\.ts:(\d+)\] (\w+)$/.exec(line)?.slice(1),
    );
    expect([first?.[0], first?.[2]]).toEqual(['DEBUG', 'one']);
    expect([second?.[0], second?.[2]]).toEqual(['ERROR', 'two']);
    expect(Number(second?.[1]) - Number(first?.[1])).toBe(1);
  });

  test('systemd lines leave the time to the journal', async () => {
    const lines = await linesOf({ format: 'systemd', level: 'debug' }, (logger) => {
      logger.debug('d');
      logger.notice('n');
    });
    expect(lines).toEqual(['[DEBUG] d', '[NOTICE] n']);
  });

  test('json lines are one object each with the fields of the child and of the line', async () => {
    const lines = await linesOf({ format: 'json' }, (logger) => {
      logger.child({ worker: 'tuna', mirror: 'debian' }).warn('slow', { mirror: 'ubuntu', seconds: 3 });
    });
    expect(lines).toHaveLength(1);
    const { time, ...rest } = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect(Date.parse(time as string)).toBe(clock.now());
    expect(rest).toEqual({ level: 'warn', message: 'slow', worker: 'tuna', mirror: 'ubuntu', seconds: 3 });
    expect(lines[0]).toMatch(/^\{"time":"2026-11-03T07:05:09\.04[^"]*","level":"warn","message":"slow",/);
  });

  test('json lines at debug name the caller', async () => {
    const lines = await linesOf({ format: 'json', level: 'debug' }, (logger) => {
      logger.debug('d');
    });
    expect(JSON.parse(lines[0]!)).toMatchObject({
      message: 'd',
      caller: expect.stringMatching(/^create-logger\.test\.ts:\d+$/) as unknown,
    });
  });

  test('fields cannot take the place of level and message, and what JSON cannot carry is told', async () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const lines = await linesOf({ format: 'json' }, (logger) => {
      logger.notice('a', { level: 'error', message: 'b', size: 12n, cause: new TypeError('bad') });
      logger.notice('c', cycle);
    });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ level: 'notice', message: 'a', size: '12', cause: 'bad' }),
      expect.objectContaining({ message: 'c', fields_error: expect.stringContaining('circular') as unknown }),
    ]);
  });

  test.each(['text', 'systemd', 'json'] as const)(
    'a message from outside stays one %s line and cannot act on a terminal',
    async (format) => {
      const evil = 'a\nb\r\u001b[2Jc\td\u0000\u009b31m\u2028\u202ee\u007f ünï 镜像';
      const lines = await linesOf({ format }, (logger) => {
        logger.error(evil, { name: evil });
      });
      expect(lines).toHaveLength(1);
      // eslint-disable-next-line no-control-regex -- none of them may be left
      expect(lines[0]).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      if (format === 'json') expect(JSON.parse(lines[0]!)).toMatchObject({ message: evil, name: evil });
      else expect(lines[0]).toMatch(/ a\\nb\\r\\x1b\[2Jc\\td\\x00\\x9b31m\\u2028\\u202ee\\x7f ünï 镜像$/);
    },
  );

  test('lines reach the stream at once, in order, in the turn that logged them', () => {
    const chunks: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        chunks.push(String(chunk));
        done();
      },
    });
    const logger = createLogger({ stream, format: 'systemd' });
    for (let index = 0; index < 100; index++) logger.notice(String(index));
    expect(chunks).toEqual(Array.from({ length: 100 }, (_, index) => `[NOTICE] ${index}\n`));
  });

  test('flush waits for a slow stream, and lines that outran it are neither lost nor reordered', async () => {
    const chunks: string[] = [];
    const stream = new Writable({
      highWaterMark: 10,
      write(chunk, _encoding, done) {
        chunks.push(String(chunk));
        setImmediate(done);
      },
    });
    const logger = createLogger({ stream, format: 'systemd' });
    for (let index = 0; index < 200; index++) logger.notice(String(index));
    expect(chunks.length).toBeLessThan(200);
    await logger.flush();
    expect(chunks).toEqual(Array.from({ length: 200 }, (_, index) => `[NOTICE] ${index}\n`));
  });

  test('after close lines are dropped and the stream stays open', async () => {
    const stream = new PassThrough();
    const logger = createLogger({ stream });
    await logger.close();
    await logger.close();
    logger.error('late');
    expect(stream.writableEnded).toBe(false);
    expect(stream.read()).toBeNull();
  });

  test.each(['fails', 'was destroyed', 'was ended'])(
    'a stream that %s neither throws nor holds up a flush',
    async (how) => {
      const stream = new Writable({
        highWaterMark: 1,
        write(_chunk, _encoding, done) {
          done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
        },
      });
      const logger = createLogger({ stream });
      if (how === 'was destroyed') stream.destroy();
      if (how === 'was ended') stream.end();
      for (let index = 0; index < 50; index++) logger.error('x');
      await logger.flush();
      logger.error('y');
      await logger.close();
      expect(stream.writable).toBe(false);
    },
  );
});

test('a real pipe whose reader went away (EPIPE) neither throws nor holds up a flush', async () => {
  const reader = spawn('head', ['-n', '1'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const logger = createLogger({ stream: reader.stdin, format: 'systemd' });
  logger.notice('ready');
  expect(await text(reader.stdout)).toBe('[NOTICE] ready\n');
  await waitFor('the pipe to break', async () => {
    logger.notice('nobody reads this');
    await logger.flush();
    return reader.stdin.destroyed;
  });
  logger.notice('nor this');
  await logger.close();
});

test('what was flushed has left the process', async () => {
  const reader = spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] });
  const output = text(reader.stdout);
  const logger = createLogger({ stream: reader.stdin, format: 'systemd' });
  for (let index = 0; index < 5000; index++) logger.notice(`line ${index}`);
  await logger.close();
  // what an exit does: whatever is still buffered here is lost
  reader.stdin.destroy();
  const lines = (await output).split('\n');
  expect(lines).toHaveLength(5001);
  expect(lines[4999]).toBe('[NOTICE] line 4999');
});
