export { axiosTransport } from './axios-transport.js';
export type { TlsOptions } from './check-tls.js';
export { type CallOptions, type ConnectionOptions } from './connection.js';
export * from './errors.js';
export { ManagerClient, type ManagerClientOptions } from './manager-client.js';
export type { ManagerReply, ReplyReader } from './manager-reply.js';
export { nodeTransport } from './node-transport.js';
export {
  TransportFailure,
  type ClientCertificate,
  type Transport,
  type TransportFactory,
  type TransportOptions,
  type TransportReply,
  type TransportRequest,
} from './transport.js';
export { WorkerClient, type WorkerAnswer } from './worker-client.js';
