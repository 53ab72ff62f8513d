import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { queries } from '../../api/queries.js';
import type { JobKey } from '../../api/types.js';
import { isMissing } from './log-model.js';
import type { LogState } from './log-state.js';

/**
 * Requests the list of logs again when the stream reports another log (attempts of one run change no job), and
 * when a log of the list no longer exists.
 */
export function useFreshList({ worker, name }: JobKey, { previous, notice, error }: LogState): void {
  const client = useQueryClient();
  const missing = isMissing(error);
  useEffect(() => {
    if (previous === undefined && notice === undefined && !missing) return;
    void client.invalidateQueries({ queryKey: queries.logs({ worker, name }).queryKey });
  }, [client, worker, name, previous, notice, missing]);
}
