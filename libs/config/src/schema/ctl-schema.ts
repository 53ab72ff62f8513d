import { z } from 'zod';
import { integer, key, text } from '../document/key.js';
import type { TableDefinition } from '../document/table.js';
import { clientTlsKeys } from './tls-keys.js';

/** The keys of tunasynctl's file. */
export const ctlTable = {
  schema: z.object({
    manager_addr: key(text(), {
      type: 'string',
      default: 'localhost',
      description: 'Host name or address of the manager.',
    }),
    manager_port: key(integer(1, 65_535), {
      type: 'integer',
      default: '14242',
      description: 'Port of the manager.',
    }),
    ca_cert: key(text(), {
      type: 'path',
      default: 'none: plain HTTP',
      description: 'Certificate of the authority that alone is trusted. When given, HTTPS is spoken.',
    }),
    ...clientTlsKeys('the manager; HTTPS is spoken then'),
  }),
  unsupported: ['api_token'],
} satisfies TableDefinition;
