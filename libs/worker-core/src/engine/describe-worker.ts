import type { Wait } from '@tunasync/protocol';
import type { Admission } from '../admission/admission.js';
import type { WaitReason } from '../interfaces/events.js';
import type { EngineFacts } from '../interfaces/worker-facts.js';
import type { Job } from '../job/job.js';
import type { FileSystems } from './file-systems.js';

/** What a worker tells of itself now. */
export async function describeWorker(
  jobs: readonly Job[],
  admission: Admission,
  fileSystems: FileSystems,
): Promise<EngineFacts> {
  const waits = jobs.flatMap(({ mirror, waits: wait }) =>
    wait === undefined ? [] : [[mirror.name, toWait(wait)] as const],
  );
  return {
    slots: admission.slots,
    running: admission.taken + admission.forced,
    queued: admission.waiting,
    filesystems: await fileSystems.of(new Set(jobs.map(({ mirror }) => mirror.workingDir))),
    mirrors: jobs.length,
    waits: Object.fromEntries(waits),
  };
}

/** As it travels: instants in seconds, the rest in words. */
export function toWait(reason: WaitReason): Wait {
  const until = 'until' in reason ? Math.ceil(reason.until / 1000) : undefined;
  const detail = detailOf(reason);
  return { for: reason.for, ...(until !== undefined && { until }), ...(detail !== undefined && { detail }) };
}

function detailOf(reason: WaitReason): string | undefined {
  if (reason.for === 'upstream') return reason.host;
  if (reason.for === 'disk') {
    const found = reason.free === undefined ? 'no answer' : `${reason.free} bytes free`;
    return `${reason.path}: ${found}, ${reason.needed} needed`;
  }
  return undefined;
}
