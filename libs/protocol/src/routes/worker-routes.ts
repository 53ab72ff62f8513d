import { z } from 'zod';
import {
  logListSchema,
  logReadQuerySchema,
  logSearchQuerySchema,
  logSearchSchema,
  logStreamQuerySchema,
} from '../schemas/logs.js';
import {
  jobConfigSchema,
  jobPlanSchema,
  workerPlanQuerySchema,
  workerPlanSchema,
} from '../schemas/pages-api.js';
import { workerJobSchema } from '../schemas/worker-job.js';
import { route } from './route.js';

/** Routes of workers beyond v0.10, by name. Older workers answer 404. */
export const workerExtensionRoutes = {
  listWorkerJobs: route({
    method: 'GET',
    path: '/jobs',
    reply: z.array(workerJobSchema),
    summary: 'All jobs, with state, schedule, progress and the reason to wait',
  }),
  plan: route({
    method: 'GET',
    path: '/plan',
    query: workerPlanQuerySchema,
    reply: workerPlanSchema,
    summary: 'The starts of all jobs in the next ?hours= (24; at most 48), soonest first',
  }),
  jobPlan: route({
    method: 'GET',
    path: '/jobs/:name/plan',
    reply: jobPlanSchema,
    summary: 'The schedule rule of a job and its next ten starts',
  }),
  jobConfig: route({
    method: 'GET',
    path: '/jobs/:name/config',
    reply: jobConfigSchema,
    summary: 'The effective configuration of a mirror and its sources; secrets are masked',
  }),
  listLogs: route({
    method: 'GET',
    path: '/jobs/:name/logs',
    reply: logListSchema,
    summary: 'The logs of a mirror, newest first',
  }),
  readLog: route({
    method: 'GET',
    path: '/jobs/:name/logs/:log',
    query: logReadQuerySchema,
    reply: z.string(),
    replyType: 'text/plain',
    summary: 'A log, or a part of it: a Range header, ?from=&to= (bytes), ?tail= (lines)',
  }),
  searchLog: route({
    method: 'GET',
    path: '/jobs/:name/logs/:log/search',
    query: logSearchQuerySchema,
    reply: logSearchSchema,
    summary: 'Matching lines of a log and their offsets: ?q=&regex=1&case=1&from=&limit=',
  }),
  streamLog: route({
    method: 'GET',
    path: '/jobs/:name/log/stream',
    query: logStreamQuerySchema,
    reply: z.string(),
    replyType: 'text/event-stream',
    summary:
      'The newest log while it is written, as server-sent events, beginning with the last ?tail= lines',
  }),
} as const;

/** Name of a route of workers beyond v0.10. */
export type WorkerExtensionRouteName = keyof typeof workerExtensionRoutes;
