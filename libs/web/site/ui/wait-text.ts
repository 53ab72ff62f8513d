import type { TFunction } from 'i18next';
import type { Wait } from '../api/types.js';

const known = ['slot', 'upstream', 'disk', 'blackout', 'retry', 'refused', 'end-of-run'] as const;

/** Describes why a job waits. */
export function waitText(t: TFunction, { for: reason, detail = '' }: Wait): string {
  const found = known.find((one) => one === reason);
  return found === undefined
    ? t('waits.other', { reason: detail || reason })
    : t(`waits.${found}`, { detail });
}
