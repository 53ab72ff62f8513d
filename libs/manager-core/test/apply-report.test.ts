import { describe, expect, test } from '@jest/globals';
import { toUnixMillis, toWireTime, zeroTime, type MirrorStatus, type SyncStatus } from '@tunasync/protocol';
import { applyReport } from '../src/index.js';
import { reportOf } from './api.js';

const now = Date.parse('2026-11-23T12:00:00Z');
const at = (minutes: number): string => new Date(now + minutes * 60_000).toISOString().replace('.000', '');
const nowTime = toWireTime(now);

const known = reportOf('debian', {
  status: 'syncing',
  last_started: at(-10),
  last_ended: at(-100),
  last_update: at(-200),
  next_schedule: at(50),
  size: '1.33T',
  error_msg: 'exit status 5',
});

const apply = (
  current: MirrorStatus | undefined,
  report: Partial<MirrorStatus>,
  stoppedAt?: number,
): MirrorStatus => {
  const stop = stoppedAt === undefined ? undefined : { at: stoppedAt };
  return applyReport(current, reportOf('debian', report), { worker: 'w1', now, stop });
};

/** The fields of a result that a case names, times as instants. */
function pick(status: MirrorStatus, expected: Partial<MirrorStatus>): Partial<MirrorStatus> {
  return Object.fromEntries(
    Object.keys(expected).map((key) => [key, instant(status[key as keyof MirrorStatus])]),
  );
}
const instant = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{4}-.*T/.test(value) ? toUnixMillis(value) : value;
const instants = (expected: Partial<MirrorStatus>): Partial<MirrorStatus> =>
  Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, instant(value)]));

