import { describe, expect, test } from '@jest/globals';
import { nullLogger } from '@tunasync/logger';
import type { MirrorSchedule } from '@tunasync/protocol';
import { waitFor } from '@tunasync/test-utils';
import { createManagerLink } from '../src/index.js';
import { FakeKeyValue, FakeManager, report } from './support/fake-manager.js';
import { managerRig, managerRigOn } from './support/manager-rig.js';

const setUp = managerRig;

const two = (): FakeManager[] => [new FakeManager('http://one:1'), new FakeManager('http://two:2/prefix')];
const due = (...names: string[]): MirrorSchedule[] =>
  names.map((name) => ({ name, next_schedule: '2026-11-24T00:00:00Z' }));

describe('reports', () => {
  test('every manager is registered with and gets every report, in order', async () => {
    const { link, managers, settle } = setUp({ fakes: two() });
    link.start();
    for (const status of ['pre-syncing', 'syncing', 'success'] as const)
      link.status(report('debian', status));
    await settle();
    for (const manager of managers) {
      expect(manager.log).toEqual(['register', 'debian pre-syncing', 'debian syncing', 'debian success']);
      expect(manager.workers.get('w1')).toBe('http://w1:6000/');
    }
    await link.close();
    expect(managers.map(({ closed }) => closed)).toEqual([true, true]);
  });

  test('defect 26: a pause and a disable reach every manager', async () => {
    const { link, managers, settle } = setUp({ fakes: two() });
    link.start();
    link.status(report('a', 'paused'));
    link.status(report('b', 'disabled'));
    await settle();
    expect(managers.map(({ reports }) => reports)).toEqual([
      ['a paused', 'b disabled'],
      ['a paused', 'b disabled'],
    ]);
    await link.close();
  });

  test('what was reported before the start is delivered after it', async () => {
    const { link, first, settle } = setUp();
    link.status(report('a', 'failed'));
    link.scheduleChanged(() => due('a'));
    await settle();
    expect(first.requests).toBe(0);
    link.start();
    await settle();
    expect(first.log).toEqual(['register', 'a failed', 'schedule a']);
    await link.close();
  });

  test('later changes of a report by its maker change nothing', async () => {
    const { link, first, settle } = setUp();
    link.start();
    const mine = report('a', 'success');
    link.status(mine);
    mine.status = 'failed';
    await settle();
    expect(first.reports).toEqual(['a success']);
    await link.close();
  });

  test('one mirror waits for its own report only, and few are under way at a time', async () => {
    const { link, first, settle } = setUp();
    link.start();
    await settle();
    first.hold();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      link.status(report(name, 'pre-syncing'));
      link.status(report(name, 'syncing'));
    }
    await settle();
    expect(first.inFlight).toBe(4);
    first.release();
    await settle();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      expect(first.reports.filter((line) => line.startsWith(name))).toEqual([
        `${name} pre-syncing`,
        `${name} syncing`,
      ]);
    }
    expect(first.mostInFlight).toBe(4);
    await link.close();
  });

  test('a manager that is away does not hold up the others', async () => {
    const { link, managers, settle, logger } = setUp({ fakes: two() });
    managers[0]!.down = true;
    link.start();
    link.status(report('a', 'success'));
    await settle();
    expect(managers[1]!.reports).toEqual(['a success']);
    expect(logger.messages('warn')).toEqual([
      'cannot reach http://one:1: connection refused; trying again, 1 report waiting',
    ]);
    await link.close();
  });

  test('defect 9: what could not be delivered is delivered in order when the manager is back', async () => {
    const { link, first, clock, settle, logger } = setUp();
    link.start();
    await settle();
    first.down = true;
    link.status(report('a', 'pre-syncing'));
    link.status(report('a', 'success', { last_ended: '2026-11-23T12:00:00Z' }));
    await settle();
    link.status(report('a', 'paused'));
    await clock.advance(60_000);
    expect(first.reports).toEqual([]);
    expect(logger.messages('warn')).toHaveLength(1);
    first.down = false;
    await clock.advance(30_000);
    await settle();
    expect(first.reports).toEqual(['a pre-syncing', 'a success', 'a paused']);
    expect(logger.messages('notice').at(-1)).toBe('manager http://manager:14242 takes reports again');
    await link.close();
  });

  test('waits double from 1 s to 30 s', async () => {
    const { link, first, clock } = setUp();
    first.down = true;
    link.start();
    const seen: number[] = [];
    for (let second = 0; second <= 130; second++) {
      if (first.requests > seen.length) seen.push(second);
      await clock.advance(1000);
    }
    expect(seen).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121].map((at) => at + (at === 0 ? 0 : 1)));
    await link.close();
  });

  test('a report that the manager will never take is dropped with a warning, and the next one goes', async () => {
    const { link, first, settle, logger } = setUp();
    first.answerTo = ({ status }) => (status === 'syncing' ? 422 : undefined);
    link.start();
    link.status(report('a', 'syncing'));
    link.status(report('a', 'success'));
    await settle();
    expect(first.reports).toEqual(['a success']);
    expect(logger.messages('warn')).toEqual([
      'the syncing report of a is dropped, the manager refuses it: http://manager:14242 answered 422: no',
    ]);
    await link.close();
  });

  test.each([500, 503, 401, 429])('a report that is answered with %i is tried again', async (status) => {
    const { link, first, clock, settle } = setUp();
    first.answerTo = () => status;
    link.start();
    link.status(report('a', 'success'));
    await settle();
    first.answerTo = () => undefined;
    await clock.advance(1000);
    await settle();
    expect(first.reports).toEqual(['a success']);
    await link.close();
  });

  test('a mirror whose report the manager cannot store does not hold up the others', async () => {
    const { link, first, clock, settle } = setUp();
    first.answerTo = ({ name }) => (name === 'bad' ? 500 : undefined);
    link.start();
    link.status(report('bad', 'failed'));
    link.status(report('bad', 'success'));
    for (let nth = 0; nth < 20; nth++) link.status(report(`m${nth}`, 'success'));
    await settle();
    await clock.advance(60_000);
    expect(first.reports).toHaveLength(20);
    const before = first.requests;
    await clock.advance(60_000);
    expect(first.requests - before).toBeLessThan(6);
    first.answerTo = () => undefined;
    await clock.advance(30_000);
    await settle();
    expect(first.reports.slice(20)).toEqual(['bad failed', 'bad success']);
    await link.close();
  });

  test('an absent manager: superseded intermediate reports go first, results never', async () => {
    const { link, first, clock, settle } = setUp({ outboxMax: 4 });
    first.down = true;
    link.start();
    for (let run = 0; run < 5; run++) {
      for (const status of ['pre-syncing', 'syncing', 'success'] as const) link.status(report('a', status));
    }
    link.status(report('b', 'pre-syncing'));
    await settle();
    first.down = false;
    await clock.advance(1000);
    await settle();
    expect(first.reports.filter((line) => line.startsWith('a'))).toEqual(Array(5).fill('a success'));
    expect(first.reports).toContain('b pre-syncing');
    await link.close();
  });
});

