import type { AfterHalting, JobState } from '../interfaces/job-state.js';

/** A {@link JobState} with what belongs to it. */
export interface JobPhase {
  readonly state: JobState;
  /** Only while `halting`. */
  readonly then?: AfterHalting;
}

/**
 * What happens to a job: commands, `rebuild` by a reload, and what the engine itself tells it. The `adopt` ones: a
 * command of an earlier process is to be waited for, or to be ended as it was told to; `resume`: a run of an earlier
 * process has none.
 */
export type JobEvent =
  | 'schedule'
  | 'resume'
  | 'adopt'
  | 'adopt-paused'
  | 'adopt-disabled'
  | 'due'
  | 'admitted'
  | 'ended'
  | 'start'
  | 'force-start'
  | 'restart'
  | 'stop'
  | 'disable'
  | 'rebuild'
  | 'halt';

/**
 * What the job has to do on a transition, in this order.
 *
 * `mute` means that no status of the run under way is to be sent any more: the manager has stored a newer one.
 */
export type JobAction =
  | 'schedule'
  | 'schedule-anew'
  | 'unschedule'
  | 'enqueue'
  | 'enqueue-forced'
  | 'go-through'
  | 'queue-anew'
  | 'leave-queue'
  | 'begin'
  | 'adopt'
  | 'kill'
  | 'mute'
  | 'report-paused'
  | 'report-disabled';

/** Where an event leads and what is to be done; undefined: the job stays as it is. */
export interface Transition {
  readonly to: JobPhase;
  readonly actions: readonly JobAction[];
}

const to = (state: JobState, ...actions: JobAction[]): Transition => ({ to: { state }, actions });
const halting = (then: AfterHalting, ...actions: JobAction[]): Transition => ({
  to: { state: 'halting', then },
  actions,
});

type Row = Partial<Record<JobEvent, Transition>>;

const startNow: Row = {
  start: to('queued', 'unschedule', 'enqueue'),
  'force-start': to('queued', 'unschedule', 'enqueue-forced'),
  restart: to('queued', 'unschedule', 'enqueue'),
};

/** The command table of the original (docs/architecture.md, "Life of a sync"), a row for each state but `halting`. */
const table: Record<Exclude<JobState, 'halting'>, Row> = {
  none: {
    ...startNow,
    schedule: to('ready', 'schedule'),
    resume: to('queued', 'enqueue'),
    adopt: to('running', 'adopt'),
    'adopt-paused': halting('paused', 'adopt', 'kill', 'mute'),
    'adopt-disabled': halting('disabled', 'adopt', 'kill', 'mute'),
    stop: to('paused', 'unschedule', 'report-paused'),
    disable: to('disabled', 'unschedule', 'report-disabled'),
  },
  ready: {
    ...startNow,
    due: to('queued', 'enqueue'),
    stop: to('paused', 'unschedule', 'report-paused'),
    disable: to('disabled', 'unschedule', 'report-disabled'),
    rebuild: to('ready', 'schedule-anew'),
    halt: to('none', 'unschedule'),
  },
  queued: {
    admitted: to('running', 'begin'),
    'force-start': to('queued', 'go-through'),
    rebuild: to('queued', 'queue-anew'),
    stop: to('paused', 'leave-queue', 'report-paused'),
    disable: to('disabled', 'leave-queue', 'report-disabled'),
    halt: to('none', 'leave-queue'),
  },
  running: {
    ended: to('ready', 'schedule'),
    restart: halting('queue', 'kill'),
    stop: halting('paused', 'kill', 'mute', 'report-paused'),
    disable: halting('disabled', 'kill', 'mute', 'report-disabled'),
    rebuild: halting('queue', 'kill'),
    halt: halting('none', 'kill'),
  },
  paused: {
    ...startNow,
    disable: to('disabled', 'report-disabled'),
  },
  disabled: startNow,
};

/** Where the end of a run leads that had been told to end. */
const afterHalting: Record<AfterHalting, Transition> = {
  none: to('none'),
  queue: to('queued', 'enqueue'),
  'queue-forced': to('queued', 'enqueue-forced'),
  paused: to('paused'),
  disabled: to('disabled'),
};

/** Commands that come while a run is being ended: they change what follows, never the ending. */
function whileHalting(then: AfterHalting, event: JobEvent): Transition | undefined {
  switch (event) {
    case 'ended':
      return afterHalting[then];
    case 'start':
    case 'restart':
      return then === 'queue-forced' ? undefined : halting('queue');
    case 'force-start':
      return halting('queue-forced');
    case 'stop':
      return then === 'paused' || then === 'disabled'
        ? undefined
        : halting('paused', 'mute', 'report-paused');
    case 'disable':
      return then === 'disabled' ? undefined : halting('disabled', 'mute', 'report-disabled');
    case 'halt':
      return then === 'paused' || then === 'disabled' ? undefined : halting('none');
    default:
      return undefined;
  }
}

/** What an event does to a job in `phase`; undefined: nothing. */
export function transition(phase: JobPhase, event: JobEvent): Transition | undefined {
  if (phase.state === 'halting') return whileHalting(phase.then ?? 'none', event);
  return table[phase.state][event];
}
