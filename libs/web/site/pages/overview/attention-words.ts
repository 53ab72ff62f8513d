import type { TFunction } from 'i18next';
import type { ApiAttention, ApiJob } from '../../api/types.js';
import { freeShare } from '../../ui/disk-level.js';
import { firstLine } from '../../ui/first-line.js';
import { bytes, duration } from '../../ui/format.js';

/** A key for things that need attention; it is the same for a failed and a stale mirror. */
export function attentionKey(one: ApiAttention): string {
  switch (one.kind) {
    case 'failed':
    case 'stale':
      return JSON.stringify(['mirror', one.job.worker, one.job.name]);
    case 'worker-lost':
      return JSON.stringify(['worker', one.worker.id]);
    case 'disk-low':
      return JSON.stringify(['disk', one.worker, one.filesystem.path]);
  }
}

/** Why something needs attention. */
export function attentionReason(t: TFunction, locale: string, one: ApiAttention): string {
  switch (one.kind) {
    case 'failed':
      return firstLine(one.job.error_msg) || t('overview.attention.noReason');
    case 'stale':
      return staleReason(t, locale, one.job);
    case 'worker-lost':
      return t('overview.attention.workerLost');
    case 'disk-low': {
      const { free, total } = one.filesystem;
      const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
      return t('overview.attention.disk', {
        free: bytes(free, locale),
        total: bytes(total, locale),
        percent: percent.format(freeShare(one.filesystem) ?? 0),
      });
    }
  }
}

function staleReason(t: TFunction, locale: string, { stale_after }: ApiJob): string {
  return stale_after === undefined
    ? t('overview.attention.staleUnknown')
    : t('overview.attention.stale', { limit: duration(stale_after, locale) });
}