describe('registration', () => {
  test('defect 8: a manager that is away at the start is registered with when it comes', async () => {
    const { link, first, clock, settle } = setUp();
    first.down = true;
    link.start();
    await clock.advance(100_000);
    expect(first.workers.size).toBe(0);
    first.down = false;
    await clock.advance(30_000);
    await settle();
    expect([...first.workers.keys()]).toEqual(['w1']);
    await link.close();
  });

  test('defect 8: a manager that lost its database is registered with again, and told what it lost', async () => {
    const { link, first, clock, settle, logger } = setUp();
    link.start();
    link.status(report('a', 'success'));
    link.status(report('b', 'disabled'));
    link.scheduleChanged(() => due('a'));
    await settle();
    first.loseEverything();
    first.log.length = 0;
    await clock.advance(2000);
    link.status(report('c', 'pre-syncing'));
    await settle();
    expect([...first.workers.keys()]).toEqual(['w1']);
    expect(first.log.slice(0, 2)).toEqual(['register', 'list']);
    expect(first.log.slice(2, 4).sort()).toEqual(['a success', 'c pre-syncing']);
    expect(first.log.slice(4)).toEqual(['schedule a']);
    expect(logger.messages('warn')).toEqual([
      'manager http://manager:14242 does not know this worker any more: registering again',
    ]);
    await link.close();
  });

  test('defect 8: a worker with nothing to report finds out within a minute', async () => {
    const { link, first, clock, settle } = setUp();
    link.start();
    await settle();
    first.loseEverything();
    await clock.advance(60_000);
    await settle();
    expect([...first.workers.keys()]).toEqual(['w1']);
    await link.close();
  });

  test('a manager that says "invalid workerID" now and then is told nothing twice', async () => {
    const { link, first, settle } = setUp();
    link.start();
    link.status(report('a', 'success'));
    await settle();
    first.workers.clear();
    link.status(report('b', 'success'));
    await settle();
    expect(first.reports).toEqual(['a success', 'b success']);
    await link.close();
  });

  test('a manager that takes registrations and nothing else is not asked in a tight loop', async () => {
    const { link, first, clock } = setUp();
    first.amnesiac = true;
    link.start();
    link.status(report('a', 'success'));
    await clock.advance(60_000);
    expect(first.requests).toBeLessThan(30);
    first.amnesiac = false;
    await clock.advance(30_000);
    expect(first.reports).toEqual(['a success']);
    await link.close();
  });
});

