import { toUnixMillis, type ProgressEntry, type Wait } from '@tunasync/protocol';
import { nextText, since, statusPaints } from '../tables/job-table.js';
import { jobTime } from '../tables/job-times.js';
import { localTime } from '../text/absolute-time.js';
import { humanBytes } from '../text/human-bytes.js';
import { painted } from '../text/paint.js';
import { printable } from '../text/printable.js';
import { duration, relativeTime } from '../text/relative-time.js';
import type { MirrorAtWorker } from './at-worker.js';

/** Describes a mirror at one worker for people. `now` in milliseconds since the Unix epoch. */
export function statusLines(
  { status, progress, wait, heard }: MirrorAtWorker,
  now: number,
  colors: boolean,
): string[] {
  const at = (instant: number | undefined): string =>
    `${since(instant, now)}${instant === undefined ? '' : ` (${localTime(instant)})`}`;
  const next = jobTime(status, 'next_schedule');
  const nextWords = nextText(status, now);
  const running = status.status === 'syncing' || status.status === 'pre-syncing';
  const failures = status.consecutive_failures ?? 0;
  const fields: [string, string][] = [
    ['progress', progress === undefined ? '' : progressText(progress)],
    ['waits', wait === undefined ? '' : waitText(wait, now)],
    [running ? 'started' : 'last start', at(jobTime(status, 'last_started'))],
    ['last end', at(jobTime(status, 'last_ended'))],
    ['last success', at(jobTime(status, 'last_update'))],
    ['next', next === undefined || nextWords === '-' ? nextWords : `${nextWords} (${localTime(next)})`],
    ['size', status.size],
    ['upstream', status.upstream],
    ['failures', failures === 0 ? '' : `${failures} in a row`],
    ['stale', status.stale === true ? 'yes: the last success is too long ago' : ''],
    ['error', status.error_msg],
    [
      'worker',
      heard === undefined ? '' : `${status.worker}, last heartbeat ${relativeTime(toUnixMillis(heard), now)}`,
    ],
  ];
  const state = colors ? painted(status.status, statusPaints[status.status]) : status.status;
  return [
    `${printable(`${status.name} on ${status.worker}`)}: ${state}`,
    ...fields
      .filter(([, text]) => text !== '')
      .map(([label, text]) => `  ${label.padEnd(12)}  ${printable(text)}`),
  ];
}

/** Describes the progress of a sync in words. */
export function progressText({ percent, bytes, files, rate, eta }: ProgressEntry): string {
  const parts = [
    percent === undefined ? '' : `${percent.toFixed(percent < 10 ? 1 : 0)} %`,
    bytes === undefined ? '' : `${humanBytes(bytes)} received`,
    files === undefined ? '' : `${files} files`,
    rate === undefined ? '' : `${humanBytes(rate)}/s`,
    eta === undefined ? '' : `about ${duration(eta)} left`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Texts for the reasons of a wait in a heartbeat. Unknown reasons are shown unchanged. */
const waits: Readonly<Record<string, string>> = {
  slot: 'for a slot',
  upstream: 'for other syncs from its upstream',
  disk: 'for free space on the disk',
  blackout: 'for the end of a blackout',
  retry: 'before the next attempt',
  refused: 'because the upstream is full or being updated',
  'end-of-run': 'for the end of the previous run',
};

function waitText(wait: Wait, now: number): string {
  const { for: word, until, detail } = wait;
  const text = Object.hasOwn(waits, word) ? (waits[word] ?? word) : word;
  const why = detail === undefined || detail === '' ? '' : `: ${detail}`;
  return `${text}${why}${until === undefined ? '' : `, until ${localTime(until * 1000)} (${relativeTime(until * 1000, now)})`}`;
}
