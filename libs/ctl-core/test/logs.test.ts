import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sseEvent } from '@tunasync/protocol';
import { FakeClock, waitFor } from '@tunasync/test-utils';
import type { RunOptions } from '../src/index.js';
import { fakeTerminal } from './fake-terminal.js';
import { runCtl, type Seen } from './run-ctl.js';
import { stubManager, type SeenRequest, type StubAnswer, type StubManager } from './stub-manager.js';

const now = Date.UTC(2026, 10, 24, 15);
const newest = 'debian_2026-11-24_14_58.log';
const older = 'debian_2026-11-24_08_00.log.fail';
const logFile = (name: string, size: number, failed: boolean) => ({
  name,
  size,
  started: '2026-11-24T14:58:00Z',
  time: '2026-11-24T14:59:00Z',
  failed,
});

let manager: StubManager;
let texts: Record<string, Buffer>;
let others: Record<string, StubAnswer>;
let streams: ServerResponse[];
let refused: StubAnswer | undefined;

beforeEach(async () => {
  texts = { [newest]: Buffer.from('one\ntwo\nthree\n'), [older]: Buffer.from('no route to host\n') };
  streams = [];
  refused = undefined;
  others = {
    '/workers': { body: [{ id: 'w1' }, { id: 'w2' }] },
    '/workers/w1/jobs': { body: [{ name: 'debian', worker: 'w1' }] },
    '/workers/w2/jobs': { body: [{ name: 'pypi', worker: 'w2' }] },
    '/jobs/debian': { body: [{ name: 'debian', worker: 'w1' }] },
  };
  manager = await stubManager(answer);
});
afterEach(async () => {
  await manager[Symbol.asyncDispose]();
});

/** Answers requests for the logs of debian as a manager does. */
function answer({ path }: SeenRequest): StubAnswer {
  const url = new URL(path, 'http://h');
  if (url.pathname.startsWith('/jobs/debian/log') && refused !== undefined) return refused;
  if (url.pathname === '/jobs/debian/logs') {
    const logs = Object.entries(texts).map(([name, text]) =>
      logFile(name, text.length, name.endsWith('.fail')),
    );
    return { body: { logs } };
  }
  if (url.pathname === '/jobs/debian/log/stream') {
    return {
      headers: { 'content-type': 'text/event-stream' },
      respond: (response) => streams.push(response),
    };
  }
  const [, name = '', search] = /^\/jobs\/debian\/logs\/([^/]+)(\/search)?$/.exec(url.pathname) ?? [];
  const text = texts[name];
  if (text === undefined) return others[path] ?? { status: 404, body: '404 page not found' };
  if (search !== undefined) return { body: searched(text, url.searchParams) };
  const tail = url.searchParams.get('tail');
  const given = (key: string, otherwise: number): number => Number(url.searchParams.get(key) ?? otherwise);
  const start = tail === null ? given('from', 0) : startOf(text, Number(tail));
  const bytes = text.subarray(start, given('to', text.length));
  return {
    headers: { 'x-log-start': start, 'x-log-end': start + bytes.length, 'x-log-size': text.length },
    respond: (response) => response.end(bytes),
  };
}

/** Returns the last lines, at most 1 MiB. */
function startOf(text: Buffer, lines: number): number {
  const ends = [...text.keys()].filter((at) => text[at] === 0x0a && at < text.length - 1);
  const start = (ends.at(-lines) ?? -1) + 1;
  const least = text.length - (1 << 20);
  return start >= least ? start : (ends.find((at) => at + 1 >= least) ?? text.length - 1) + 1;
}

/** Returns one hit per request, so that the search has to continue. */
function searched(text: Buffer, query: URLSearchParams): unknown {
  const from = Number(query.get('from') ?? 0);
  const at = text.indexOf(query.get('q') ?? '', from);
  if (at === -1) return { hits: [], end: text.length, size: text.length, complete: true };
  const begin = text.lastIndexOf('\n', at) + 1;
  const end = text.indexOf('\n', at);
  const line = text.subarray(begin, end).toString();
  const match = [at - begin, at - begin + (query.get('q') ?? '').length];
  return { hits: [{ offset: begin, text: line, match }], end: end + 1, size: text.length, complete: false };
}