describe('the schedule', () => {
  test('goes to every manager after the reports before it, at most once a second, the latest', async () => {
    const { link, managers, clock, settle } = setUp({ fakes: two() });
    link.start();
    await settle();
    link.status(report('a', 'success'));
    link.scheduleChanged(() => due('a'));
    await settle();
    let names = ['b'];
    for (let nth = 0; nth < 50; nth++) link.scheduleChanged(() => due(...names));
    link.status(report('b', 'success'));
    names = ['b', 'c'];
    await clock.advance(999);
    for (const { log } of managers) expect(log).toEqual(['register', 'a success', 'schedule a', 'b success']);
    await clock.advance(1);
    await settle();
    for (const { log } of managers) expect(log.slice(4)).toEqual(['schedule b,c']);
    await clock.advance(10_000);
    expect(managers.map(({ schedules }) => schedules.length)).toEqual([2, 2]);
    await link.close();
  });

  test('is posted once an absent manager is back, the latest only, after all reports', async () => {
    const { link, first, clock, settle } = setUp();
    link.start();
    await settle();
    first.down = true;
    link.status(report('a', 'success'));
    link.scheduleChanged(() => due('a'));
    await clock.advance(20_000);
    link.status(report('b', 'success'));
    link.scheduleChanged(() => due('a', 'b'));
    await settle();
    first.down = false;
    await clock.advance(30_000);
    await settle();
    expect(first.log).toEqual(['register', 'a success', 'b success', 'schedule a,b']);
    await link.close();
  });

  test('is posted again when the manager fails', async () => {
    const { link, first, clock, settle } = setUp();
    link.start();
    await settle();
    first.hold();
    link.scheduleChanged(() => due('a'));
    await settle();
    first.down = true;
    first.release();
    await settle();
    first.down = false;
    await clock.advance(1000);
    await settle();
    expect(first.log).toEqual(['register', 'schedule a']);
    await link.close();
  });
});

