import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ApiJobs, JobStateCounts } from '../../../api/types.js';
import { useChanges } from '../../../live/live-context.js';
import { jobCounts } from './job-pages.js';
import type { MirrorsView } from './mirrors-view.js';

/** How many mirrors there are in each state. */
export type StateCounts = JobStateCounts;

/** Milliseconds between two requests for counts that events do not contain. */
const askMs = 2000;

/** The current number of mirrors in each state that match search and worker. */
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
