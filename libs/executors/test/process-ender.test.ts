import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '@tunasync/test-utils';
import { ProcessEnder } from '../src/process/process-ender.js';
import type { ProcessSet } from '../src/process/process-set.js';

/** Processes that exist until a test says otherwise; notes the signals that they get. */
class FakeProcesses implements ProcessSet {
  readonly signals: string[] = [];
  /** The signal that ends them. */
  endsAt: 'SIGTERM' | 'SIGKILL' | undefined;
  there = true;
  launching = false;

  exists = (): boolean => this.there;
  isAlive = (): boolean => this.there;
  isLaunching = (): boolean => this.launching;
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.signals.push(signal);
    if (signal === this.endsAt) this.there = false;
  }
}

describe('ProcessEnder', () => {
  test('a command that ends at once gets no SIGKILL later, and no timer is left', async () => {
    const [clock, processes] = [new FakeClock(), new FakeProcesses()];
    const ender = new ProcessEnder([processes], clock);
    processes.endsAt = 'SIGTERM';
    ender.terminate(2_000);
    await ender.sweep(2_000);
    expect(clock.pending).toBe(0);
    // their number may be that of other processes by now
    processes.there = true;
    await clock.advance(60_000);
    expect(processes.signals).toEqual(['SIGTERM']);
    expect([ender.exists(), ender.isAlive()]).toEqual([false, false]);
    ender.terminate(0);
    await clock.advance(1);
    expect(processes.signals).toEqual(['SIGTERM']);
  });

  test('a command that ignores SIGTERM gets SIGKILL when the grace is over, and not before', async () => {
    const [clock, processes] = [new FakeClock(), new FakeProcesses()];
    const ender = new ProcessEnder([processes], clock);
    processes.endsAt = 'SIGKILL';
    const swept = ender.sweep(2_000);
    await clock.advance(1_999);
    expect(processes.signals).toEqual(['SIGTERM']);
    await clock.advance(251);
    await swept;
    expect(processes.signals).toEqual(['SIGTERM', 'SIGKILL']);
    expect(clock.pending).toBe(0);
  });

  test('a second call of terminate shortens the grace, and never extends it', async () => {
    const [clock, processes] = [new FakeClock(), new FakeProcesses()];
    const ender = new ProcessEnder([processes], clock);
    ender.terminate(5_000);
    ender.terminate(10_000);
    ender.terminate(1_000);
    expect(clock.pending).toBe(1);
    await clock.advance(1_000);
    expect(processes.signals).toEqual(['SIGTERM', 'SIGKILL']);
    await clock.advance(60_000);
    expect(processes.signals).toEqual(['SIGTERM', 'SIGKILL']);
  });

  test('a launcher that has not started its command gets SIGTERM again until it has', async () => {
    const [clock, processes] = [new FakeClock(), new FakeProcesses()];
    const ender = new ProcessEnder([processes], clock);
    processes.launching = true;
    ender.terminate(2_000);
    await clock.advance(25);
    processes.launching = false;
    await clock.advance(25);
    expect(processes.signals).toEqual(['SIGTERM', 'SIGTERM', 'SIGTERM']);
    await clock.advance(1_000);
    expect(processes.signals).toHaveLength(3);
  });
});
