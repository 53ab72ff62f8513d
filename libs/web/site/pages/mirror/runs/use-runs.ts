import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { queries } from '../../../api/queries.js';
import type { ApiJob, RunRecord } from '../../../api/types.js';
import { isRecordDue } from './run-outcome.js';

/** Runs that the page requests on any tab. */
export const usualRuns = 50;
/** Milliseconds between two requests for a record that has not arrived yet. */
const dueMs = 1500;

/** The newest runs of a mirror. */
export function useRuns(job: ApiJob, limit = usualRuns): UseQueryResult<RunRecord[]> {
  return useQuery({
    ...queries.history(job, limit),
    refetchInterval: ({ state }) => (isRecordDue(job, state.data ?? [], Date.now()) ? dueMs : false),
  });
}