describe('applyReport', () => {
  test.each<[string, MirrorStatus | undefined, Partial<MirrorStatus>, Partial<MirrorStatus>]>([
    [
      'pre-syncing starts now',
      known,
      { status: 'pre-syncing' },
      { last_started: nowTime, last_ended: known.last_ended, last_update: known.last_update },
    ],
    [
      'pre-syncing of an unknown mirror starts now',
      undefined,
      { status: 'pre-syncing' },
      { last_started: nowTime, last_ended: zeroTime, last_update: zeroTime },
    ],
    [
      'a second pre-syncing keeps the start',
      { ...known, status: 'pre-syncing' },
      { status: 'pre-syncing' },
      { last_started: known.last_started },
    ],
    [
      'pre-syncing tells its true time',
      known,
      { status: 'pre-syncing', last_started: at(-3) },
      { last_started: at(-3) },
    ],
    [
      'a start in the future is now',
      known,
      { status: 'pre-syncing', last_started: at(1) },
      { last_started: nowTime },
    ],
    [
      'syncing keeps all times',
      known,
      { status: 'syncing' },
      { last_started: known.last_started, last_ended: known.last_ended, last_update: known.last_update },
    ],
    [
      'syncing does not take times that it carries',
      known,
      { status: 'syncing', last_started: at(-1), last_ended: at(-1), last_update: at(-1) },
      { last_started: known.last_started, last_ended: known.last_ended, last_update: known.last_update },
    ],
    [
      'success ends and updates now',
      known,
      { status: 'success' },
      { last_started: known.last_started, last_ended: nowTime, last_update: nowTime },
    ],
    [
      'success ends and updates at one true time',
      known,
      { status: 'success', last_ended: at(-2), last_update: at(-1) },
      { last_ended: at(-2), last_update: at(-2) },
    ],
    [
      'success takes the update when no end is carried',
      known,
      { status: 'success', last_update: at(-1) },
      { last_ended: at(-1), last_update: at(-1) },
    ],
    [
      'success in the future is now',
      known,
      { status: 'success', last_ended: at(1), last_update: at(1) },
      { last_ended: nowTime, last_update: nowTime },
    ],
    [
      'failed ends now and keeps the update',
      known,
      { status: 'failed' },
      { last_ended: nowTime, last_update: known.last_update },
    ],
    [
      'failed tells its true end',
      known,
      { status: 'failed', last_ended: at(-2), last_update: at(-1) },
      { last_ended: at(-2), last_update: known.last_update },
    ],
    ['an unknown size does not replace a known one', known, { size: 'unknown' }, { size: '1.33T' }],
    ['an empty size does not replace a known one', known, { size: '' }, { size: '1.33T' }],
    ['a known size replaces another', known, { size: '2T' }, { size: '2T' }],
    ['an unknown size of an unknown mirror stays', undefined, { size: 'unknown' }, { size: 'unknown' }],
    [
      'a schedule that is not told is kept',
      known,
      { status: 'success' },
      { next_schedule: known.next_schedule },
    ],
    ['a schedule that is told counts', known, { next_schedule: at(7) }, { next_schedule: at(7) }],
    [
      'a paused mirror is not due',
      known,
      { status: 'paused' },
      { status: 'paused', next_schedule: zeroTime },
    ],
    [
      'a disabled mirror is not due',
      known,
      { status: 'disabled' },
      { status: 'disabled', next_schedule: zeroTime },
    ],
    [
      'the rest comes from the report',
      known,
      { is_master: false, upstream: 'u', error_msg: '' },
      { is_master: false, upstream: 'u', error_msg: '' },
    ],
    ['the worker of the path counts', undefined, { worker: 'other' }, { worker: 'w1' }],
    [
      'with nothing known, what the worker remembers is taken',
      undefined,
      { status: 'paused', last_started: at(-3), last_ended: at(-2), last_update: at(-1) },
      { last_started: at(-3), last_ended: at(-2), last_update: at(-1) },
    ],
    [
      'with nothing known, a time in the future is not taken',
      undefined,
      { status: 'paused', last_update: at(1) },
      { last_update: zeroTime },
    ],
  ])('%s', (_, current, report, expected) => {
    expect(pick(apply(current, report), expected)).toEqual(instants(expected));
  });

  test('a carried time is kept as it was written, nanoseconds and offset included', () => {
    const time = '2026-11-23T19:59:59.123456789+08:00';
    expect(apply(known, { status: 'success', last_ended: time }).last_ended).toBe(time);
  });

  test('fields come in the order of the original; extension fields only when set and not zero', () => {
    const names = ['name', 'worker', 'is_master', 'status', 'last_update', 'last_started', 'last_ended'];
    const rest = ['next_schedule', 'upstream', 'size', 'error_msg'];
    const zero = { consecutive_failures: 0, stale: false, last_transferred_bytes: 0 };
    expect(Object.keys(apply(known, zero))).toEqual([...names, ...rest]);
    const set = {
      stale: true,
      consecutive_failures: 2,
      last_transferred_bytes: 7,
      total_transferred_bytes: 9,
    };
    expect(apply(known, set)).toMatchObject(set);
  });

  describe('after a stop that the manager stored', () => {
    const stoppedAt = now - 60_000;
    const paused: MirrorStatus = { ...known, status: 'paused', next_schedule: zeroTime, error_msg: '' };

    test.each<SyncStatus>(['pre-syncing', 'syncing', 'success', 'failed'])(
      'a late %s report tells its times and size, not the state',
      (status) => {
        const late = {
          status,
          last_started: at(-5),
          last_ended: at(-2),
          size: '2T',
          error_msg: 'x',
          next_schedule: at(9),
        };
        const stored = apply(paused, late, stoppedAt);
        expect(stored).toMatchObject({
          status: 'paused',
          next_schedule: zeroTime,
          error_msg: '',
          size: '2T',
        });
        if (status === 'success') expect(stored).toMatchObject({ last_ended: at(-2), last_update: at(-2) });
        if (status === 'pre-syncing') expect(stored.last_started).toBe(at(-5));
      },
    );

    test('a report that is newer counts', () => {
      const newer = { status: 'pre-syncing', last_started: at(-0.5), last_ended: at(-100) } as const;
      expect(apply(paused, newer, stoppedAt).status).toBe('pre-syncing');
    });

    test('a report of a worker that carries no times counts', () => {
      expect(apply(paused, { status: 'syncing' }, stoppedAt).status).toBe('syncing');
    });

    test("the worker's own paused and disabled count, however old the last run is", () => {
      const report = { status: 'disabled', last_started: at(-500), last_ended: at(-400) } as const;
      expect(apply(paused, report, stoppedAt).status).toBe('disabled');
    });
  });
});
