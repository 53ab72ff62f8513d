export {
  watchCertificates,
  type CertificateWatch,
  type CertificateWatchOptions,
} from './certificate-watch.js';
export { type ScheduleChore } from './chore.js';
export { createClientGate, type ClientGate, type ClientGateOptions } from './client-gate.js';
export { TlsFilesError } from './errors.js';
export { readTlsFiles, type TlsFilesContent } from './read-tls-files.js';
export {
  renewableServer,
  secureServerOptions,
  type RenewableServerOptions,
  type ServerTexts,
} from './secure-server.js';
export {
  namedFile,
  pairFiles,
  type NamedFile,
  type PairFiles,
  type PemPair,
  type TlsFiles,
  type TlsTexts,
} from './tls-files.js';
