import { describe, expect, test } from '@jest/globals';
import { toWireTime, zeroTime, type MirrorStatus } from '@tunasync/protocol';
import { firstRecords, type Knowledge } from '../src/engine/initial-schedule.js';
import { newRecord } from '../src/job/report.js';
import { mirrorOf } from './support/mirror.js';

const now = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;

function statusOf(name: string, values: Partial<MirrorStatus> = {}): MirrorStatus {
  return {
    name,
    worker: 'w1',
    is_master: true,
    status: 'success',
    last_update: toWireTime(now - 20 * minute),
    last_started: toWireTime(now - 25 * minute),
    last_ended: toWireTime(now - 20 * minute),
    next_schedule: zeroTime,
    upstream: '',
    size: '1G',
    error_msg: '',
    ...values,
  };
}

/** Minutes from now until the mirror is due, or its mode when it is not. */
function firstOf(knowledge: Partial<Knowledge>, ...names: string[]) {
  const records = firstRecords({
    mirrors: names.map((name) => mirrorOf(name, { intervalMinutes: 60 })),
    records: new Map(),
    statuses: undefined,
    hasManager: true,
    now,
    random: () => 0.5,
    ...knowledge,
  });
  return records.map(({ mode, nextDue }) => (mode === 'active' ? (nextDue - now) / minute : mode));
}
const own = (name: string, values: Partial<ReturnType<typeof newRecord>> = {}) =>
  new Map([[name, { ...newRecord(name), ...values }]]);

describe('a manager answered', () => {
  test('its mirrors are due an interval after their last update, others now', () => {
    expect(firstOf({ statuses: [statusOf('known')] }, 'known', 'new')).toEqual([40, 0]);
  });

  test('one that never succeeded is due now, whatever its status is', () => {
    const failed = statusOf('m', { status: 'failed', last_update: zeroTime });
    expect(firstOf({ statuses: [failed] }, 'm')).toEqual([0]);
  });

  test('what is paused and disabled there stays so', () => {
    const statuses = [statusOf('a', { status: 'paused' }), statusOf('b', { status: 'disabled' })];
    expect(firstOf({ statuses }, 'a', 'b')).toEqual(['paused', 'disabled']);
    expect(firstOf({ statuses, records: own('a', { nextDue: now }) }, 'a', 'b')).toEqual([
      'paused',
      'disabled',
    ]);
  });

  test('defect 26: a pause that it has not heard of holds, unless the mirror ran since', () => {
    const records = own('m', { mode: 'paused', lastStarted: now - 25 * minute });
    expect(firstOf({ statuses: [statusOf('m')], records }, 'm')).toEqual(['paused']);
    const since = statusOf('m', { last_started: toWireTime(now - 5 * minute) });
    expect(firstOf({ statuses: [since], records }, 'm')).toEqual([40]);
  });

  test('a success that it has not heard of counts', () => {
    const records = own('m', { lastUpdate: now - 5 * minute });
    expect(firstOf({ statuses: [statusOf('m')], records }, 'm')).toEqual([55]);
  });

  test('a last update in the future puts nothing off', () => {
    const ahead = statusOf('m', { last_update: toWireTime(now + 1000 * minute) });
    expect(firstOf({ statuses: [ahead] }, 'm')).toEqual([60]);
  });

  test('of mirrors that it does not know the own record decides', () => {
    expect(firstOf({ statuses: [], records: own('m', { nextDue: now + 7 * minute }) }, 'm')).toEqual([7]);
    expect(firstOf({ statuses: [], records: own('m', { mode: 'disabled' }) }, 'm')).toEqual(['disabled']);
  });

  test('times are taken over, so that reports go on telling them; the size is not', () => {
    const [record] = firstRecords({
      mirrors: [mirrorOf('m')],
      records: new Map(),
      statuses: [statusOf('m', { status: 'failed', error_msg: 'exit status 1' })],
      hasManager: true,
      now,
      random: () => 0.5,
    });
    expect(record).toMatchObject({
      lastStatus: 'failed',
      lastUpdate: now - 20 * minute,
      lastStarted: now - 25 * minute,
      lastEnded: now - 20 * minute,
      errorMsg: 'exit status 1',
      // somebody may set it at the manager meanwhile
      size: 'unknown',
    });
  });
});

describe('no manager answered', () => {
  test('defect 10: the own record decides', () => {
    expect(firstOf({ records: own('m', { nextDue: now + 7 * minute }) }, 'm')).toEqual([7]);
    expect(firstOf({ records: own('m', { lastUpdate: now - 15 * minute }) }, 'm')).toEqual([45]);
    expect(firstOf({ records: own('m', { lastStatus: 'syncing' }) }, 'm')).toEqual([0]);
    expect(firstOf({ records: own('m', { mode: 'paused' }) }, 'm')).toEqual(['paused']);
  });

  test('defect 10: when nothing is known either, starts are spread', () => {
    expect(firstOf({}, 'a', 'b', 'c', 'd')).toEqual([0, 15, 30, 45]);
  });

  test('defect 10: over the interval of each', () => {
    const first = firstRecords({
      mirrors: ['a', 'b'].map((name) => mirrorOf(name, { intervalMinutes: 1440 })),
      records: new Map(),
      statuses: undefined,
      hasManager: true,
      now,
      random: () => 0.5,
    });
    expect(first.map(({ nextDue }) => (nextDue - now) / minute)).toEqual([0, 720]);
  });

  test('an interval that has become shorter counts', () => {
    expect(firstOf({ records: own('m', { nextDue: now + 1440 * minute }) }, 'm')).toEqual([60]);
  });
});

test('a worker on its own begins at once with what it does not know', () => {
  expect(firstOf({ hasManager: false }, 'a', 'b', 'c')).toEqual([0, 0, 0]);
});
