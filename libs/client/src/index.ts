export { axiosTransport } from './transport/axios-transport.js';
export type { TlsOptions } from './request/check-tls.js';
export { type CallOptions, type ConnectionOptions, type StreamReply } from './request/connection.js';
export * from './request/errors.js';
export type { FollowOptions } from './streams/follow-stream.js';
export type { LogEvent } from './streams/log-event.js';
export type { AtWorker, LogFollowing, LogRange, LogSearch } from './manager/log-options.js';
export type { LogPart } from './manager/log-part.js';
export { ManagerClient } from './manager/manager-client.js';
export type { ManagerEvent } from './streams/manager-event.js';
export type { ManagerReply, ReplyReader } from './manager/manager-reply.js';
export type { ManagerClientOptions } from './manager/manager-requests.js';
export { nodeTransport } from './transport/node-transport.js';
export {
  TransportFailure,
  type ClientCertificate,
  type Transport,
  type TransportFactory,
  type TransportOptions,
  type TransportReply,
  type TransportRequest,
  type TransportStream,
} from './transport/transport.js';
export { WorkerClient, type OpenOptions, type WorkerAnswer } from './worker/worker-client.js';