const at = (): string[] => ['-m', '127.0.0.1', '-p', String(manager.port)];
const logs = (...argv: string[]): Promise<Seen> => runCtl(['logs', ...argv, ...at()]);
const onTerminal = (argv: string[], colors = true): Promise<Seen> =>
  runCtl(['logs', ...argv, ...at()], {
    terminal: fakeTerminal(40, 10, colors),
    clock: new FakeClock(now),
  });

describe('logs', () => {
  test('logs prints the whole newest log, byte by byte', async () => {
    texts[newest] = Buffer.from('10%\r\u001b[2J\u0000\u0007同步\n\rlast');
    expect(await logs('debian')).toEqual({ exit: 0, stdout: texts[newest].toString(), stderr: '' });
    expect((await logs('debian', '--log', older)).stdout).toBe('no route to host\n');
    expect((await logs('debian', '--log', older.replace('.fail', ''))).stdout).toBe('no route to host\n');
  });

  test.each([
    ['2', 'two\nthree\n'],
    ['99', 'one\ntwo\nthree\n'],
    ['0', ''],
    ['all', 'one\ntwo\nthree\n'],
  ])('-n %s prints the last lines', async (count, expected) => {
    expect((await logs('debian', '-n', count, '-w', 'w1')).stdout).toBe(expected);
    expect(manager.seen.every(({ path }) => path.includes('worker=w1'))).toBe(true);
  });

  test('-n finds more lines than a worker returns at once', async () => {
    const lines = Array.from({ length: 40_000 }, (_, index) => `line ${index} ${'x'.repeat(80)}\n`);
    texts[newest] = Buffer.from(lines.join(''));
    for (const count of [15_000, 25_001, 39_999, 40_000, 40_001]) {
      const { stdout } = await logs('debian', '-n', String(count));
      const expected = lines.slice(-count);
      expect(stdout.length).toBe(expected.join('').length);
      expect(stdout.startsWith(expected[0]!)).toBe(true);
    }
  });

  test('a terminal gets colours, but no other control characters and no overwritten text', async () => {
    texts[newest] = Buffer.from(
      [
        '\u001b[32mgreen\u001b[0m',
        '\u001b[1;31mred to the end',
        '\u001b[2Jclear\u001b[3A\u001b[>4;2mkeys\u001b[?1049h',
        'title \u001b]0;owned\u0007and \u001b]52;c;b3duZWQ=\u001b\\clipboard',
        'report \u001bZ\u001b[6n, 8 bit \u009b2J, bell \u0007, open \u001b]0;x',
        '  1%\r 50%\r100%\r',
        'tab\there \u202eback',
        'not complete',
      ].join('\n'),
    );
    const shown = [
      '\u001b[32mgreen\u001b[0m',
      '\u001b[1;31mred to the end\u001b[0m',
      'clearkeys',
      'title and clipboard',
      'report , 8 bit �2J, bell �, open 0;x',
      '100%',
      'tab\there �back',
      'not complete',
      '',
    ];
    expect((await onTerminal(['debian'])).stdout.split('\n')).toEqual(shown);
    expect((await onTerminal(['debian'], false)).stdout.split('\n').slice(0, 2)).toEqual([
      'green',
      'red to the end',
    ]);
  });

  test('an endless line does not fill the memory', async () => {
    texts[newest] = Buffer.from('x'.repeat(200_000));
    const { stdout } = await onTerminal(['debian']);
    expect(stdout.split('\n').map(({ length }) => length)).toEqual([65_536, 65_536, 65_536, 3392, 0]);
  });

  test('--json prints one object per line, with the offset after the line', async () => {
    const { stdout } = await logs('debian', '-n', '2', '--json');
    expect(stdout).toBe(
      `{"log":"${newest}","offset":8,"text":"two"}\n{"log":"${newest}","offset":14,"text":"three"}\n`,
    );
  });

  test('--json on a terminal escapes control characters and keeps the meaning', async () => {
    texts[newest] = Buffer.from('\u001b[31mred\u009b2J\u202eback 同步\u007f\n');
    const { stdout } = await onTerminal(['debian', '--json']);
    // eslint-disable-next-line no-control-regex -- they are what it is about
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.parse(stdout)).toMatchObject({ text: '\u001b[31mred\u009b2J\u202eback 同步\u007f' });
    expect(stdout).toContain('同步');
    // programs get the unchanged text
    expect((await logs('debian', '--json')).stdout).toContain('\u009b2J');
  });

  test('a terminal shows the end of a long progress line, and a program gets all of it', async () => {
    const progress = Array.from({ length: 20_000 }, (_, index) => `  ${index} bytes of many\r`).join('');
    texts[newest] = Buffer.from(`begin\n${progress}done\nend\n`);
    expect((await onTerminal(['debian'])).stdout).toBe('begin\ndone\nend\n');
    const all = (await logs('debian', '--json')).stdout.trim().split('\n');
    const text = all.map((line) => (JSON.parse(line) as { text: string }).text).join('');
    expect(text).toBe(`begin${progress}doneend`);
  });

  test('a long line is not split inside a character', async () => {
    const text = `xx${'同'.repeat(30_000)}`;
    texts[newest] = Buffer.from(`${text}\n`);
    const { stdout } = await onTerminal(['debian']);
    expect(stdout.replaceAll('\n', '')).toBe(text);
  });

  test('--list prints a table, or JSON', async () => {
    const { stdout } = await runCtl(['logs', 'debian', '--list', ...at()], { clock: new FakeClock(now) });
    const local = new Date('2026-11-24T14:58:00Z').toLocaleString('sv-SE').slice(0, -3);
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'LOG                               STARTED           LAST CHANGE  SIZE  RESULT',
      `${newest}       ${local}  60s ago      14 B`,
      `${older}  ${local}  60s ago      17 B  failed`,
      '',
    ]);
    expect(JSON.parse((await logs('debian', '--list', '--json')).stdout)).toMatchObject([
      { name: newest, size: 14 },
      { name: older, failed: true },
    ]);
  });

  test('--search prints all matching lines, or the first N', async () => {
    expect((await logs('debian', '--search', 't')).stdout).toBe('two\nthree\n');
    expect((await logs('debian', '--search', 't', '-n', '1')).stdout).toBe('two\n');
    expect(JSON.parse((await logs('debian', '--search', 't', '--json')).stdout)).toEqual([
      { log: newest, offset: 4, text: 'two', match: [0, 1] },
      { log: newest, offset: 8, text: 'three', match: [0, 1] },
    ]);
    expect((await onTerminal(['debian', '--search', 'hr'])).stdout).toBe('t\u001b[31mhr\u001b[0mee\n');
    expect((await onTerminal(['debian', '--search', 'hr'], false)).stdout).toBe('three\n');
    expect(await logs('debian', '--search', 'nine')).toEqual({
      exit: 1,
      stdout: '',
      stderr: `no line of ${newest} has \`nine\`\n`,
    });
    expect((await logs('debian', '--search', 'nine', '--json')).stdout).toBe('[]\n');
  });

  test('a mirror without a log is reported', async () => {
    texts = {};
    expect(await logs('debian')).toEqual({ exit: 1, stdout: '', stderr: 'debian has no log yet\n' });
    expect((await logs('debian', '--list')).stdout).toBe('debian has no log yet\n');
    expect((await logs('debian', '--list', '--json')).stdout).toBe('[]\n');
  });

  test('a missing log or mirror is reported with the existing ones', async () => {
    expect((await logs('debain')).stderr).toContain('too old, or logs are disabled');
    others['/jobs/debain/logs'] = { status: 404, body: { error: "no worker has a mirror 'debain'" } };
    expect((await logs('debain')).stderr).toBe('no mirror `debain`; did you mean `debian`?\n');
    expect((await logs('debian', '--log', 'x')).stderr).toBe(
      'debian has no log `x`; --list shows its logs\n',
    );
    others['/jobs/debian/logs?worker=w9'] = { status: 400, body: { error: 'invalid workerID w9' } };
    refused = others['/jobs/debian/logs?worker=w9'];
    expect((await logs('debian', '-w', 'w9')).stderr).toBe('no mirror `debian` on w9; it is on w1\n');
  });

  test('the workers are listed when several have the mirror', async () => {
    refused = { status: 400, body: { error: 'several workers have it' } };
    others['/jobs/debian'] = {
      body: [
        { name: 'debian', worker: 'w2' },
        { name: 'debian', worker: 'w1' },
      ],
    };
    expect(await logs('debian')).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'debian is on w1, w2: choose one with -w\n',
    });
  });

  test.each<[StubAnswer, string]>([
    [
      { status: 501, body: { error: 'worker w1 does not offer its logs: it is of an older version' } },
      'no logs of debian: worker w1 does not offer its logs: it is of an older version\n',
    ],
    [
      { status: 404, body: '404 page not found' },
      'no logs of debian: this manager offers no logs: it is too old, or logs are disabled\n',
    ],
    [
      { status: 502, body: { error: 'worker w1 cannot be reached: connection refused' } },
      'no logs of debian: worker w1 cannot be reached: connection refused\n',
    ],
  ])('%j', async (given, stderr) => {
    refused = given;
    for (const argv of [['debian'], ['debian', '--list'], ['debian', '-f'], ['debian', '--search', 'x']]) {
      expect(await logs(...argv)).toEqual({ exit: 1, stdout: '', stderr });
    }
  });

  test.each([
    [['-n', '-1'], 'expected a number of lines, or all'],
    [['-f', '--list'], '--follow and --list cannot be used together'],
    [['--search', 'x', '--list'], '--list and --search cannot be used together'],
    [['-f', '--log', 'x'], '--log and --follow cannot be used together'],
    [['--search', ''], '--search: expected a text'],
    [['--list', '-n', '5'], '--list and --lines cannot be used together'],
  ])('%j is refused', async (flags, message) => {
    const { exit, stderr } = await logs('debian', ...flags);
    expect(exit).toBe(1);
    expect(stderr).toContain(message);
    expect(manager.seen).toEqual([]);
  });
});

