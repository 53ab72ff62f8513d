import type { TFunction } from 'i18next';
import { isRunning } from '../../../actions/job-action.js';
import type { ApiJob } from '../../../api/types.js';
import { bytes, duration } from '../../../ui/format.js';
import { waitText } from '../../../ui/wait-text.js';

/** A note in a row: why the mirror failed or waits, or its progress. */
export function jobNote(job: ApiJob, t: TFunction, locale: string): string | undefined {
  const parts = job.status === 'failed' ? failure(job, t) : isRunning(job) ? progress(job, t, locale) : [];
  if (job.waits !== undefined) parts.push(waitText(t, job.waits));
  return parts.length === 0 ? undefined : parts.join(' · ');
}

function failure({ error_msg, consecutive_failures = 0 }: ApiJob, t: TFunction): string[] {
  const times = consecutive_failures > 1 ? [t('mirrors.failures', { count: consecutive_failures })] : [];
  const reason = error_msg.trim().replaceAll(/\s+/g, ' ');
  return reason === '' ? times : [...times, reason];
}

function progress({ progress = {} }: ApiJob, t: TFunction, locale: string) {
  const { percent, rate, eta } = progress;
  return [
    percent === undefined ? '' : t('progress.percent', { percent: Math.floor(percent) }),
    rate === undefined ? '' : t('progress.rate', { rate: bytes(rate, locale) }),
    eta === undefined ? '' : t('progress.eta', { time: duration(eta, locale) }),
  ].filter((word) => word !== '');
}
