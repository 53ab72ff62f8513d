import { z } from 'zod';
import {
  apiCommandReplySchema,
  apiCommandSchema,
  apiJobSchema,
  apiJobsQuerySchema,
  apiJobsSchema,
  apiWorkerSchema,
} from '../schemas/jobs-api.js';
import {
  logListSchema,
  logReadQuerySchema,
  logSearchQuerySchema,
  logSearchSchema,
  logStreamQuerySchema,
} from '../schemas/logs.js';
import {
  apiOverviewSchema,
  apiTimelineQuerySchema,
  apiTimelineSchema,
  jobConfigSchema,
  jobPlanSchema,
} from '../schemas/pages-api.js';
import { route } from './route.js';

/** Selects the worker if several have a mirror with this name. */
const ofWorker = { worker: z.string().optional() };

/**
 * Routes of a manager for web pages and other programs that show the state of a site, by name. The worker that has
 * the mirror answers those for logs, plans and configurations; a worker that is too old for them is a 501.
 */
export const managerApiRoutes = {
  getOverview: route({
    method: 'GET',
    path: '/api/overview',
    reply: apiOverviewSchema,
    summary: 'Problems, worst first; running and next syncs; results of the runs of the last day',
  }),
  getTimeline: route({
    method: 'GET',
    path: '/api/timeline',
    query: apiTimelineQuerySchema,
    reply: apiTimelineSchema,
    summary: 'Past, running and planned runs: ?past=&future= (hours, 12; at most 48)&worker=',
  }),
  findJobs: route({
    method: 'GET',
    path: '/api/jobs',
    query: apiJobsQuerySchema,
    reply: apiJobsSchema,
    summary: 'Jobs of all workers: ?q=&status=failed,syncing&state=&worker=&sort=&order=&offset=&limit=',
  }),
  getJob: route({
    method: 'GET',
    path: '/api/jobs/:worker/:name',
    reply: apiJobSchema,
    summary: 'One job, with its progress and why it waits',
  }),
  getJobPlan: route({
    method: 'GET',
    path: '/api/jobs/:worker/:name/plan',
    reply: jobPlanSchema,
    summary: 'The schedule rule of a job and its next ten starts, from its worker',
  }),
  getJobConfig: route({
    method: 'GET',
    path: '/api/jobs/:worker/:name/config',
    reply: jobConfigSchema,
    summary: 'The effective configuration of a mirror, from its worker; secrets are masked',
  }),
  findWorkers: route({
    method: 'GET',
    path: '/api/workers',
    reply: z.array(apiWorkerSchema),
    summary: 'All workers, with their last heartbeat and connection state',
  }),
  sendCommands: route({
    method: 'POST',
    path: '/api/commands',
    body: apiCommandSchema,
    reply: apiCommandReplySchema,
    summary: 'Pass on a command for many jobs, from a list or by a glob; the answer for each',
  }),
  streamEvents: route({
    method: 'GET',
    path: '/api/events',
    reply: z.string(),
    replyType: 'text/event-stream',
    summary: 'Changes as server-sent events: statuses, progress, workers',
  }),
  describeApi: route({
    method: 'GET',
    path: '/api/openapi.json',
    reply: z.looseObject({ openapi: z.string() }),
    summary: 'This API as an OpenAPI document',
  }),
  listLogs: route({
    method: 'GET',
    path: '/jobs/:name/logs',
    query: z.object(ofWorker),
    reply: logListSchema,
    summary: 'The logs of a mirror, newest first; ?worker= if several have it, as for all logs',
  }),
  readLog: route({
    method: 'GET',
    path: '/jobs/:name/logs/:log',
    query: logReadQuerySchema.safeExtend(ofWorker),
    reply: z.string(),
    replyType: 'text/plain',
    summary: 'A log, or a part of it: a Range header, ?from=&to= (bytes), ?tail= (lines)',
  }),
  searchLog: route({
    method: 'GET',
    path: '/jobs/:name/logs/:log/search',
    query: logSearchQuerySchema.extend(ofWorker),
    reply: logSearchSchema,
    summary: 'Matching lines of a log and their offsets: ?q=&regex=1&case=1&from=&limit=',
  }),
  streamLog: route({
    method: 'GET',
    path: '/jobs/:name/log/stream',
    query: logStreamQuerySchema.extend(ofWorker),
    reply: z.string(),
    replyType: 'text/event-stream',
    summary:
      'The newest log while it is written, as server-sent events, beginning with the last ?tail= lines',
  }),
} as const;

/** Name of a route of {@link managerApiRoutes}. */
export type ManagerApiRouteName = keyof typeof managerApiRoutes;
