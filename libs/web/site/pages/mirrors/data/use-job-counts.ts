import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ApiJobs, JobStateCounts } from '../../../api/types.js';
import { useChanges } from '../../../live/live-context.js';
import { jobCounts } from './job-pages.js';
import type { MirrorsView } from './mirrors-view.js';

/** How many mirrors there are in each state. */
export type StateCounts = JobStateCounts;

/** Milliseconds between two times that counts are asked for that events do not tell. */
const askMs = 2000;

/** How many mirrors that fit search and worker there are in each state, now. */
export function useJobCounts(view: MirrorsView): StateCounts | undefined {
  const client = useQueryClient();
  const options = jobCounts(view);
  const { data, isPlaceholderData } = useQuery({ ...options, placeholderData: keepPreviousData });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  useChanges(({ jobs, removed, states }) => {
    if (jobs.length === 0 && removed.length === 0) return;
    if (view.q.trim() === '' && view.worker === '') {
      client.setQueryData<ApiJobs>(options.queryKey, (known) => known && { ...known, states });
      return;
    }
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey: options.queryKey, exact: true });
    }, askMs);
  });
  return isPlaceholderData ? undefined : data?.states;
}
