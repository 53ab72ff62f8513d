import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { FollowLogOptions } from '../site/log-view/follow/follow-log.js';
import type { StreamEvent } from '../site/log-view/follow/stream-events.js';
import { lineRow } from '../site/log-view/lines/rows.js';
import { LogModel } from '../site/log-view/model/log-model.js';
import type { LogSource } from '../site/log-view/model/log-source.js';
import { isAtTail } from '../site/log-view/model/log-state.js';
import { viewItems } from '../site/log-view/view/view-items.js';

const encoder = new TextEncoder();

/** The logs of a mirror, in memory: they grow, are followed, and disappear. */
class FakeLogs implements LogSource {
  readonly files = new Map<string, Uint8Array>();
  /** The stream of the newest log. */
  stream: Omit<FollowLogOptions, 'url'> | undefined;
  sent = 0;
  /** Reads wait for this. */
  gate: Promise<void> = Promise.resolve();
  failure: Error | undefined;
  /** Number of reads. */
  reads = 0;

  write(log: string, text: string): void {
    const more = encoder.encode(text);
    const old = this.files.get(log) ?? new Uint8Array(0);
    const all = new Uint8Array(old.length + more.length);
    all.set(old);
    all.set(more, old.length);
    this.files.set(log, all);
  }

  async read(log: string, from: number, to: number): ReturnType<LogSource['read']> {
    this.reads += 1;
    const bytes = this.files.get(log) ?? new Uint8Array(0);
    const part = { bytes: bytes.slice(from, to), start: from, size: bytes.length };
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    return part;
  }

  search(): ReturnType<LogSource['search']> {
    return Promise.reject(new Error('not searched here'));
  }

  follow(options: Omit<FollowLogOptions, 'url'>): Promise<void> {
    this.stream = options;
    this.sent = options.position;
    options.onState('live');
    return Promise.resolve();
  }

  /** Sends lines of a log that have not been sent yet. @param most - of them */
  send(log: string, most = Infinity): void {
    const bytes = this.files.get(log) ?? new Uint8Array(0);
    const events: StreamEvent[] = [];
    while (events.length < most) {
      const end = bytes.indexOf(0x0a, this.sent) + 1;
      if (end === 0) break;
      const text = new TextDecoder().decode(bytes.subarray(this.sent, end - 1));
      events.push({ kind: 'row', log, row: lineRow(this.sent, end, text, true) });
      this.sent = end;
    }
    this.tell(...events);
  }

  tell(...events: StreamEvent[]): void {
    this.stream?.onEvents(events);
  }
}

const lines = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, index) => `line ${from + index} ${'.'.repeat(90)}\n`).join('');
const shown = (model: LogModel): string[] =>
  viewItems(model.state, false).map((item) =>
    item.kind === 'row' ? item.row.text.replace(/ \.+$/, '') : item.kind,
  );

/** Makes reads wait until the returned function is called. */
function hold(logs: FakeLogs): () => Promise<void> {
  let open = (): void => undefined;
  logs.gate = new Promise((resolve) => (open = resolve));
  return async () => {
    logs.gate = Promise.resolve();
    open();
    await new Promise((resolve) => setTimeout(resolve));
  };
}

async function opened(
  text: string,
  options: { at?: number; isNewest?: boolean } = {},
): Promise<{ logs: FakeLogs; model: LogModel }> {
  const logs = new FakeLogs();
  logs.write('a.log', text);
  const model = new LogModel(logs);
  const size = logs.files.get('a.log')?.length ?? 0;
  await model.show({ log: 'a.log', size, isNewest: options.isNewest ?? true, at: options.at });
  return { logs, model };
}

afterEach(() => {
  jest.useRealTimers();
});

