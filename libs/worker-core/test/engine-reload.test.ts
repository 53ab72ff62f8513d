import { describe, expect, test } from '@jest/globals';
import type { LoadResult, WorkerConfig } from '@tunasync/config';
import { memoryState, type ReloadReport } from '../src/index.js';
import { newRecord } from '../src/job/report.js';
import { engineRig } from './support/engine-rig.js';
import { HeldState } from './support/held-state.js';
import { configOf, mirrorOf } from './support/mirror.js';

const later = Date.parse('2026-11-23T12:30:00Z');
const scheduled = (name: string) => ({ ...newRecord(name), nextDue: later });

describe('a reload', () => {
  test('defects 23 and 24: leaves unchanged mirrors alone, a running sync of theirs goes on', async () => {
    const written = 'name = "same", with env and password';
    const same = () => mirrorOf('same', { env: { A: '1' }, password: 'secret', fingerprint: written });
    const rig = engineRig([same(), 'idle'], { state: memoryState([scheduled('idle')]) });
    await rig.worker.start();
    await rig.settle();
    const before = rig.reports.length;
    const report = await rig.worker.reload(configOf([same(), mirrorOf('idle')]));
    await rig.settle();
    expect(report).toEqual({ added: [], changed: [], removed: [], unchanged: 2, ignoredSections: [] });
    expect(rig.executor.of('same').terminations).toBe(0);
    expect(rig.job('idle')).toMatchObject({ state: 'ready', nextDue: later });
    expect(rig.reports).toHaveLength(before);
    await rig.worker.stop();
  });

  test('runs new mirrors now', async () => {
    const rig = engineRig(['a']);
    const reloads: ReloadReport[] = [];
    rig.worker.on('reloaded', (report) => reloads.push(report));
    await rig.worker.start();
    await rig.worker.reload(configOf([mirrorOf('a'), mirrorOf('b')]));
    await rig.settle();
    expect(rig.executor.of('b').gone).toBe(false);
    expect(reloads.map(({ added }) => added)).toEqual([['b']]);
    await rig.worker.stop();
  });

  test('ends a changed one that runs, and runs it anew with its new configuration', async () => {
    const rig = engineRig(['m']);
    await rig.worker.start();
    await rig.settle();
    await rig.worker.reload(configOf([mirrorOf('m', { workingDir: '/elsewhere' })]));
    await rig.settle();
    const [old, anew] = rig.executor.started;
    expect(old).toMatchObject({ gone: true, terminations: 1, spec: { cwd: '/nowhere/m' } });
    expect(anew).toMatchObject({ gone: false, terminations: 0, spec: { cwd: '/elsewhere' } });
    expect(rig.told('m').slice(2)).toEqual(['failed killed by manager', 'pre-syncing', 'syncing']);
    expect(rig.executor.doubled).toEqual([]);
    await rig.worker.stop();
  });

  test('runs a changed one that is scheduled now; paused and disabled ones stay what they are', async () => {
    const rig = engineRig(['ready', 'paused', 'disabled'], {
      state: memoryState([
        scheduled('ready'),
        { ...newRecord('paused'), mode: 'paused' },
        { ...newRecord('disabled'), mode: 'disabled' },
      ]),
    });
    await rig.worker.start();
    const changed = ['ready', 'paused', 'disabled'].map((name) => mirrorOf(name, { retry: 7 }));
    const report = await rig.worker.reload(configOf(changed));
    await rig.settle();
    expect(report.changed).toEqual(['ready', 'paused', 'disabled']);
    expect(rig.worker.jobs().map(({ state }) => state)).toEqual(['running', 'paused', 'disabled']);
    expect(rig.executor.started.map(({ mirror }) => mirror)).toEqual(['ready']);
    await rig.worker.stop();
  });

  test('a changed one that waits for a slot keeps its place, and runs with its new configuration', async () => {
    const rig = engineRig(['first', 'm', 'last'], { concurrent: 1 });
    await rig.worker.start();
    await rig.settle();
    await rig.worker.reload(
      configOf([mirrorOf('first'), mirrorOf('m', { workingDir: '/elsewhere' }), mirrorOf('last')]),
    );
    rig.executor.of('first').end();
    await rig.settle();
    expect(rig.executor.running.map(({ spec }) => spec.cwd)).toEqual(['/elsewhere']);
    await rig.worker.stop();
  });

  test('disables removed ones and forgets them', async () => {
    const rig = engineRig(['a', 'b', 'c'], { state: memoryState([scheduled('b'), scheduled('c')]) });
    rig.executor.killTakesMs = 1000;
    await rig.worker.start();
    await rig.settle();
    const report = await rig.worker.reload(configOf([mirrorOf('c')]));
    await rig.settle();
    expect(report.removed).toEqual(['a', 'b']);
    expect(rig.worker.jobs().map(({ name }) => name)).toEqual(['c']);
    expect(rig.told('a')).toEqual(['pre-syncing', 'syncing', 'disabled']);
    expect(rig.told('b')).toEqual(['disabled']);
    expect(await rig.worker.command({ verb: 'start', mirror: 'a' })).toMatchObject({ status: 404 });
    await rig.clock.advance(1000);
    expect(rig.executor.of('a').gone).toBe(true);
    expect([...(await rig.state.load()).keys()]).toEqual([]);
    await rig.worker.stop();
  });

  test('forgets a removed one that waited for its turn after a crash, once its record is on its way', async () => {
    const run = { attempt: 1, attemptStarted: 1000, command: 0, handle: null, logFile: '' };
    const left = (name: string) => ({ ...newRecord(name), lastStarted: 1000, run: { id: name, ...run } });
    const state = new HeldState([left('a'), left('b')]);
    const rig = engineRig(['a', 'b'], { state, concurrent: 1 });
    await rig.worker.start();
    await rig.settle();
    expect(rig.job('b').state).toBe('queued');
    state.hold();
    await rig.worker.reload(configOf([mirrorOf('a')]));
    await rig.settle();
    expect([...(await state.load()).keys()]).toEqual(['a', 'b']);
    expect(rig.runs).toEqual([]);
    state.release();
    await rig.settle();
    expect(rig.runs).toMatchObject([{ id: 'b', result: 'killed', error_msg: 'killed by manager' }]);
    expect([...(await state.load()).keys()]).toEqual(['a']);
    await rig.worker.stop();
  });

  test('that brings a mirror back whose old run is not gone yet waits for that', async () => {
    const rig = engineRig(['m', 'other']);
    rig.executor.killTakesMs = 1000;
    await rig.worker.start();
    await rig.settle();
    await rig.worker.reload(configOf([mirrorOf('other')]));
    await rig.worker.reload(configOf([mirrorOf('other'), mirrorOf('m', { workingDir: '/elsewhere' })]));
    await rig.settle();
    expect(rig.job('m')).toMatchObject({ state: 'halting', then: 'queue' });
    await rig.clock.advance(1000);
    expect(rig.executor.of('m')).toMatchObject({ gone: false, spec: { cwd: '/elsewhere' } });
    expect(rig.executor.doubled).toEqual([]);
    const stopping = rig.worker.stop();
    await rig.clock.advance(1000);
    await stopping;
  });

  test('a mirror that is removed, comes back and is removed again is not forgotten before its last run is gone', async () => {
    const rig = engineRig(['m']);
    let clearedUp = (): void => undefined;
    rig.executor.cleanup = () =>
      new Promise((resolve) => {
        clearedUp = resolve;
      });
    await rig.worker.start();
    await rig.settle();
    await rig.worker.reload(configOf([]));
    await rig.settle();
    await rig.worker.reload(configOf([mirrorOf('m')]));
    await rig.settle();
    expect(rig.executor.started).toHaveLength(2);
    const last = rig.executor.of('m');
    last.terminate = () => new Promise(() => undefined);
    await rig.worker.reload(configOf([]));
    clearedUp();
    await rig.settle();
    // a crash now must leave something by which it is found
    expect((await rig.state.load()).get('m')?.run?.handle).toEqual(last.handle);
    last.end();
    await rig.settle();
    clearedUp();
    await rig.settle();
    expect((await rig.state.load()).size).toBe(0);
    await rig.worker.stop();
  });

  test('a stop waits for the end of what was removed', async () => {
    const rig = engineRig(['m']);
    rig.executor.killTakesMs = 1000;
    await rig.worker.start();
    await rig.settle();
    await rig.worker.reload(configOf([]));
    let stopped = false;
    const stopping = rig.worker.stop().then(() => {
      stopped = true;
    });
    await rig.settle();
    expect(stopped).toBe(false);
    await rig.clock.advance(1000);
    await stopping;
    expect(rig.executor.running).toEqual([]);
  });

  test('says which other sections have changed, and that they need a restart', async () => {
    const sections = (manager: string) => ({ sectionFingerprints: { global: 'g', manager } });
    const rig = engineRig([], { config: configOf([], sections('old')) });
    await rig.worker.start();
    const report = await rig.worker.reload(configOf([], sections('new')));
    expect(report.ignoredSections).toEqual(['manager']);
    expect(rig.logger.messages('warn')).toEqual([
      '[manager] has changed: that takes effect after a restart only',
    ]);
    await rig.worker.stop();
  });

  test('is refused before the start and after the stop', async () => {
    const rig = engineRig([]);
    await expect(rig.worker.reload(configOf([]))).rejects.toMatchObject({ code: 'WORKER_NOT_RUNNING' });
    await rig.worker.start();
    await rig.worker.stop();
    await expect(rig.worker.reload(configOf([]))).rejects.toMatchObject({ code: 'WORKER_NOT_RUNNING' });
  });
});

