import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobKey } from '../api/types.js';
import { useNotify } from '../ui/use-notify.js';
import type { JobAction } from './job-action.js';
import { sendCommands, type Answer } from './send-commands.js';

/** An action on many mirrors, and its progress. */
export interface Bulk {
  readonly action: JobAction;
  readonly total: number;
  readonly answers: readonly Answer[];
  /** Whether jobs are still being sent. */
  readonly isSending: boolean;
  /** Sends no more jobs. */
  readonly stop: () => void;
  /** Closes the dialog. Sending continues, and a message reports the result. */
  readonly close: () => void;
}

/** How many jobs were done, were refused, and were not sent. */
export function bulkCounts({ total, answers }: Pick<Bulk, 'total' | 'answers'>): {
  done: number;
  failed: number;
  left: number;
} {
  const failed = answers.filter(({ ok }) => !ok).length;
  return { done: answers.length - failed, failed, left: total - answers.length };
}

/**
 * Runs actions on many mirrors, several at the same time if need be. @returns the one that is shown, and a
 * function that starts one
 */
export function useBulk(): [Bulk | undefined, (action: JobAction, jobs: readonly JobKey[]) => Promise<void>] {
  const { t } = useTranslation();
  const notify = useNotify();
  const [bulk, setBulk] = useState<Bulk>();
  const send = useCallback(
    async (action: JobAction, jobs: readonly JobKey[]): Promise<void> => {
      const stopper = new AbortController();
      const stop = (): void => {
        stopper.abort();
      };
      const own = { isClosed: false };
      const close = (): void => {
        own.isClosed = true;
        setBulk((shown) => (shown?.stop === stop ? undefined : shown));
      };
      const change = (more: (now: Bulk) => Partial<Bulk>): void => {
        setBulk((shown) => (shown?.stop === stop ? { ...shown, ...more(shown) } : shown));
      };
      const total = jobs.length;
      setBulk({ action, total, answers: [], isSending: true, stop, close });
      const answers = await sendCommands(
        action,
        jobs,
        (part) => {
          change((now) => ({ answers: [...now.answers, ...part] }));
        },
        stopper.signal,
      );
      change(() => ({ isSending: false }));
      if (!own.isClosed) return;
      const { done, failed } = bulkCounts({ total, answers });
      notify(failed === 0, t('action.summary', { done, failed, count: total }), t(`action.${action}`));
    },
    [t, notify],
  );
  return [bulk, send];
}
