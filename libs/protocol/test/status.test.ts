import { describe, expect, test } from '@jest/globals';
import {
  clientCmdSchema,
  mirrorSchedulesSchema,
  mirrorStatusSchema,
  toWebMirrorStatus,
  workerCmdSchema,
  workerStatusSchema,
  zeroTime,
} from '../src/index.js';

describe('readers', () => {
  test('absent and null fields of a status get the zero value', () => {
    const zero = {
      name: '',
      worker: '',
      is_master: false,
      status: 'none',
      last_update: zeroTime,
      last_started: zeroTime,
      last_ended: zeroTime,
      next_schedule: zeroTime,
      upstream: '',
      size: '',
      error_msg: '',
    };
    expect(JSON.parse(JSON.stringify(mirrorStatusSchema.parse({})))).toEqual(zero);
    const nulls = Object.fromEntries(Object.keys(zero).map((key) => [key, null]));
    expect(JSON.parse(JSON.stringify(mirrorStatusSchema.parse(nulls)))).toEqual(zero);
  });

  test('fields keep the order of the original, and unknown fields are dropped', () => {
    const status = mirrorStatusSchema.parse({ error_msg: 'e', later: 1, name: 'debian', stale: null });
    expect(JSON.stringify(status)).toBe(
      '{"name":"debian","worker":"","is_master":false,"status":"none","last_update":"0001-01-01T00:00:00Z",' +
        '"last_started":"0001-01-01T00:00:00Z","last_ended":"0001-01-01T00:00:00Z",' +
        '"next_schedule":"0001-01-01T00:00:00Z","upstream":"","size":"","error_msg":"e"}',
    );
  });

  test('a time is returned unchanged', () => {
    const last_update = '2026-11-24T01:21:52.434486282+08:00';
    expect(mirrorStatusSchema.parse({ last_update }).last_update).toBe(last_update);
  });

  test.each([
    [{ status: 'sleeping' }, ['status']],
    [{ last_update: 'yesterday' }, ['last_update']],
    [{ last_update: '' }, ['last_update']],
    [{ is_master: 'yes' }, ['is_master']],
    [{ last_transferred_bytes: -1 }, ['last_transferred_bytes']],
  ])('%j is refused with the name of the field', (body, path) => {
    expect(mirrorStatusSchema.safeParse(body).error?.issues.map((issue) => issue.path)).toEqual([path]);
  });

  test('extension fields are kept when they are set', () => {
    expect(mirrorStatusSchema.parse({ name: 'a', consecutive_failures: 3, stale: true })).toMatchObject({
      consecutive_failures: 3,
      stale: true,
    });
  });

  test('lists and options may be null', () => {
    expect(mirrorSchedulesSchema.parse({ schedules: null })).toEqual({ schedules: [] });
    expect(clientCmdSchema.parse({ cmd: 'reload', worker_id: 'w', args: null, options: null })).toEqual({
      cmd: 'reload',
      mirror_id: '',
      args: null,
      options: null,
      worker_id: 'w',
    });
  });

  test('an unknown verb and an option that is not a boolean are refused', () => {
    expect(workerCmdSchema.safeParse({ cmd: 'explode' }).success).toBe(false);
    expect(workerCmdSchema.safeParse({}).success).toBe(false);
    expect(workerCmdSchema.safeParse({ cmd: 'start', options: { force: 1 } }).success).toBe(false);
  });

  test('a registration needs only id and url', () => {
    expect(workerStatusSchema.parse({ id: 'w', url: 'http://127.0.0.1:6000/' })).toEqual({
      id: 'w',
      url: 'http://127.0.0.1:6000/',
      token: '',
      last_online: zeroTime,
      last_register: zeroTime,
    });
  });
});

test('a status page gets every time as text and in Unix seconds', () => {
  const status = mirrorStatusSchema.parse({
    name: 'ok',
    is_master: true,
    status: 'success',
    last_update: '2026-11-23T17:21:52.434486282Z',
    upstream: 'https://example.org/ok/',
    size: '1.5G',
  });
  expect(toWebMirrorStatus(status)).toEqual({
    name: 'ok',
    is_master: true,
    status: 'success',
    last_update: '2026-11-23 17:21:52 +0000',
    last_update_ts: 1795454512,
    last_started: '0001-01-01 00:00:00 +0000',
    last_started_ts: -62135596800,
    last_ended: '0001-01-01 00:00:00 +0000',
    last_ended_ts: -62135596800,
    next_schedule: '0001-01-01 00:00:00 +0000',
    next_schedule_ts: -62135596800,
    upstream: 'https://example.org/ok/',
    size: '1.5G',
  });
});