describe('a log that is written', () => {
  test('is shown from its end, and followed', async () => {
    const { logs, model } = await opened('one\ntwo\nthr');
    expect(shown(model)).toEqual(['one', 'two', 'thr']);
    expect(logs.stream?.position).toBe(8);
    logs.write('a.log', 'ee\nfour\n');
    logs.send('a.log');
    expect(shown(model)).toEqual(['one', 'two', 'three', 'four']);
    expect(model.state.follow).toEqual({ following: true, unseen: 0 });
  });

  test('shows the current text of its last line', async () => {
    const { logs, model } = await opened('one\n');
    const update = (text: string): StreamEvent => ({
      kind: 'rest',
      log: 'a.log',
      row: lineRow(4, 5, text, false),
    });
    logs.tell(update('10 %'));
    expect(shown(model)).toEqual(['one', '10 %']);
    logs.tell(update('20 %'));
    expect(shown(model)).toEqual(['one', '20 %']);
    expect(isAtTail(model.state)).toBe(true);
    logs.tell({ kind: 'row', log: 'a.log', row: lineRow(4, 30, '100 %', true) });
    expect(shown(model)).toEqual(['one', '100 %']);
  });

  test('stays in place for a reader further up, and counts new lines', async () => {
    const { logs, model } = await opened('one\n');
    model.tell({ kind: 'scrolled', up: true, atEnd: false });
    logs.write('a.log', 'two\nthree\n');
    logs.send('a.log');
    expect(model.state.follow).toEqual({ following: false, unseen: 2 });
    await model.toEnd();
    expect(model.state.follow).toEqual({ following: true, unseen: 0 });
  });

  test('stays within limits: at its end, old lines are dropped, further up, new ones', async () => {
    const { logs, model } = await opened('first\n');
    logs.write('a.log', lines(12_000));
    logs.send('a.log');
    expect(model.state.window.rows).toHaveLength(10_000);
    expect(shown(model).at(-1)).toBe('line 11999');
    model.tell({ kind: 'scrolled', up: true, atEnd: false });
    const { window } = model.state;
    logs.write('a.log', lines(500, 12_000));
    logs.send('a.log');
    expect(model.state.window).toBe(window);
    expect([model.state.follow.unseen, isAtTail(model.state)]).toEqual([500, false]);
    await model.more('after');
    expect(shown(model).at(-1)).toBe('line 12499');
  });

  test('loses no line that arrives while its end is read', async () => {
    const { logs, model } = await opened(lines(30_000), { at: 0 });
    let open = (): void => undefined;
    logs.gate = new Promise((resolve) => (open = resolve));
    const end = model.toEnd();
    logs.write('a.log', lines(20, 30_000));
    logs.send('a.log');
    open();
    await end;
    expect(shown(model).slice(-22)).toEqual(
      Array.from({ length: 22 }, (_, index) => `line ${29_998 + index}`),
    );
  });

  test('shows each line once, whatever is read, sent and scrolled in between', async () => {
    const step = fc.constantFrom('write', 'send', 'send some', 'before', 'after', 'up', 'end', 'middle');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { logs, model } = await opened(lines(8000));
        let count = 8000;
        for (const what of steps) {
          if (what === 'write') {
            logs.write('a.log', lines(900, count));
            count += 900;
          } else if (what === 'send') logs.send('a.log');
          else if (what === 'send some') logs.send('a.log', 13);
          else if (what === 'up') model.tell({ kind: 'scrolled', up: true, atEnd: false });
          else if (what === 'end') await model.toEnd();
          else if (what === 'middle') await model.jump(400_000);
          else await model.more(what);
          const numbers = shown(model).map((text) => Number(text.slice(5)));
          expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
          expect(numbers.length).toBeGreaterThan(0);
        }
        await model.toEnd();
        logs.send('a.log');
        expect(shown(model).at(-1)).toBe(`line ${count - 1}`);
        model.stop();
      }),
      { numRuns: 25 },
    );
  });
});