describe('the command reload', () => {
  const reload = { verb: 'reload', mirror: '' } as const;

  test('defect 3: answers 200 when it has reloaded', async () => {
    const value = configOf([mirrorOf('a')]);
    const rig = engineRig([], { loadConfig: () => Promise.resolve({ ok: true, value, diagnostics: [] }) });
    await rig.worker.start();
    expect(await rig.worker.command(reload)).toEqual({ status: 200, message: 'OK' });
    expect(rig.worker.jobs().map(({ name }) => name)).toEqual(['a']);
    await rig.worker.stop();
  });

  test('defect 22: tells what is wrong with the file, and everything stays as it was', async () => {
    const rig = engineRig(['a'], {
      loadConfig: () =>
        Promise.resolve({
          ok: false,
          diagnostics: [
            { severity: 'warning', file: '/etc/w.conf', line: 1, key: 'global.x', message: 'unknown key' },
            {
              severity: 'error',
              file: '/etc/w.conf',
              line: 7,
              key: 'mirrors[a].retry',
              message: 'not a number',
            },
            { severity: 'error', file: '/etc/w.conf', line: 9, key: 'mirrors[a].name', message: 'missing' },
          ],
        }),
    });
    await rig.worker.start();
    await rig.settle();
    expect(await rig.worker.command(reload)).toEqual({
      status: 500,
      message: '/etc/w.conf:7: mirrors[a].retry: not a number (and 1 more)',
    });
    expect(rig.executor.of('a').gone).toBe(false);
    expect(rig.logger.messages('error')).toEqual([
      'the configuration stays as it was: /etc/w.conf:7: mirrors[a].retry: not a number (and 1 more)',
    ]);
    await rig.worker.stop();
  });

  test('tells why loading rejected, and that there is nothing to load', async () => {
    const rig = engineRig([], { loadConfig: () => Promise.reject(new TypeError('EACCES /etc/w.conf')) });
    await rig.worker.start();
    expect(await rig.worker.command(reload)).toEqual({ status: 500, message: 'EACCES /etc/w.conf' });
    await rig.worker.stop();

    const other = engineRig([]);
    await other.worker.start();
    expect(await other.worker.command(reload)).toMatchObject({ status: 406 });
    await other.worker.stop();
  });

  test('is answered within 4 s though loading takes longer, and goes on', async () => {
    let loaded: (result: LoadResult<WorkerConfig>) => void = () => undefined;
    const rig = engineRig([], {
      loadConfig: () =>
        new Promise((resolve) => {
          loaded = resolve;
        }),
    });
    await rig.worker.start();
    const answer = rig.worker.command(reload);
    await rig.settle();
    await rig.clock.advance(4000);
    expect(await answer).toEqual({ status: 200, message: 'OK, still at work' });
    loaded({ ok: true, value: configOf([mirrorOf('a')]), diagnostics: [] });
    await rig.settle();
    expect(rig.worker.jobs()).toHaveLength(1);
    await rig.worker.stop();
  });

  test('twice at a time are carried out one after the other: the later one is in force', async () => {
    const results: ((result: LoadResult<WorkerConfig>) => void)[] = [];
    const rig = engineRig([], {
      loadConfig: () =>
        new Promise((resolve) => {
          results.push(resolve);
        }),
    });
    await rig.worker.start();
    const answers = [rig.worker.command(reload), rig.worker.command(reload)];
    for (const name of ['a', 'b']) {
      await rig.settle();
      results.shift()?.({ ok: true, value: configOf([mirrorOf(name)]), diagnostics: [] });
    }
    expect(await Promise.all(answers)).toEqual([
      { status: 200, message: 'OK' },
      { status: 200, message: 'OK' },
    ]);
    expect(rig.worker.jobs().map(({ name }) => name)).toEqual(['b']);
    await rig.worker.stop();
  });
});
