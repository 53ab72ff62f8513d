import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { queries } from '../api/queries.js';
import type { JobKey } from '../api/types.js';
import type { LogState } from './log-state.js';

/** Asks for the list of logs again when the stream tells of another one: attempts of one run change no job. */
export function useFreshList({ worker, name }: JobKey, { previous, notice }: LogState): void {
  const client = useQueryClient();
  useEffect(() => {
    if (previous === undefined && notice === undefined) return;
    void client.invalidateQueries({ queryKey: queries.logs({ worker, name }).queryKey });
  }, [client, worker, name, previous, notice]);
}
