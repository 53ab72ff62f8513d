import { beforeAll, describe, expect, test } from '@jest/globals';
import i18next, { type TFunction } from 'i18next';
import type { ApiJob, RunRecord } from '../site/api/types.js';
import { en } from '../site/i18n/en/index.js';
import { zh } from '../site/i18n/zh/index.js';
import {
  filterSettings,
  placeOf,
  settingsText,
  type Setting,
} from '../site/pages/mirror/config/config-text.js';
import { listOf, scheduleText, timeOfDay } from '../site/pages/mirror/now/schedule-text.js';
import { axisTicks, chartPoints, summaryOf } from '../site/pages/mirror/runs/chart-data.js';
import { furtherWords, reasonText } from '../site/pages/mirror/runs/reason-text.js';
import { failureOf, isRecordDue, lastDuration, logOf } from '../site/pages/mirror/runs/run-outcome.js';

const zero = '0001-01-01T00:00:00Z';
const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 24, 12, minutes)).toISOString();

function run(more: Partial<RunRecord> = {}): RunRecord {
  return {
    id: 'r1',
    name: 'debian',
    worker: 'w1',
    started: at(0),
    ended: at(10),
    result: 'success',
    reason: 'ok',
    attempts: 1,
    error_msg: '',
    size: '',
    log_file: '/var/log/debian/debian_2026-11-24_12_00.log',
    ...more,
  };
}

function job(more: Partial<ApiJob> = {}): ApiJob {
  return {
    name: 'debian',
    worker: 'w1',
    is_master: true,
    status: 'failed',
    state: 'failed',
    worker_state: 'online',
    last_update: zero,
    last_started: at(0),
    last_ended: at(10),
    next_schedule: zero,
    upstream: '',
    size: '',
    error_msg: 'exit status 5: Error starting client-server protocol',
    ...more,
  };
}

const failed = run({
  result: 'failed',
  reason: 'exit-code',
  exit_code: 5,
  error_msg: 'exit status 5: Error starting client-server protocol',
  attempts: 2,
  log_file: '/var/log/debian/debian_2026-11-24_12_00.log.fail',
});

const words = new Map<string, TFunction>();
const t = (language: 'en' | 'zh' = 'en'): TFunction => words.get(language)!;
beforeAll(async () => {
  const i18n = i18next.createInstance();
  await i18n.init({
    lng: 'en',
    resources: { en: { translation: en }, zh: { translation: zh } },
    interpolation: { escapeValue: false },
  });
  for (const language of ['en', 'zh']) words.set(language, i18n.getFixedT(language));
});

describe('the failure of the last run', () => {
  test('comes from its record, with its log', () => {
    expect(failureOf(job(), [failed])).toEqual({
      run: failed,
      reason: 'exit-code',
      exitCode: 5,
      message: failed.error_msg,
      ended: at(10),
      log: 'debian_2026-11-24_12_00.log.fail',
      goesOn: false,
    });
  });

  test('stays visible while another run is in progress', () => {
    const running = job({ status: 'syncing', last_started: at(20), error_msg: '' });
    expect(failureOf(running, [failed])?.run).toBe(failed);
  });

  test('comes from the status if the worker keeps no records', () => {
    expect(failureOf(job({ error_msg: 'exit status 23' }), [])).toEqual({
      reason: '',
      exitCode: 23,
      message: 'exit status 23',
      ended: at(10),
      goesOn: false,
    });
  });

  test('is that of an attempt while the run continues with another, whatever the previous run was', () => {
    const retrying = job({ last_started: at(30), last_ended: at(31), waits: { for: 'retry', until: 1 } });
    expect(failureOf(retrying, [failed])).toMatchObject({ reason: '', exitCode: 5, goesOn: true });
    expect(failureOf(retrying, [failed])?.run).toBeUndefined();
  });

  test.each([
    ['a success', job({ status: 'success' }), [failed]],
    ['a run that somebody ended', job({ status: 'paused' }), [run({ result: 'killed' })]],
    ['a failure that a newer run followed', job({ status: 'paused', last_started: at(30) }), [failed]],
    ['a mirror that never ran', job({ status: 'none', last_started: zero, last_ended: zero }), []],
  ])('is not shown for %s', (_, of, runs) => {
    expect(failureOf(of, runs)).toBeUndefined();
  });
});