describe('restore', () => {
  test("gives the first manager's statuses after the registration", async () => {
    const { link, first } = setUp({ fakes: two() });
    first.statuses.set('a', report('a', 'paused'));
    link.start();
    expect(await link.restore()).toMatchObject({ statuses: [report('a', 'paused')] });
    expect(first.log).toEqual(['register', 'list']);
    await link.close();
  });

  test('waits 5 s for a manager that does not answer', async () => {
    const { link, first, clock } = setUp();
    first.hold();
    link.start();
    let restored: unknown = 'waiting';
    const restoring = link.restore().then((statuses) => (restored = statuses));
    await clock.advance(4999);
    expect(restored).toBe('waiting');
    await clock.advance(1);
    await restoring;
    expect(restored).toBeUndefined();
    await link.close();
  });

  test('still gets an answer from a manager that comes up meanwhile', async () => {
    const { link, first, clock } = setUp();
    first.down = true;
    link.start();
    const restoring = link.restore();
    await clock.advance(2000);
    first.down = false;
    await clock.advance(2000);
    expect(await restoring).toMatchObject({ statuses: [] });
    await link.close();
  });

  test('leaves out mirrors of which the manager has still to be told something', async () => {
    const { link, first, settle } = setUp();
    for (const name of ['a', 'b']) first.statuses.set(name, report(name, 'success'));
    first.answerTo = ({ name }) => (name === 'a' ? 500 : undefined);
    link.start();
    link.status(report('a', 'paused'));
    await settle();
    expect(await link.restore()).toEqual({
      statuses: [report('b', 'success')],
      undelivered: new Set(['a']),
    });
    await link.close();
  });

  test('is undefined without a manager', async () => {
    const { link } = setUp({ managers: [] });
    link.start();
    link.status(report('a', 'success'));
    expect(await link.restore()).toBeUndefined();
    await link.close();
  });
});

describe('close', () => {
  test('delivers what is there', async () => {
    const { link, first } = setUp();
    link.start();
    for (let nth = 0; nth < 100; nth++) link.status(report(`m${nth}`, 'failed'));
    await link.close();
    expect(first.reports).toHaveLength(100);
  });

  test('tries a manager that was away once more, and does not wait for it', async () => {
    const { link, first, clock, logger, settle } = setUp();
    link.start();
    await settle();
    first.down = true;
    link.status(report('a', 'failed'));
    await clock.advance(20_000);
    first.down = false;
    await link.close();
    expect(first.reports).toEqual(['a failed']);
    expect(logger.messages('warn').filter((line) => line.includes('lost'))).toEqual([]);
  });

  test('gives up at once on a manager that refuses connections, and says what is lost', async () => {
    const { link, first, logger, settle } = setUp();
    link.start();
    await settle();
    first.down = true;
    link.status(report('a', 'failed'));
    await settle();
    await link.close();
    expect(logger.messages('warn').at(-1)).toBe(
      '1 report not delivered to manager http://manager:14242: lost',
    );
  });

  test('waits 5 s for a manager that does not answer, delivers to the others, and leaves no timer', async () => {
    const { link, managers, clock, settle } = setUp({ fakes: two() });
    link.start();
    await settle();
    managers[0]!.hold();
    link.status(report('a', 'failed'));
    let closed = false;
    const closing = link.close().then(() => (closed = true));
    await clock.advance(4999);
    expect(closed).toBe(false);
    expect(managers[1]!.reports).toEqual(['a failed']);
    await clock.advance(1);
    await closing;
    expect(clock.pending).toBe(0);
    expect(managers.map(({ inFlight }) => inFlight)).toEqual([0, 0]);
  });

  test('a report that the manager cannot store does not keep the others from being delivered', async () => {
    const { link, first } = setUp();
    first.answerTo = ({ name }) => (name === 'm0' ? 500 : undefined);
    link.start();
    for (let nth = 0; nth < 50; nth++) link.status(report(`m${nth}`, 'failed'));
    await link.close();
    expect(first.reports).toHaveLength(49);
  });

  test('may be repeated, and before the start', async () => {
    const { link, first } = setUp();
    await Promise.all([link.close(), link.close()]);
    link.status(report('a', 'failed'));
    expect(first.requests).toBe(0);
  });
});