describe('a new attempt', () => {
  const next: StreamEvent = { kind: 'log', log: 'b.log', from: 0, reason: 'next' };

  test('is shown automatically to a reader who follows', async () => {
    const { logs, model } = await opened('one\n');
    logs.tell(next, { kind: 'row', log: 'b.log', row: lineRow(0, 4, 'new', true) });
    expect(model.state).toMatchObject({ log: 'b.log', previous: 'a.log', isNewest: true });
    expect(shown(model)).toEqual(['began', 'new']);
    expect(viewItems(model.state, false)[1]).toMatchObject({ number: 1 });
  });

  test('is announced to a reader of another log, which stays', async () => {
    const { logs, model } = await opened('one\n');
    model.tell({ kind: 'scrolled', up: true, atEnd: false });
    logs.tell(next, { kind: 'row', log: 'b.log', row: lineRow(0, 4, 'new', true) });
    expect(model.state).toMatchObject({ log: 'a.log', notice: { kind: 'next', log: 'b.log' } });
    expect(shown(model)).toEqual(['one']);
    expect(model.state.follow.unseen).toBe(0);
  });
});

describe('a log that changes', () => {
  test('is reported as deleted when it was', async () => {
    const { logs, model } = await opened('one\n');
    logs.tell({ kind: 'gone', log: 'a.log' });
    expect(model.state.notice).toEqual({ kind: 'gone', log: 'a.log' });
    expect(shown(model)).toEqual(['one']);
  });

  test.each(['truncated', 'replaced'])('is read again when it was %s', async (reason) => {
    const { logs, model } = await opened('one\ntwo\n');
    logs.files.delete('a.log');
    logs.write('a.log', 'short\n');
    logs.tell({ kind: 'log', log: 'a.log', from: 0, reason });
    await new Promise((resolve) => setTimeout(resolve));
    expect(shown(model)).toEqual(['short']);
    expect(logs.stream?.position).toBe(6);
  });

  test('is read again when it turns out to be shorter', async () => {
    const { logs, model } = await opened(lines(40_000), { isNewest: false });
    logs.files.set('a.log', encoder.encode('short\n'));
    await model.more('before');
    await new Promise((resolve) => setTimeout(resolve));
    expect(shown(model)).toEqual(['short']);
  });

  test('reports why it cannot be read, and is read once it can be', async () => {
    const logs = new FakeLogs();
    logs.write('a.log', 'one\n');
    logs.failure = new Error('worker w1 does not answer');
    const model = new LogModel(logs);
    await model.show({ log: 'a.log', size: 4, isNewest: true });
    expect(model.state).toMatchObject({ phase: 'failed', error: logs.failure });
    logs.failure = undefined;
    await model.show({ log: 'a.log', size: 4, isNewest: true });
    expect([model.state.phase, shown(model)]).toEqual(['ready', ['one']]);
  });

  test('keeps the rows that were read when reading more fails', async () => {
    const { logs, model } = await opened(lines(40_000));
    const before = shown(model);
    logs.failure = new Error('lost');
    await model.more('before');
    expect(model.state).toMatchObject({ phase: 'ready', error: logs.failure, loading: undefined });
    expect(shown(model)).toEqual(before);
    logs.failure = undefined;
    await model.retry();
    expect(model.state.error).toBeUndefined();
    expect(shown(model).length).toBeGreaterThan(before.length);
  });
});

describe('an earlier log', () => {
  test('is not followed, and ends at its end', async () => {
    const { logs, model } = await opened('one\ntwo\n', { isNewest: false });
    expect(logs.stream).toBeUndefined();
    expect(model.state.follow.following).toBe(false);
    expect(viewItems(model.state, true).at(-1)?.kind).toBe('ended');
    model.tell({ kind: 'scrolled', up: false, atEnd: true });
    expect(model.state.follow.following).toBe(false);
  });

  test('is shown around a line, at which the view is placed', async () => {
    const { model } = await opened(lines(40_000), { at: 2_000_010, isNewest: false });
    const { window, wish } = model.state;
    expect(window.start).toBeLessThan(2_000_010);
    expect(window.end).toBeGreaterThan(2_000_010);
    expect([wish.offset, wish.align]).toEqual([2_000_010, 'center']);
  });

  test('is shown from its end if the wanted place is beyond it', async () => {
    const { model } = await opened('one\ntwo\n', { at: 99_000_000, isNewest: false });
    expect(shown(model)).toEqual(['one', 'two']);
  });
});