describe('logs --follow', () => {
  let stop: AbortController;
  let seen: Seen;
  let ended: Promise<unknown>;

  beforeEach(() => {
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await ended;
  });

  function follow(argv: string[], options: Partial<RunOptions> = {}): void {
    seen = { exit: -1, stdout: '', stderr: '' };
    ended = runCtl(['logs', 'debian', '-f', ...argv, ...at()], {
      stdout: { write: (text: string) => ((seen.stdout += text), true) },
      stderr: { write: (text: string) => ((seen.stderr += text), true) },
      signal: stop.signal,
      ...options,
    }).then(({ exit }) => (seen.exit = exit));
  }
  const stream = (index: number): Promise<ServerResponse> => waitFor('a stream', () => streams[index]);
  const begins = (log: string, reason: string): string =>
    sseEvent({ event: 'log', id: `${log}:0`, data: JSON.stringify({ log, from: 0, reason }) });
  const line = (text: string, log: string, offset: number): string =>
    sseEvent({ id: `${log}:${offset}`, data: text });
  const shows = (stdout: string): Promise<boolean> =>
    waitFor(`${stdout} (${seen.stdout} ${seen.stderr})`, () => seen.stdout === stdout);

  test('--follow prints new lines and the logs of later attempts, with headlines on standard error', async () => {
    follow([]);
    const first = await stream(0);
    first.write(begins('a.log', 'start') + line('one', 'a.log', 4));
    await shows('one\n');
    first.write(sseEvent({ event: 'update', id: 'a.log:4', data: '50%' }) + line('done', 'a.log', 9));
    first.write(begins('b.log', 'next') + line('two', 'b.log', 4));
    await shows('one\ndone\ntwo\n');
    expect(seen.stderr).toBe('==> a.log <==\n==> b.log <==\n');
    expect(manager.seen.at(-1)?.path).toBe('/jobs/debian/log/stream?tail=10');
    stop.abort();
    await ended;
    expect(seen.exit).toBe(0);
  });

  test('--follow resumes after a lost connection, and reports the loss once', async () => {
    const clock = new FakeClock(now);
    follow(['-n', '0', '-w', 'w1'], { clock });
    (await stream(0)).write(begins('a.log', 'start') + line('one', 'a.log', 4));
    await shows('one\n');
    (await stream(0)).end(sseEvent({ event: 'end', data: '{"reason":"the manager stops"}' }));
    refused = { status: 503, body: { error: 'busy' } };
    for (const ms of [500, 1000]) {
      await waitFor('the pause', () => clock.pending === 1);
      await clock.advance(ms);
    }
    await waitFor('the pause', () => clock.pending === 1);
    refused = undefined;
    await clock.advance(2000);
    (await stream(1)).write(begins('a.log', 'resume') + line('two', 'a.log', 8));
    await shows('one\ntwo\n');
    expect(seen.stderr).toBe('==> a.log <==\nthe manager stops; retrying\nreconnected\n');
    expect(manager.seen.at(-1)).toMatchObject({
      path: '/jobs/debian/log/stream?worker=w1&tail=0',
      lastEventId: 'a.log:4',
    });
  });

  test('--follow -n all prints the log and continues after its last complete line', async () => {
    texts = { 'a.log.fail': Buffer.from('one\ntwo\nthr') };
    follow(['-n', 'all']);
    (await stream(0)).write(begins('a.log', 'resume') + line('three', 'a.log', 14));
    await shows('one\ntwo\nthree\n');
    expect(manager.seen.at(-1)?.lastEventId).toBe('a.log:8');
    expect(seen.stderr).toBe('==> a.log <==\n');
  });

  test('--follow -n all continues after a long line and omits overwritten text', async () => {
    const long = 'x'.repeat(200_000);
    texts = { 'a.log': Buffer.from(`one\n${long}\n  1%\r 50%\r100%\r\nthr`) };
    follow(['-n', 'all']);
    const end = 4 + 200_001 + 16;
    await stream(0);
    expect(manager.seen.at(-1)?.lastEventId).toBe(`a.log:${end}`);
    expect(seen.stdout.split('\n').filter((text) => !text.startsWith('xx'))).toEqual(['one', '100%', '']);
    expect(seen.stdout.replaceAll('\n', '')).toBe(`one${long}100%`);
  });

  test('--follow waits for the first log of a mirror and prints it completely', async () => {
    texts = {};
    follow([]);
    (await stream(0)).write(begins('a.log', 'start') + line('one', 'a.log', 4));
    await shows('one\n');
    expect(seen.stderr).toBe('debian has no log yet; waiting for the first one\n==> a.log <==\n');
    expect(manager.seen.at(-1)?.path).toBe('/jobs/debian/log/stream?tail=10000');
  });

  test('--follow on a terminal shows the current text of the last line, in one line', async () => {
    follow([], { terminal: fakeTerminal(10, 10, true) });
    const out = await stream(0);
    out.write(begins('a.log', 'start'));
    for (const text of ['  1%', '\u001b[2J 50% of a long line']) {
      out.write(sseEvent({ event: 'update', id: 'a.log:0', data: text }));
    }
    out.write(line('100%', 'a.log', 30) + line('\u001b[31mx', 'a.log', 40));
    await shows('\r\u001b[K  1%\r\u001b[K 50% of …\r\u001b[K100%\n\u001b[31mx\u001b[0m\n');
  });

  test('--follow reports skipped bytes and deleted logs', async () => {
    follow([]);
    const out = await stream(0);
    out.write(
      begins('a.log', 'start') +
        sseEvent({ event: 'lag', data: '{"log":"a.log","bytes":5242880}' }) +
        sseEvent({ event: 'gone', data: '{"log":"a.log"}' }) +
        begins('a.log', 'replaced') +
        sseEvent({ event: 'lag', data: '{"log":"b.log"}' }) +
        line('x', 'a.log', 2),
    );
    await shows('x\n');
    expect(seen.stderr.split('\n')).toEqual([
      '==> a.log <==',
      '5.0 MiB were skipped because they came too fast',
      'a.log was deleted; waiting for the next log',
      '==> a.log, started again <==',
      'b.log no longer exists: the rest of it was skipped',
      '',
    ]);
  });

  test('--follow --json prints one object per line', async () => {
    follow(['--json']);
    (await stream(0)).write(begins('a.log', 'start') + line('one', 'a.log', 4));
    await shows('{"log":"a.log","offset":4,"text":"one"}\n');
  });

  test('--follow ends when the mirror is removed from the configuration', async () => {
    follow([]);
    const reason = 'the mirror is not configured any more';
    refused = undefined;
    const out = await stream(0);
    refused = { status: 404, body: { error: 'Mirror debian is not there' } };
    out.end(sseEvent({ event: 'end', data: JSON.stringify({ reason }) }));
    await ended;
    expect(seen.exit).toBe(1);
    expect(seen.stderr).toBe(`${reason}; retrying\nno logs of debian: Mirror debian is not there\n`);
  });
});
