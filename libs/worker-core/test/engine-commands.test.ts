import { describe, expect, test } from '@jest/globals';
import { memoryState, type CommandResult, type JobState, type WorkerCommand } from '../src/index.js';
import { newRecord } from '../src/job/report.js';
import { engineRig } from './support/engine-rig.js';
import { HeldState } from './support/held-state.js';

const ok: CommandResult = { status: 200, message: 'OK' };
const due = Date.parse('2026-11-23T13:00:00Z');

type Column = 'ready' | 'queued' | 'running' | 'paused' | 'disabled';
type Command = 'start' | 'force' | 'restart' | 'stop' | 'disable' | 'ping' | 'halt';

/** What is seen after a command: the state, what managers are told, and what is started and killed. */
interface Cell {
  state: JobState;
  told?: string[];
  started?: number;
  killed?: number;
}

const asItIs = (state: Column): Cell => ({ state });
const runs: Cell = { state: 'running', told: ['pre-syncing', 'syncing'], started: 1 };
const paused: Cell = { state: 'paused', told: ['paused'] };
const disabled: Cell = { state: 'disabled', told: ['disabled'] };

/** The commands and states of the original, cell by cell. */
const table: Record<Command, Record<Column, Cell>> = {
  start: {
    ready: runs,
    queued: asItIs('queued'),
    running: asItIs('running'),
    paused: runs,
    disabled: runs,
  },
  force: {
    ready: runs,
    queued: runs,
    running: asItIs('running'),
    paused: runs,
    disabled: runs,
  },
  restart: {
    ready: runs,
    queued: asItIs('queued'),
    running: {
      state: 'running',
      told: ['failed killed by manager', 'pre-syncing', 'syncing'],
      started: 1,
      killed: 1,
    },
    paused: runs,
    disabled: runs,
  },
  stop: {
    ready: paused,
    queued: paused,
    running: { ...paused, killed: 1 },
    paused: asItIs('paused'),
    disabled: asItIs('disabled'),
  },
  disable: {
    ready: disabled,
    queued: disabled,
    running: { ...disabled, killed: 1 },
    paused: disabled,
    disabled: asItIs('disabled'),
  },
  ping: {
    ready: asItIs('ready'),
    queued: asItIs('queued'),
    running: asItIs('running'),
    paused: asItIs('paused'),
    disabled: asItIs('disabled'),
  },
  halt: {
    ready: { state: 'none' },
    queued: { state: 'none' },
    running: { state: 'none', told: ['failed killed by manager'], killed: 1 },
    paused: asItIs('paused'),
    disabled: asItIs('disabled'),
  },
};

/** A worker with one slot and the mirror `m` in a state; `other` holds the slot when `slotTaken`. */
async function inState(column: Column, slotTaken: boolean) {
  const mode = column === 'paused' || column === 'disabled' ? column : 'active';
  const record = { ...newRecord('m'), mode, nextDue: mode === 'active' ? due : 0 } as const;
  const rig = engineRig(['m', 'other'], {
    concurrent: 1,
    state: memoryState([record, { ...newRecord('other'), nextDue: due }]),
  });
  await rig.worker.start();
  if (column === 'running') await rig.worker.command({ verb: 'start', mirror: 'm' });
  if (slotTaken || column === 'queued') await rig.worker.command({ verb: 'start', mirror: 'other' });
  if (column === 'queued') await rig.worker.command({ verb: 'start', mirror: 'm' });
  await rig.settle();
  expect(rig.job('m').state).toBe(column);
  return rig;
}