test('a record is due for a while after its run ended', () => {
  const now = Date.parse(at(10)) + 5000;
  expect(isRecordDue(job({ last_started: at(2) }), [failed], now)).toBe(true);
  expect(isRecordDue(job(), [failed], now)).toBe(false);
  expect(isRecordDue(job({ status: 'syncing', last_started: at(2) }), [failed], now)).toBe(false);
  expect(isRecordDue(job({ last_started: at(2) }), [failed], now + 60_000)).toBe(false);
});

test('the last duration is that of the newest record, or comes from the status', () => {
  expect(lastDuration(job({ status: 'syncing', last_started: at(50) }), [run()])).toBe(600);
  expect(lastDuration(job({ last_started: at(4) }), [])).toBe(360);
  expect(lastDuration(job({ last_started: at(50) }), [])).toBeUndefined();
  expect(lastDuration(job({ last_started: zero }), [])).toBeUndefined();
});

test('a log is identified by its base name', () => {
  expect(logOf(run({ log_file: '' }))).toBeUndefined();
  expect(logOf(run({ log_file: 'a.log' }))).toBe('a.log');
});

describe('a reason in plain words', () => {
  test.each([
    [
      'exit-code',
      5,
      'exit status 5: Error starting',
      'its upstream refused the connection or has no such module (exit code 5)',
    ],
    ['exit-code', 5, 'exit status 5', 'its command exited with an error (exit code 5)'],
    ['exit-code', 77, 'exit status 77: what', 'its command exited with an error (exit code 77)'],
    ['', 23, 'exit status 23', 'its command exited with an error (exit code 23)'],
    [
      'not-runnable',
      127,
      'exit status 127',
      'its command was not found or is not executable (exit code 127)',
    ],
    ['timeout', undefined, 'timeout', 'it exceeded its time limit'],
    ['killed', 20, 'killed by manager', 'it was stopped'],
    ['hook', 0, 'a hook', 'a hook failed'],
    ['out-of-sync', undefined, '', 'out-of-sync'],
    ['', undefined, 'signal: killed', 'signal: killed'],
    ['', undefined, '', 'the worker gave no reason'],
  ])('%j, exit code %s', (reason, exitCode, message, expected) => {
    expect(reasonText(t(), { reason, exitCode, message })).toBe(expected);
  });

  test('is translated to Chinese', () => {
    const why = { reason: 'exit-code', exitCode: 10, message: 'exit status 10: Error in socket I/O' };
    expect(reasonText(t('zh'), why)).toBe('无法连接上游（退出码 10）');
  });

  test('omits what the exit code says already', () => {
    expect(furtherWords({ reason: '', message: 'exit status 5' })).toBe('');
    expect(furtherWords({ reason: '', message: 'exit status 5: why', exitCode: 5 })).toBe(
      'exit status 5: why',
    );
    expect(furtherWords({ reason: '', message: 'no such file\n' })).toBe('');
    expect(furtherWords({ reason: '', message: 'no such file\nbye' })).toBe('no such file\nbye');
    expect(reasonText(t(), { reason: '', message: '\nno such file\nbye' })).toBe('no such file');
  });
});

describe('a schedule in words', () => {
  test('of an interval', () => {
    expect(scheduleText(t(), { kind: 'interval', minutes: 90 }, 'en').words).toMatch(
      /^every 1 h 30 min, counted from the end of a run$/,
    );
  });

  test('of a cron expression, with its zone', () => {
    const rule = { kind: 'cron', expression: '0 3 * * *', timezone: 'Asia/Shanghai' };
    expect(scheduleText(t(), rule, 'en')).toEqual({
      words: 'cron',
      code: '0 3 * * *',
      zone: '(Asia/Shanghai)',
    });
  });

  test('of a fixed rate', () => {
    const rule = { kind: 'fixed-rate', minutes: 360, anchor: 90, timezone: 'UTC' };
    expect(scheduleText(t(), rule, 'en').words).toBe('every 6 h by the clock, starting at 01:30');
    expect(scheduleText(t('zh'), rule, 'zh').words).toContain('01:30');
  });

  test('of an unknown kind', () => {
    expect(scheduleText(t(), { kind: 'lunar' }, 'en').words).toBe('lunar');
  });

  test('shows times of day in two digits, and the windows of a blackout', () => {
    expect(timeOfDay(5)).toBe('00:05');
    expect(listOf(`["08:00-18:00 Mon-Fri", '22:00-02:00']`)).toEqual(['08:00-18:00 Mon-Fri', '22:00-02:00']);
    expect(listOf('[]')).toEqual([]);
  });
});

