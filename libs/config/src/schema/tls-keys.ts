import { key, text } from '../document/key.js';

/** The keys of a server's own certificate and of whom it answers, in the `server` table of managers and workers alike. */
export const serverTlsKeys = {
  ssl_cert: key(text(), {
    type: 'path',
    default: 'none: plain HTTP',
    description: 'Certificate of the server, with `ssl_key`. Read again when the file changes.',
  }),
  ssl_key: key(text(), {
    type: 'path',
    default: 'none: plain HTTP',
    description: 'Private key of the server, with `ssl_cert`.',
  }),
  client_ca: key(text(), {
    type: 'path',
    default: 'none: no client certificate is asked for',
    description:
      'Certificate of the authority that must have signed the certificates of clients (docs/tls.md says of which ones). Needs `ssl_cert`.',
  }),
};

/** The keys of the certificate that is shown to the servers of others, told who those are. */
export const clientTlsKeys = (others: string) => ({
  client_cert: key(text(), {
    type: 'path',
    default: 'none',
    description: `Certificate to show to ${others}, with \`client_key\`.`,
  }),
  client_key: key(text(), {
    type: 'path',
    default: 'none',
    description: 'Private key of `client_cert`.',
  }),
});