describe.each(Object.keys(table) as Command[])('%s', (command) => {
  test.each(Object.entries(table[command]) as [Column, Cell][])('when %s', async (column, cell) => {
    // what is forced must not need a slot
    const rig = await inState(column, command === 'force' && column !== 'running');
    const before = rig.told('m').length;
    const startedBefore = rig.executor.started.filter(({ mirror }) => mirror === 'm').length;
    const dueBefore = rig.job('m').nextDue;
    if (command === 'halt') {
      await rig.worker.stop();
    } else {
      const force = command === 'force';
      const sent: WorkerCommand = { verb: force ? 'start' : command, mirror: 'm', force };
      expect(await rig.worker.command(sent)).toEqual(ok);
    }
    await rig.settle();

    const mine = rig.executor.started.filter(({ mirror }) => mirror === 'm');
    expect({
      state: rig.job('m').state,
      told: rig.told('m').slice(before),
      started: mine.length - startedBefore,
      killed: mine.filter(({ terminations }) => terminations > 0).length,
    }).toEqual({ told: [], started: 0, killed: 0, ...cell });
    // off the schedule, unless nothing happened to it
    const untouched = command === 'ping' || (command === 'halt' && column !== 'running');
    expect(rig.job('m').nextDue).toBe(
      untouched ? dueBefore : column === 'queued' && cell.state === 'queued' ? dueBefore : 0,
    );
    await rig.worker.stop();
  });
});

describe('commands', () => {
  test('defect 25: a ping leaves the schedule as it is', async () => {
    const rig = await inState('ready', false);
    await rig.worker.command({ verb: 'ping', mirror: 'm' });
    await rig.clock.advance(due - rig.clock.now());
    expect(rig.executor.of('m').gone).toBe(false);
    await rig.worker.stop();
  });

  test('a forced start of a running mirror does not let its next run go round the limit', async () => {
    const rig = await inState('running', false);
    await rig.worker.command({ verb: 'start', mirror: 'm', force: true });
    await rig.worker.command({ verb: 'start', mirror: 'other' });
    await rig.worker.command({ verb: 'restart', mirror: 'm' });
    await rig.settle();
    expect([rig.job('m').state, rig.job('other').state]).toEqual(['queued', 'running']);
    await rig.worker.stop();
  });

  test('an unknown mirror is named, and a job command without one is refused', async () => {
    const rig = engineRig(['m']);
    await rig.worker.start();
    expect(await rig.worker.command({ verb: 'start', mirror: 'nope' })).toEqual({
      status: 404,
      message: "Mirror ``nope'' not found",
    });
    expect(await rig.worker.command({ verb: 'stop', mirror: '' })).toEqual({
      status: 406,
      message: "Invalid Command: 'stop' needs a mirror",
    });
    await rig.worker.stop();
  });

  test('are answered when no crash can undo them any more; a disk that hangs holds up no answer', async () => {
    const state = new HeldState([{ ...newRecord('m'), nextDue: due }]);
    const rig = engineRig(['m'], { state });
    await rig.worker.start();
    state.hold();
    const answers: CommandResult[] = [];
    void rig.worker.command({ verb: 'stop', mirror: 'm' }).then((answer) => answers.push(answer));
    await rig.settle();
    expect(rig.job('m').state).toBe('paused');
    expect(state.waiting).toBe(1);
    expect(answers).toEqual([]);
    state.release();
    await rig.settle();
    expect(answers).toEqual([ok]);
    state.hold();
    void rig.worker.command({ verb: 'disable', mirror: 'm' }).then((answer) => answers.push(answer));
    await rig.clock.advance(3500);
    expect(answers[1]).toEqual({ status: 200, message: 'OK, still at work' });
    const stopped = rig.worker.stop();
    state.release();
    await stopped;
  });

  test('are refused before the start and after the stop', async () => {
    const rig = engineRig(['m']);
    const refused = { status: 500, message: 'the worker is not running' };
    expect(await rig.worker.command({ verb: 'start', mirror: 'm' })).toEqual(refused);
    await rig.worker.start();
    await rig.worker.stop();
    expect(await rig.worker.command({ verb: 'start', mirror: 'm' })).toEqual(refused);
  });

  test('during the start wait for it, are answered in time, and are carried out', async () => {
    let answer: () => void = () => undefined;
    const restore = () =>
      new Promise<undefined>((resolve) => {
        answer = () => {
          resolve(undefined);
        };
      });
    const rig = engineRig(['m'], { restore });
    const started = rig.worker.start();
    await rig.settle();
    const stopped = rig.worker.command({ verb: 'stop', mirror: 'm' });
    await rig.clock.advance(4000);
    expect(await stopped).toEqual({ status: 200, message: 'OK, still at work' });
    answer();
    await started;
    await rig.settle();
    expect(rig.job('m').state).toBe('paused');
    expect(rig.told('m')).toEqual(['paused']);
    await rig.worker.stop();
  });
});

