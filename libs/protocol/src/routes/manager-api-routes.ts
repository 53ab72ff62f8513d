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

/** Which worker is meant, where several have a mirror of that name. */
const ofWorker = { worker: z.string().optional() };

/**
 * Routes of a manager for web pages and other programs that show what goes on, by name. Those for logs, plans and
 * configurations are answered by the worker that has the mirror: 501 when it is too old to offer them.
 */
export const managerApiRoutes = {
  getOverview: route({
    method: 'GET',
    path: '/api/overview',
    reply: apiOverviewSchema,
    summary:
      'What needs attention, worst first; what runs and what is next; how the runs of the last day ended',
  }),
  getTimeline: route({
    method: 'GET',
    path: '/api/timeline',
    query: apiTimelineQuerySchema,
    reply: apiTimelineSchema,
    summary: 'What ran, runs and will run: ?past=&future= (hours, 12; at most 48)&worker=',
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
    summary: 'By what rule a job is scheduled, and its next ten starts, as its worker has it',
  }),
  getJobConfig: route({
    method: 'GET',
    path: '/api/jobs/:worker/:name/config',
    reply: jobConfigSchema,
    summary: 'The configuration that is in force for a mirror at its worker; secrets are masked',
  }),
  findWorkers: route({
    method: 'GET',
    path: '/api/workers',
    reply: z.array(apiWorkerSchema),
    summary: 'All workers, with what they told of themselves and whether they are there',
  }),
  sendCommands: route({
    method: 'POST',
    path: '/api/commands',
    body: apiCommandSchema,
    reply: apiCommandReplySchema,
    summary: 'Pass a command on for many jobs, which are listed or fit a glob; the answer for each',
  }),
  streamEvents: route({
    method: 'GET',
    path: '/api/events',
    reply: z.string(),
    replyType: 'text/event-stream',
    summary: 'What changes, as server-sent events: statuses, progress, workers coming and going',
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
    summary: 'The logs of a mirror, newest first; ?worker= where several have it, as for all logs',
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
    summary: 'Lines of a log with a match and their offsets: ?q=&regex=1&case=1&from=&limit=',
  }),
  streamLog: route({
    method: 'GET',
    path: '/jobs/:name/log/stream',
    query: logStreamQuerySchema.extend(ofWorker),
    reply: z.string(),
    replyType: 'text/event-stream',
    summary: 'The newest log while it is written, as server-sent events; the last ?tail= lines come first',
  }),
} as const;

/** Name of a route of {@link managerApiRoutes}. */
export type ManagerApiRouteName = keyof typeof managerApiRoutes;
