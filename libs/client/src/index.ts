export { axiosTransport } from './axios-transport.js';
export type { TlsOptions } from './check-tls.js';
export { type CallOptions, type ConnectionOptions } from './connection.js';
export * from './errors.js';
export type { FollowOptions } from './follow-stream.js';
export type { LogEvent } from './log-event.js';
export type { AtWorker, LogFollowing, LogRange, LogSearch } from './log-options.js';
export type { LogPart } from './log-part.js';
export { ManagerClient } from './manager-client.js';
export type { ManagerEvent } from './manager-event.js';
export type { ManagerReply, ReplyReader } from './manager-reply.js';
export type { ManagerClientOptions } from './manager-requests.js';
export { nodeTransport } from './node-transport.js';
export {
  TransportFailure,
  type ClientCertificate,
  type Transport,
  type TransportFactory,
  type TransportOptions,
  type TransportReply,
  type TransportRequest,
  type TransportStream,
} from './transport.js';
export { WorkerClient, type WorkerAnswer } from './worker-client.js';
