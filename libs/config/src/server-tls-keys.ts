import { key, text } from './key.js';

/** The keys of a server's own certificate, in the `server` table of managers and workers alike. */
export const serverTlsKeys = {
  ssl_cert: key(text(), {
    type: 'path',
    default: 'none: plain HTTP',
    description: 'Certificate of the server, with `ssl_key`.',
  }),
  ssl_key: key(text(), {
    type: 'path',
    default: 'none: plain HTTP',
    description: 'Private key of the server, with `ssl_cert`.',
  }),
};