describe('a read', () => {
  test('is ignored if its reader has gone elsewhere since', async () => {
    const { logs, model } = await opened(lines(40_000));
    const release = hold(logs);
    const early = model.jump(10);
    logs.gate = Promise.resolve();
    const { end } = model.state.window;
    await model.jump(end - 200, 'start');
    const { wish, window } = model.state;
    expect(wish.offset).toBe(end - 200);
    await release();
    await early;
    expect(model.state.wish).toBe(wish);
    expect(model.state.window).toBe(window);
  });

  test('of the end moves no reader who scrolled up in the meantime', async () => {
    const { logs, model } = await opened(lines(10));
    // lines were left out: the end is read from the log
    logs.write('a.log', lines(30_000, 10));
    logs.tell({ kind: 'lag', log: 'a.log', bytes: 3_000_000 });
    const release = hold(logs);
    const end = model.toEnd();
    model.tell({ kind: 'scrolled', up: true, atEnd: false });
    const { window, wish } = model.state;
    await release();
    await end;
    expect(model.state.follow.following).toBe(false);
    expect([model.state.window, model.state.wish]).toEqual([window, wish]);
    expect(model.state.loading).toBeUndefined();
    model.stop();
  });

  test.each(['the end', 'a line'])(
    'of a log that opens does not keep it from being followed when the reader goes to %s',
    async (place) => {
      const logs = new FakeLogs();
      logs.write('a.log', lines(100));
      const model = new LogModel(logs);
      const release = hold(logs);
      const shows = model.show({ log: 'a.log', size: logs.files.get('a.log')?.length ?? 0, isNewest: true });
      const goes = place === 'the end' ? model.toEnd() : model.jump(0);
      await release();
      await Promise.all([shows, goes]);
      expect(model.state).toMatchObject({ phase: 'ready', stream: 'live' });
      logs.write('a.log', lines(1, 100));
      logs.send('a.log');
      expect(shown(model).at(-1)).toBe('line 100');
      expect(model.state.follow.following).toBe(place === 'the end');
      model.stop();
    },
  );

  test('that failed is not repeated at once, however often the view asks', async () => {
    const { logs, model } = await opened(lines(40_000));
    logs.failure = new Error('lost');
    logs.reads = 0;
    // like a view at the edge of the window
    model.subscribe(() => {
      if (logs.reads < 100) void model.more('before');
    });
    await model.more('before');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([logs.reads, model.state.error]).toEqual([1, logs.failure]);
    logs.failure = undefined;
    const rows = model.state.window.rows.length;
    await model.retry();
    expect(model.state.error).toBeUndefined();
    expect(model.state.window.rows.length).toBeGreaterThan(rows);
    model.stop();
  });

  test('that failed is repeated at the same place, not at the end', async () => {
    const { logs, model } = await opened(lines(40_000), { isNewest: false });
    logs.failure = new Error('lost');
    await model.jump(2_000_000);
    expect(model.state.error).toBe(logs.failure);
    logs.failure = undefined;
    await model.retry();
    expect(model.state.wish.offset).toBe(2_000_000);
    expect(model.state.window.start).toBeLessThan(2_000_000);
    model.stop();
  });

  test('that failed is repeated after three seconds if the view follows a log whose end is missing', async () => {
    const { logs, model } = await opened(lines(10));
    jest.useFakeTimers();
    // more lines were written than sent: the end is to be read
    logs.write('a.log', lines(5000, 10));
    logs.tell({ kind: 'lag', log: 'a.log', bytes: 400_000 });
    logs.failure = new Error('lost');
    logs.reads = 0;
    await jest.advanceTimersByTimeAsync(600);
    expect([logs.reads, model.state.error]).toEqual([1, logs.failure]);
    // events of the stream do not change that
    logs.tell({ kind: 'lag', log: 'a.log', bytes: 1000 });
    await jest.advanceTimersByTimeAsync(2800);
    expect(logs.reads).toBe(1);
    logs.failure = undefined;
    await jest.advanceTimersByTimeAsync(1000);
    expect(shown(model).at(-1)).toBe('line 5009');
    model.stop();
    expect(jest.getTimerCount()).toBe(0);
  });
});