describe('a chart of runs', () => {
  const runs = [
    run({ id: 'new', bytes_transferred: 5, total_bytes: 70 }),
    run({ id: 'broken', started: at(-60), ended: zero, result: 'failed', total_bytes: 3 }),
    run({ id: 'old', started: at(-90), ended: at(-89), size: '1.5G' }),
  ];

  test('goes from the oldest to the newest', () => {
    expect(chartPoints(runs, 'duration').map(({ id, value }) => [id, value])).toEqual([
      ['old', 60],
      ['broken', null],
      ['new', 600],
    ]);
    expect(chartPoints(runs, 'bytes').map(({ value }) => value)).toEqual([null, null, 5]);
  });

  test('takes the size of the mirror from successful runs only', () => {
    expect(chartPoints(runs, 'size').map(({ value }) => value)).toEqual([1.5 * 1024 ** 3, null, 70]);
  });

  test('has a summary', () => {
    expect(summaryOf(runs)).toEqual({ success: 2, failed: 1, killed: 0, median: 600 });
    expect(summaryOf([])).toEqual({ success: 0, failed: 0, killed: 0, median: undefined });
  });

  test('has round ticks', () => {
    expect(axisTicks(0, 5400, 'duration')).toEqual([0, 1800, 3600, 5400]);
    expect(axisTicks(0, 0, 'duration')).toEqual([0, 1]);
    expect(axisTicks(0, 20 * 86_400, 'duration').map((tick) => tick / 86_400)).toEqual([0, 5, 10, 15, 20]);
    const [first, ...others] = axisTicks(1.26 * 1024 ** 4, 1.331 * 1024 ** 4, 'size').map((tick) =>
      (tick / 1024 ** 4).toFixed(2),
    );
    expect([first, ...others]).toEqual(['1.26', '1.28', '1.30', '1.32', '1.34']);
  });

  test.each([0, 1, 1023, 1024, 5e6, 999e9, 3e15])(
    'has few ticks, and none far beyond the values, up to %s',
    (high) => {
      for (const measure of ['duration', 'bytes', 'size'] as const) {
        const ticks = axisTicks(0, high, measure);
        expect(ticks.length).toBeLessThanOrEqual(6);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(high);
      }
    },
  );
});

describe('the configuration', () => {
  const settings: Setting[] = [
    { key: 'name', value: '"debian"', source: 'mirror', file: '/etc/tunasync/worker.conf', line: 12 },
    { key: 'interval', value: '360', source: 'global', file: '/etc/tunasync/worker.conf' },
    { key: 'retry', value: '2', source: 'default' },
  ];

  test('is filtered by key, value, source or file, in any case', () => {
    expect(filterSettings(settings, ' DEBIAN', false).map(({ key }) => key)).toEqual(['name']);
    expect(filterSettings(settings, 'worker.conf', false)).toHaveLength(2);
    expect(filterSettings(settings, '', true).map(({ key }) => key)).toEqual(['name', 'interval']);
    expect(filterSettings(settings, 'default', true)).toEqual([]);
  });

  test('says where a setting is written', () => {
    expect(settings.map(placeOf)).toEqual(['worker.conf:12', 'worker.conf', undefined]);
    expect(settingsText(settings)).toBe(
      'name = "debian"  # mirror /etc/tunasync/worker.conf:12\n' +
        'interval = 360  # global /etc/tunasync/worker.conf\n' +
        'retry = 2  # default\n',
    );
  });
});
