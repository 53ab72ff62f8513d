import { z } from 'zod';
import { exitCodes, flag, httpUrl, integer, key, longest, text, texts } from '../document/key.js';
import type { TableDefinition } from '../document/table.js';
import { hostLimits } from './host-limits.js';
import { laterMirrorKeys, scheduleKeys } from './schedule-keys.js';
import { clientTlsKeys, serverTlsKeys } from './tls-keys.js';

const none = 'none';

const globalSchema = z.object({
  name: key(text(), { type: 'string', default: '', description: 'Id of this worker. Required.' }),
  log_dir: key(text(), {
    type: 'path template',
    default: '',
    description:
      'Folder of the logs, a template over the mirror such as `/var/log/tunasync/{{.Name}}`. Required unless every mirror has its own.',
  }),
  mirror_dir: key(text(), {
    type: 'path',
    default: '',
    description:
      'Mirrors are kept in `<mirror_dir>/<mirror_subdir>/<name>`. Required unless every mirror has its own.',
  }),
  concurrent: key(integer(0, 1_000_000), {
    type: 'integer',
    default: '4',
    description: 'Syncs that run at the same time. 0 counts as absent.',
  }),
  interval: key(integer(0, longest.minutes, 'minutes'), {
    type: 'integer (minutes)',
    default: '1440',
    description: 'From the end of a sync to the start of the next, see `interval_mode`. 0 counts as absent.',
  }),
  retry: key(integer(0, 1_000_000), {
    type: 'integer',
    default: '2',
    description: 'Attempts of a run. 0 counts as absent.',
  }),
  timeout: key(integer(0, longest.seconds, 'seconds'), {
    type: 'integer (seconds)',
    default: '0',
    description: 'An attempt that takes longer is ended and has failed. 0: never.',
  }),
  rsync_options: key(texts(), {
    type: 'string[]',
    default: none,
    description: "Options of rsync before the mirror's own. Provider `rsync` only.",
  }),
  exec_on_success: key(texts(), {
    type: 'string[]',
    default: none,
    description: 'Command lines to run after every good attempt. No shell runs them.',
  }),
  exec_on_failure: key(texts(), {
    type: 'string[]',
    default: none,
    description: 'Command lines to run after every failed attempt. No shell runs them.',
  }),
  dangerous_global_success_exit_codes: key(exitCodes(), {
    type: 'integer[]',
    default: none,
    description: 'Exit codes that count as success besides 0, for every mirror.',
  }),
  dangerous_global_rsync_success_exit_codes: key(exitCodes(), {
    type: 'integer[]',
    default: none,
    description: 'Exit codes that count as success besides 0, for mirrors that use rsync.',
  }),
  state_dir: key(text(), {
    type: 'path',
    default: '`$STATE_DIRECTORY`, else `/var/lib/tunasync/<name>`, else `$XDG_STATE_HOME/tunasync/<name>`',
    description: 'Folder where the worker keeps its own record.',
  }),
  log_keep: key(integer(0, 1_000_000), {
    type: 'integer',
    default: '10',
    description: 'Logs of a mirror that are kept, newest first. 0 counts as absent.',
  }),
  ...scheduleKeys('global'),
  per_upstream_concurrent: key(hostLimits(), {
    type: 'table of integers',
    default: none,
    description:
      'Syncs that run at the same time from one upstream host: `[global.per_upstream_concurrent]` with lines such as `"rsync.example.org" = 2`. Hosts that are not named have no limit.',
  }),
  outbox_max: key(integer(0, 100_000_000), {
    type: 'integer',
    default: '10000',
    description:
      'Reports that are kept for a manager that is away; final results are kept beyond that. 0 counts as absent.',
  }),
});

const managerSchema = z.object({
  api_base: key(
    z.union([z.literal(''), httpUrl()], { error: 'expected a URL such as http://localhost:14242' }),
    {
      type: 'URL',
      default: 'none: a worker on its own',
      description: 'Base URL of the manager.',
    },
  ),
  api_base_list: key(
    z.array(httpUrl(), { error: 'expected a list of URLs such as ["http://localhost:14242"]' }),
    { type: 'URL[]', default: none, description: 'Base URLs of several managers. Wins over `api_base`.' },
  ),
  ca_cert: key(text(), {
    type: 'path',
    default: "the system's certificates",
    description: 'Certificate of the authority that alone is trusted when talking to a manager.',
  }),
  ...clientTlsKeys('managers'),
});

const serverSchema = z.object({
  hostname: key(text(), {
    type: 'string',
    default: '',
    description: 'Host name under which a manager reaches this worker.',
  }),
  listen_addr: key(text(), {
    type: 'string',
    default: 'all interfaces',
    description: "Address of the worker's own server; IPv6 as `[::]`.",
  }),
  listen_port: key(integer(0, 65_535), {
    type: 'integer',
    default: '0',
    description: "Port of the worker's own server. 0: any free one.",
  }),
  ...serverTlsKeys,
});

const cgroupSchema = z.object({
  enable: key(flag(), {
    type: 'boolean',
    default: 'false',
    description: 'Run each sync in a cgroup of its own.',
  }),
  group: key(text(), {
    type: 'string',
    default: "the worker's own cgroup",
    description: "Cgroup to work in, relative to the hierarchy's root.",
  }),
});

const dockerSchema = z.object({
  enable: key(flag(), {
    type: 'boolean',
    default: 'false',
    description: 'Run mirrors that have a `docker_image` in containers.',
  }),
  volumes: key(texts(), {
    type: 'string[]',
    default: none,
    description: 'Volumes of every container, as `docker run -v` takes them.',
  }),
  options: key(texts(), {
    type: 'string[]',
    default: none,
    description: 'Options of `docker run` for every container.',
  }),
});

const zfsSchema = z.object({
  enable: key(flag(), {
    type: 'boolean',
    default: 'false',
    description: 'Check that every mirror has a ZFS dataset of its own.',
  }),
  zpool: key(text(), { type: 'string', default: '', description: 'Pool of the datasets `<zpool>/<name>`.' }),
});

const btrfsSchema = z.object({
  enable: key(flag(), {
    type: 'boolean',
    default: 'false',
    description: 'Keep mirrors in btrfs subvolumes and take a snapshot after every good sync.',
  }),
  snapshot_path: key(text(), {
    type: 'path',
    default: '',
    description: 'Folder of the snapshots `<snapshot_path>/<name>`.',
  }),
});

const globList = 'expected a glob such as "/etc/tunasync/mirrors/*.conf" or a list of them';
const includeSchema = z.object({
  include_mirrors: key(
    z.union([z.string(), z.array(z.string())], { error: globList }).transform((globs) => [globs].flat()),
    {
      type: 'glob or glob[]',
      default: none,
      description:
        'Files whose `[[mirrors]]` are taken too, in the order of their names. A relative glob is tried in the folder of this file, then in the working directory.',
    },
  ),
});

/** The tables of a worker's file, apart from the mirrors. */
export const workerTables = {
  global: {
    schema: globalSchema,
    unsupported: laterMirrorKeys,
  },
  manager: { schema: managerSchema, unsupported: ['api_token'] },
  server: { schema: serverSchema, unsupported: ['api_token'] },
  cgroup: { schema: cgroupSchema, unsupported: [] },
  docker: { schema: dockerSchema, unsupported: [] },
  zfs: { schema: zfsSchema, unsupported: [] },
  btrfs_snapshot: { schema: btrfsSchema, unsupported: [] },
  include: { schema: includeSchema, unsupported: [] },
} satisfies Record<string, TableDefinition>;
