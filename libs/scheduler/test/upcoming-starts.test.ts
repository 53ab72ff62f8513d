import { describe, expect, test } from '@jest/globals';
import {
  parseBlackout,
  parseCron,
  planStarts,
  upcomingStarts,
  type ScheduleRule,
  type UpcomingJob,
} from '../src/index.js';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.parse('2026-11-24T12:00:00Z');

const jobOf = (rule: ScheduleRule, fields: Partial<UpcomingJob> = {}): UpcomingJob => ({
  rule,
  blackout: [],
  timezone: 'UTC',
  due: now + hour,
  durationMs: 0,
  ...fields,
});
const every = (minutes: number): ScheduleRule => ({ kind: 'interval', minutes });

/** The first starts, as `MM-DDTHH:MM`. */
const startsOf = (job: UpcomingJob, count = 3): string[] => {
  const starts: string[] = [];
  for (const start of upcomingStarts(job, now)) {
    if (starts.length === count) break;
    starts.push(new Date(start).toISOString().slice(5, 16));
  }
  return starts;
};

describe('the next starts', () => {
  test('of an interval count from the end of the run before', () => {
    expect(startsOf(jobOf(every(60)))).toEqual(['11-24T13:00', '11-24T14:00', '11-24T15:00']);
    expect(startsOf(jobOf(every(60), { durationMs: 30 * minute }))).toEqual([
      '11-24T13:00',
      '11-24T14:30',
      '11-24T16:00',
    ]);
  });

  test('follow the end of the current run', () => {
    const running = { due: 0, runsUntil: now + 10 * minute, durationMs: 20 * minute };
    expect(startsOf(jobOf(every(60), running))).toEqual(['11-24T13:10', '11-24T14:30', '11-24T15:50']);
    expect(startsOf(jobOf(every(60), { due: 0, runsUntil: now - hour }), 1)).toEqual(['11-24T13:00']);
    expect(startsOf(jobOf(parseCron('5 * * * *', 'UTC'), running), 2)).toEqual([
      '11-24T13:05',
      '11-24T14:05',
    ]);
  });

  test('of a cron rule leave out times during the run before', () => {
    const cron = parseCron('0 */2 * * *', 'UTC');
    const first = { due: now + 2 * hour };
    expect(startsOf(jobOf(cron, first))).toEqual(['11-24T14:00', '11-24T16:00', '11-24T18:00']);
    expect(startsOf(jobOf(cron, { ...first, durationMs: 3 * hour }), 2)).toEqual([
      '11-24T14:00',
      '11-24T18:00',
    ]);
  });

  test('of a fixed rate keep to its times of the day', () => {
    const rule: ScheduleRule = { kind: 'fixed-rate', minutes: 480, anchor: 90, timezone: 'Asia/Shanghai' };
    expect(startsOf(jobOf(rule, { due: Date.parse('2026-11-24T17:30:00Z') }))).toEqual([
      '11-24T17:30',
      '11-25T01:30',
      '11-25T09:30',
    ]);
  });

  test('wait for the end of a blackout', () => {
    const blackout = [parseBlackout('22:00-06:30')];
    expect(startsOf(jobOf(every(300), { blackout }))).toEqual(['11-24T13:00', '11-24T18:00', '11-25T06:30']);
    const cron = parseCron('0 23,0,7 * * *', 'UTC');
    expect(startsOf(jobOf(cron, { blackout, due: Date.parse('2026-11-24T23:00:00Z') }))).toEqual([
      '11-25T06:30',
      '11-25T07:00',
      '11-26T06:30',
    ]);
  });

  test('end with the last year of a cron rule; a job that is never due has none; one that is overdue is due now', () => {
    const last = parseCron('0 0 0 31 12 * 2026', 'UTC');
    expect(startsOf(jobOf(last, { due: Date.parse('2026-12-31T00:00:00Z') }))).toEqual(['12-31T00:00']);
    expect(startsOf(jobOf(every(60), { due: 0 }))).toEqual([]);
    expect(startsOf(jobOf(every(60), { due: now - 5 * hour }), 1)).toEqual(['11-24T12:00']);
  });
});

describe('a plan', () => {
  const plan = (most: number) =>
    planStarts(
      [
        ['slow', jobOf(every(120))],
        ['fast', jobOf(every(30), { due: now + 10 * minute })],
        ['never', jobOf(every(1), { due: 0 })],
        ['late', jobOf(every(60), { due: now + 3 * hour })],
      ],
      { now, until: now + 2 * hour, most },
    );

  test('has the starts of all jobs, soonest first, up to its end', () => {
    const { starts, truncated } = plan(10);
    expect(truncated).toBe(false);
    expect(starts.map(({ key, at }) => [key, (at - now) / minute])).toEqual([
      ['fast', 10],
      ['fast', 40],
      ['slow', 60],
      ['fast', 70],
      ['fast', 100],
    ]);
  });

  test('has a start at the very end of the range', () => {
    const jobs: [string, UpcomingJob][] = [['hourly', jobOf(every(60))]];
    const startsUntil = (until: number): number[] =>
      planStarts(jobs, { now, until, most: 10 }).starts.map(({ at }) => (at - now) / minute);
    expect(startsUntil(now + 2 * hour)).toEqual([60, 120]);
    expect(startsUntil(now + 2 * hour - 1)).toEqual([60]);
  });

  test('says when there would be more', () => {
    expect(plan(3)).toMatchObject({
      starts: [{ key: 'fast' }, { key: 'fast' }, { key: 'slow' }],
      truncated: true,
    });
    expect(plan(5).truncated).toBe(false);
  });
});
