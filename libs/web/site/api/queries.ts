import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJson } from './http.js';
import { pathOf, type Query } from './manager-root.js';
import type {
  ApiJob,
  ApiJobs,
  ApiOverview,
  ApiTimeline,
  ApiWorker,
  JobConfig,
  JobKey,
  JobPlan,
  LogFile,
  RunRecord,
} from './types.js';

/** All queries to the manager. `live/live-cache.ts` patches answers by the first part of their keys. */
export const queries = {
  overview: () =>
    queryOptions({
      queryKey: ['overview'],
      queryFn: ({ signal }) => getJson<ApiOverview>('/api/overview', {}, signal),
    }),
  workers: () =>
    queryOptions({
      queryKey: ['workers'],
      queryFn: ({ signal }) => getJson<ApiWorker[]>('/api/workers', {}, signal),
    }),
  jobs: (query: Query) =>
    queryOptions({
      queryKey: ['jobs', query],
      queryFn: ({ signal }) => getJson<ApiJobs>('/api/jobs', query, signal),
      placeholderData: keepPreviousData,
    }),
  job: ({ worker, name }: JobKey) =>
    queryOptions({
      queryKey: ['job', worker, name],
      queryFn: ({ signal }) =>
        getJson<ApiJob>(pathOf('/api/jobs/:worker/:name', { worker, name }), {}, signal),
    }),
  plan: ({ worker, name }: JobKey) =>
    queryOptions({
      queryKey: ['plan', worker, name],
      queryFn: ({ signal }) =>
        getJson<JobPlan>(pathOf('/api/jobs/:worker/:name/plan', { worker, name }), {}, signal),
    }),
  config: ({ worker, name }: JobKey) =>
    queryOptions({
      queryKey: ['config', worker, name],
      queryFn: ({ signal }) =>
        getJson<JobConfig>(pathOf('/api/jobs/:worker/:name/config', { worker, name }), {}, signal),
    }),
  history: ({ worker, name }: JobKey, limit: number) =>
    queryOptions({
      queryKey: ['history', worker, name, limit],
      queryFn: ({ signal }) =>
        getJson<RunRecord[]>(pathOf('/jobs/:name/history', { name }), { worker, limit }, signal),
    }),
  logs: ({ worker, name }: JobKey) =>
    queryOptions({
      queryKey: ['logs', worker, name],
      queryFn: ({ signal }) =>
        getJson<{ logs: LogFile[] }>(pathOf('/jobs/:name/logs', { name }), { worker }, signal),
    }),
  timeline: (query: Query) =>
    queryOptions({
      queryKey: ['timeline', query],
      queryFn: ({ signal }) => getJson<ApiTimeline>('/api/timeline', query, signal),
      placeholderData: keepPreviousData,
    }),
};
