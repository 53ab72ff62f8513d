import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JobSnapshot } from '../../interfaces/worker.js';

/** A request about the logs of a mirror, decoded and checked. */
export interface LogRequest<Query> {
  request: IncomingMessage;
  response: ServerResponse;
  /** The mirror that the path names. */
  job: JobSnapshot;
  /** File name of the log that the path names; empty if it names none. */
  log: string;
  query: Query;
}
