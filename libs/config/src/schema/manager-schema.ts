import { z } from 'zod';
import { checkedText, flag, integer, key, text } from '../document/key.js';
import type { TableDefinition } from '../document/table.js';
import { checkPublicUrl } from './public-url.js';
import { clientTlsKeys, serverTlsKeys } from './tls-keys.js';

const serverSchema = z.object({
  addr: key(text(), {
    type: 'string',
    default: '127.0.0.1',
    description: 'Address to listen on; IPv6 as `[::]`, empty for all interfaces.',
  }),
  port: key(integer(0, 65_535), {
    type: 'integer',
    default: '14242',
    description: 'Port to listen on. 0: any free one.',
  }),
  ...serverTlsKeys,
  ...clientTlsKeys('workers when posting commands'),
  ui: key(flag(), {
    type: 'boolean',
    default: 'true',
    description:
      'Serve the web frontend and every route beyond tunasync v0.10. `false`: exactly the routes of v0.10, so that workers take the manager for one.',
  }),
  public_url: key(checkedText(checkPublicUrl), {
    type: 'URL',
    default: 'what a request says',
    description:
      'Where browsers see the manager when a proxy stands before it, such as `https://mirrors.example.org/tunasync/`.',
  }),
});

const filesSchema = z.object({
  db_type: key(text(), {
    type: '`leveldb` or `redis`',
    default: '`leveldb`',
    description: 'What keeps the statuses. `bolt` and `badger` of older files are refused.',
  }),
  db_file: key(text(), {
    type: 'path or redis://, rediss://, unix:// URL',
    default: '/var/lib/tunasync/tunasync.db',
    description: 'Where the statuses are kept.',
  }),
  status_file: key(text(), {
    type: 'path',
    default: '/var/lib/tunasync/tunasync.json',
    description: 'File that always holds what `GET /jobs` answers.',
  }),
  ca_cert: key(text(), {
    type: 'path',
    default: "the system's certificates",
    description: 'Certificate of the authority that alone is trusted when posting commands to workers.',
  }),
});

const historySchema = z.object({
  runs_per_mirror: key(integer(0, 1_000_000), {
    type: 'integer',
    default: '200',
    description: 'Finished runs of a mirror at a worker that are kept, newest first. 0 counts as absent.',
  }),
  days: key(integer(0, 36_600, 'days'), {
    type: 'integer (days)',
    default: '90',
    description: 'Finished runs are kept for so long. 0 counts as absent.',
  }),
});

const rootSchema = z.object({
  debug: key(flag(), { type: 'boolean', default: 'false', description: 'Log every request.' }),
});

/** The tables of a manager's file; the one without a name is the top of the file. */
export const managerTables = {
  '': { schema: rootSchema, unsupported: ['notify'] },
  server: {
    schema: serverSchema,
    unsupported: ['api_token'],
  },
  files: { schema: filesSchema, unsupported: [] },
  history: { schema: historySchema, unsupported: [] },
} satisfies Record<string, TableDefinition>;
