import { describe, expect, test } from '@jest/globals';
import { TunasyncError } from '@tunasync/protocol';
import { memoryState, type WorkerEvents } from '../src/index.js';
import { newRecord } from '../src/job/report.js';
import { engineRig } from './support/engine-rig.js';
import { mirrorOf } from './support/mirror.js';

const names = [
  'job-state',
  'status',
  'run-started',
  'attempt-ended',
  'run-ended',
  'schedule',
] as const satisfies (keyof WorkerEvents)[];

describe('events', () => {
  test('tell a run from its due time to the next one, in order', async () => {
    const rig = engineRig([mirrorOf('m', { retry: 2 })], { retryDelayMs: 1000 });
    const seen: [string, object][] = [];
    for (const name of names) rig.worker.on(name, (event) => seen.push([name, event]));
    const begin = rig.clock.now();
    await rig.worker.start();
    await rig.settle();
    await rig.clock.advance(10);
    rig.executor.of('m').end(7);
    await rig.settle();
    await rig.clock.advance(1000);
    rig.executor.of('m').end();
    await rig.settle();
    const summary = seen.map(([name, event]) => [
      name,
      ...Object.values(event as Record<string, unknown>).slice(
        name === 'status' ? 3 : 1,
        name === 'status' ? 4 : 5,
      ),
    ]);
    expect(summary).toEqual([
      ['job-state', 'none', 'ready'],
      ['schedule', begin],
      ['schedule', 0],
      ['job-state', 'ready', 'queued'],
      ['job-state', 'queued', 'running'],
      ['run-started', begin, false],
      ['status', 'pre-syncing'],
      ['status', 'syncing'],
      ['attempt-ended', 1, 'failed', 'exit-code', 'exit status 7'],
      ['status', 'failed'],
      ['status', 'syncing'],
      ['attempt-ended', 2, 'success', 'ok', ''],
      ['status', 'success'],
      ['run-ended', expect.any(String), 'success', 'ok', ''],
      ['job-state', 'running', 'ready'],
      ['schedule', begin + 1010 + 3_600_000],
    ]);
    const ended = seen.find(([name]) => name === 'run-ended')?.[1];
    expect(ended).toEqual({
      mirror: 'm',
      id: expect.any(String),
      result: 'success',
      reason: 'ok',
      message: '',
      startedAt: begin,
      endedAt: begin + 1010,
      attempts: 2,
      exitCode: 0,
      facts: {},
      logFile: '',
      size: 'unknown',
    });
    await rig.worker.stop();
  });

  test('a listener that throws or rejects is logged and stops nothing, neither others nor the job', async () => {
    const rig = engineRig(['m']);
    const states: string[] = [];
    rig.worker.on('job-state', () => {
      throw new TunasyncError('TEST', 'listener bug');
    });
    rig.worker.on('run-started', async () => {
      await Promise.reject(new TunasyncError('TEST', 'async bug'));
    });
    rig.worker.on('job-state', ({ state }) => states.push(state));
    await rig.worker.start();
    await rig.settle();
    expect(states).toEqual(['ready', 'queued', 'running']);
    expect(rig.logger.messages('error')).toEqual([
      "a listener of 'job-state' failed: listener bug",
      "a listener of 'job-state' failed: listener bug",
      "a listener of 'job-state' failed: listener bug",
      "a listener of 'run-started' failed: async bug",
    ]);
    await rig.worker.stop();
  });

  test('a listener can be taken away', async () => {
    const rig = engineRig(['m']);
    const seen: string[] = [];
    const off = rig.worker.on('job-state', ({ state }) => seen.push(state));
    await rig.worker.start();
    off();
    off();
    await rig.settle();
    expect(seen).toEqual(['ready']);
    await rig.worker.stop();
  });

  test('a command from within a listener is carried out after what it interrupts', async () => {
    const rig = engineRig(['m'], { concurrent: 1 });
    const states: string[] = [];
    rig.worker.on('job-state', ({ state }) => {
      states.push(state);
      if (state === 'queued' && states.length === 2) void rig.worker.command({ verb: 'stop', mirror: 'm' });
    });
    await rig.worker.start();
    await rig.settle();
    expect(states).toEqual(['ready', 'queued', 'paused']);
    expect(rig.executor.started).toEqual([]);
    await rig.worker.command({ verb: 'start', mirror: 'm' });
    await rig.settle();
    expect(rig.job('m').state).toBe('running');
    await rig.worker.stop();
  });

  test('a slot that was given up again before its run began admits nobody', async () => {
    const later = Date.parse('2026-11-23T13:00:00Z');
    const rig = engineRig(['m', 'other'], {
      concurrent: 1,
      state: memoryState(['m', 'other'].map((name) => ({ ...newRecord(name), nextDue: later }))),
    });
    const say = (verb: 'start' | 'stop', mirror: string) => void rig.worker.command({ verb, mirror });
    let interfered = false;
    rig.worker.on('job-state', ({ mirror, state }) => {
      if (mirror !== 'm' || interfered) return;
      if (state === 'paused') {
        interfered = true;
        say('start', 'other');
      } else if (state === 'queued') {
        say('stop', 'm');
        say('start', 'm');
      }
    });
    await rig.worker.start();
    say('start', 'm');
    await rig.settle();
    expect([rig.job('m').state, rig.job('other').state]).toEqual(['queued', 'running']);
    await rig.worker.stop();
  });

  test('a sink that throws is logged and stops nothing', async () => {
    const rig = engineRig(['m'], {
      reports: {
        status: () => {
          throw new TunasyncError('TEST', 'sink bug');
        },
        scheduleChanged: () => {
          throw new TunasyncError('TEST', 'schedule bug');
        },
      },
    });
    await rig.worker.start();
    await rig.settle();
    expect(rig.job('m').state).toBe('running');
    rig.executor.of('m').end();
    await rig.settle();
    expect(rig.job('m')).toMatchObject({ state: 'ready', status: 'success' });
    expect(new Set(rig.logger.messages('error'))).toEqual(
      new Set([
        'a report could not be handed over: sink bug',
        'a report could not be handed over: schedule bug',
      ]),
    );
    await rig.worker.stop();
  });
});