describe('with a state folder', () => {
  test('defect 9: undelivered reports survive a restart and go before new ones', async () => {
    const kv = new FakeKeyValue();
    const before = await managerRigOn(kv);
    before.first.down = true;
    before.link.start();
    before.link.status(report('a', 'success', { last_ended: '2026-11-23T12:00:00Z' }));
    before.link.status(report('a', 'paused'));
    await before.settle();
    expect(kv.keys('outbox/')).toEqual([
      'outbox/manager%3A14242/0000000000000001',
      'outbox/manager%3A14242/0000000000000002',
    ]);
    await before.link.close();
    expect(before.logger.messages('warn').at(-1)).toMatch(
      /^2 reports not delivered to .*: kept for the next start$/,
    );

    const after = await managerRigOn(kv);
    after.link.start();
    after.link.status(report('a', 'pre-syncing'));
    await after.settle();
    expect(after.first.reports).toEqual(['a success', 'a paused', 'a pre-syncing']);
    expect(after.first.statuses.get('a')?.status).toBe('pre-syncing');
    await after.link.close();
    expect(kv.keys('outbox/')).toEqual([]);
  });

  test('a report is on disk before it is sent', async () => {
    const kv = new FakeKeyValue();
    const { link, first, settle } = await managerRigOn(kv);
    const seen: string[][] = [];
    first.answerTo = () => {
      seen.push(kv.keys('outbox/'));
      return undefined;
    };
    link.start();
    link.status(report('a', 'success'));
    await settle();
    expect(seen).toEqual([['outbox/manager%3A14242/0000000000000001']]);
    await link.close();
  });

  test('a disk that cannot be written holds up nothing and is reported once', async () => {
    const kv = new FakeKeyValue();
    kv.failing = new Error('no space left on device');
    const { link, first, settle, logger, clock } = await managerRigOn(kv);
    link.start();
    link.status(report('a', 'success'));
    await settle();
    link.status(report('b', 'success'));
    await settle();
    expect(first.reports).toEqual(['a success', 'b success']);
    expect(logger.messages('error')).toEqual([
      "cannot write the worker's state, trying again: no space left on device",
    ]);
    first.down = true;
    link.status(report('c', 'success'));
    await settle();
    kv.failing = undefined;
    await clock.advance(30_000);
    await settle();
    expect(kv.keys('outbox/')).toEqual(['outbox/manager%3A14242/0000000000000003']);
    await link.close();
  });

  test('reports for managers that are gone from the configuration are dropped', async () => {
    const kv = new FakeKeyValue();
    kv.data.set('outbox/old%3A1/0000000000000007', JSON.stringify(report('a', 'success')));
    kv.data.set('outbox/manager%3A14242/0000000000000008', '{broken');
    const { link, settle, logger } = await managerRigOn(kv);
    link.start();
    await settle();
    await link.close();
    expect(kv.keys('outbox/')).toEqual([]);
    expect(logger.messages('warn')).toEqual([
      'the kept report outbox/manager%3A14242/0000000000000008 is invalid and is dropped',
      '1 report for managers that are not configured any more: dropped',
    ]);
  });

  test('the password in a URL is neither logged nor kept', async () => {
    const kv = new FakeKeyValue();
    const manager = new FakeManager('http://user:s3cret@manager:14242/x/');
    const { link, logger, settle } = await managerRigOn(kv, { fakes: [manager] });
    link.start();
    await settle();
    manager.answerTo = () => 500;
    link.status(report('a', 'success'));
    await settle();
    const kept = JSON.stringify([...kv.data]);
    await link.close();
    expect(logger.messages('notice')).toEqual(['registered with manager http://manager:14242/x']);
    expect(kept).toContain('outbox/manager%3A14242%2Fx/');
    expect(kept).not.toContain('s3cret');
  });
});

test.each(['manager:s3cret', 'http://', ''])(
  '%j is refused as the URL of a manager, without showing it',
  (url) => {
    const options = { worker: { id: 'w1', url: 'http://w1/' }, managers: [url], logger: nullLogger };
    expect(() => createManagerLink(options)).toThrow(
      expect.objectContaining({
        code: 'CLIENT_OPTIONS_INVALID',
        message: 'expected a URL such as http://127.0.0.1:14242',
      }),
    );
  },
);

test('a worker whose managers answer leaves nothing waiting', async () => {
  const { link, first } = setUp();
  link.start();
  link.status(report('a', 'success'));
  await waitFor('the report', () => first.reports.length === 1);
  await link.close();
});
