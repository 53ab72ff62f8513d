import { describe, expect, test } from '@jest/globals';
import type { SyncStatus } from '@tunasync/protocol';
import fc from 'fast-check';
import type { QueuedReport, Report } from '../src/interfaces/report.js';
import { OutboxQueue } from '../src/managers/outbox-queue.js';
import { report as statusReport, runRecord } from './support/fake-manager.js';

const report = (mirror: string, status: SyncStatus): Report => ({
  kind: 'status',
  mirror,
  status: statusReport(mirror, status),
});

const label = (queued: QueuedReport | undefined): string | undefined => {
  if (queued === undefined) return undefined;
  const { report: it } = queued;
  return `${queued.seq} ${it.mirror} ${it.kind === 'status' ? it.status.status : it.run.id}`;
};

test('finished runs are never dropped', () => {
  const queue = new OutboxQueue(1);
  queue.push({ seq: 1, report: { kind: 'run', mirror: 'a', run: runRecord('a', 'r1') } });
  queue.push({ seq: 2, report: report('a', 'syncing') });
  expect(
    queue.push({ seq: 3, report: { kind: 'run', mirror: 'a', run: runRecord('a', 'r2') } }).map(label),
  ).toEqual(['2 a syncing']);
  expect(label(queue.take())).toBe('1 a r1');
});

describe('the barrier', () => {
  test('is clear when all that was there has left, however it left', () => {
    const queue = new OutboxQueue(2);
    expect(queue.barrierClear).toBe(true);
    queue.push({ seq: 1, report: report('a', 'syncing') });
    queue.push({ seq: 2, report: report('b', 'success') });
    queue.setBarrier();
    queue.push({ seq: 3, report: report('a', 'success') });
    expect(queue.barrierClear).toBe(false);
    for (const [next, clear] of [
      ['3 a success', false],
      ['2 b success', true],
    ]) {
      const taken = queue.take();
      expect(label(taken)).toBe(next);
      queue.done(taken!);
      expect(queue.barrierClear).toBe(clear);
    }
  });
});

test('a report that is under way is never dropped', () => {
  const queue = new OutboxQueue(1);
  queue.push({ seq: 1, report: report('a', 'syncing') });
  const taken = queue.take()!;
  expect(queue.push({ seq: 2, report: report('a', 'success') })).toEqual([]);
  queue.putBack(taken);
  expect(queue.push({ seq: 3, report: report('a', 'failed') }).map(label)).toEqual(['1 a syncing']);
  expect(label(queue.take())).toBe('2 a success');
});

test('whatever happens, each mirror keeps its order, no result is lost, and the bound holds', () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant('push' as const),
      mirror: fc.constantFrom('a', 'b', 'c'),
      status: fc.constantFrom<SyncStatus>('pre-syncing', 'syncing', 'success', 'failed', 'paused'),
    }),
    fc.record({ do: fc.constantFrom('take' as const, 'unpark' as const) }),
    fc.record({ do: fc.constantFrom('done' as const, 'back' as const, 'park' as const), nth: fc.nat(5) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new OutboxQueue(5);
      const delivered: QueuedReport[] = [];
      const dropped: QueuedReport[] = [];
      const results = new Set<number>();
      let taken: QueuedReport[] = [];
      let seq = 0;
      const end = (nth: number, how: (entry: QueuedReport) => void): void => {
        const entry = taken[nth % Math.max(taken.length, 1)];
        if (entry === undefined) return;
        taken = taken.filter((other) => other !== entry);
        how(entry);
      };
      const done = (entry: QueuedReport): void => {
        queue.done(entry);
        delivered.push(entry);
      };
      for (const act of steps) {
        if (act.do === 'push') {
          seq += 1;
          if (!act.status.endsWith('syncing')) results.add(seq);
          dropped.push(...queue.push({ seq: seq, report: report(act.mirror, act.status) }));
        } else if ('nth' in act) {
          if (act.do === 'done') end(act.nth, done);
          else {
            end(act.nth, (entry) => {
              queue.putBack(entry, { parked: act.do === 'park' });
            });
          }
        } else if (act.do === 'unpark') queue.unpark();
        else {
          const entry = queue.take();
          if (entry !== undefined) taken.push(entry);
        }
        expect(new Set(taken.map((entry) => entry.report.mirror)).size).toBe(taken.length);
        expect(queue.size).toBe(seq - delivered.length - dropped.length);
      }
      for (const entry of taken) done(entry);
      queue.unpark();
      for (let entry = queue.take(); entry !== undefined; entry = queue.take()) done(entry);
      expect(queue.size).toBe(0);
      expect(queue.mirrors).toEqual([]);
      for (const mirror of ['a', 'b', 'c']) {
        const order = delivered
          .filter((entry) => entry.report.mirror === mirror)
          .map((entry) => entry.seq ?? 0);
        expect(order).toEqual([...order].sort((left, right) => left - right));
      }
      const arrived = new Set(delivered.map((entry) => entry.seq));
      for (const result of results) expect(arrived.has(result)).toBe(true);
      expect(dropped.every((entry) => label(entry)?.endsWith('syncing'))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('with intermediate reports only, no more stay than the bound', () => {
  const queue = new OutboxQueue(10);
  for (let seq = 1; seq <= 1000; seq++)
    queue.push({ seq: seq, report: report('a', seq % 2 === 0 ? 'syncing' : 'pre-syncing') });
  expect(queue.size).toBe(10);
});