describe('commands while a run is being ended', () => {
  /** A running mirror whose command takes 1.5 s to die. */
  async function stubborn() {
    const rig = engineRig(['m'], { concurrent: 1 });
    rig.executor.killTakesMs = 1500;
    await rig.worker.start();
    await rig.settle();
    await rig.clock.advance(1);
    expect(rig.job('m').state).toBe('running');
    const before = rig.reports.length;
    const say = async (...verbs: WorkerCommand['verb'][]) => {
      for (const verb of verbs) expect(await rig.worker.command({ verb, mirror: 'm' })).toEqual(ok);
    };
    const gone = async () => {
      await rig.clock.advance(2000);
      const first = rig.executor.started[0];
      expect([first?.gone, first?.terminations]).toEqual([true, 1]);
      expect(rig.executor.doubled).toEqual([]);
      return {
        state: rig.job('m').state,
        told: rig.told('m').slice(before),
        started: rig.executor.started.length - 1,
      };
    };
    return { ...rig, say, gone };
  }

  test('its state says what it waits for and what follows', async () => {
    const rig = await stubborn();
    await rig.say('restart');
    expect(rig.job('m')).toMatchObject({ state: 'halting', then: 'queue', waits: { for: 'end-of-run' } });
    expect(rig.executor.started).toHaveLength(1);
    await rig.gone();
    await rig.clock.advance(0);
    const stopping = rig.worker.stop();
    await rig.clock.advance(2000);
    await stopping;
  });

  test.each([
    { verbs: ['stop', 'start'], state: 'running', told: ['paused', 'pre-syncing', 'syncing'], started: 1 },
    { verbs: ['restart', 'stop'], state: 'paused', told: ['paused'], started: 0 },
    { verbs: ['stop', 'stop'], state: 'paused', told: ['paused'], started: 0 },
    { verbs: ['stop', 'disable'], state: 'disabled', told: ['paused', 'disabled'], started: 0 },
    { verbs: ['disable', 'stop'], state: 'disabled', told: ['disabled'], started: 0 },
    {
      verbs: ['disable', 'start'],
      state: 'running',
      told: ['disabled', 'pre-syncing', 'syncing'],
      started: 1,
    },
    {
      verbs: ['restart', 'restart'],
      state: 'running',
      told: ['failed killed by manager', 'pre-syncing', 'syncing'],
      started: 1,
    },
    {
      verbs: ['stop', 'restart', 'start', 'stop', 'start'],
      state: 'running',
      told: ['paused', 'paused', 'pre-syncing', 'syncing'],
      started: 1,
    },
  ] as const)('$verbs ends in $state', async ({ verbs, ...expected }) => {
    const rig = await stubborn();
    await rig.say(...verbs);
    expect(await rig.gone()).toEqual(expected);
    const stopping = rig.worker.stop();
    await rig.clock.advance(2000);
    await stopping;
  });

  test('a halt lets nothing begin that was to follow', async () => {
    const rig = await stubborn();
    await rig.say('restart');
    const stopping = rig.worker.stop();
    expect(await rig.gone()).toEqual({ state: 'none', told: ['failed killed by manager'], started: 0 });
    await stopping;
  });

  test('a halt leaves a pause that was asked for', async () => {
    const rig = await stubborn();
    await rig.say('stop');
    const stopping = rig.worker.stop();
    expect(await rig.gone()).toEqual({ state: 'paused', told: ['paused'], started: 0 });
    await stopping;
  });
});
