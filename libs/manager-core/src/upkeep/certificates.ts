import { namedFile, pairFiles, type TlsFiles } from '@tunasync/certificates';
import type { ManagerConfig } from '@tunasync/config';

/** The part of a manager's configuration that names certificates. */
export interface CertificateConfig {
  server: Partial<Pick<ManagerConfig['server'], 'tls' | 'clientCaFile' | 'clientCert'>>;
  files?: Partial<Pick<ManagerConfig['files'], 'caCertFile'>> | undefined;
}

/** The files of PEM texts that a manager's configuration names, with their keys. */
export function managerTlsFiles({ server, files }: CertificateConfig): TlsFiles {
  return {
    server: pairFiles('server', 'ssl', server.tls),
    clientCa: namedFile('server.client_ca', server.clientCaFile ?? ''),
    client: pairFiles('server', 'client', server.clientCert),
    ca: namedFile('files.ca_cert', files?.caCertFile ?? ''),
  };
}
