import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { queries } from '../../api/queries.js';
import type { ApiTimeline } from '../../api/types.js';
import { useChanges } from '../../live/live-context.js';
import { queryOf, type TimelineView } from './timeline-view.js';

/** Milliseconds between two requests after events. */
const followMs = 5000;

/** The timeline of a view, kept up to date. */
export function useTimeline(view: TimelineView): UseQueryResult<ApiTimeline> {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  useChanges(({ jobs, removed }) => {
    if (jobs.length === 0 && removed.length === 0) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey: ['timeline'] });
    }, followMs);
  });
  return useQuery({ ...queries.timeline(queryOf(view)), refetchInterval: 60_000 });
}
