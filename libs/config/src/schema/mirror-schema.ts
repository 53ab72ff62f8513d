import { z } from 'zod';
import { exitCodes, flag, integer, key, longest, size, text, texts, textTable } from '../document/key.js';
import type { TableDefinition } from '../document/table.js';
import { laterMirrorKeys, scheduleKeys } from './schedule-keys.js';

const none = 'none';
const rsyncOnly = 'Providers that use rsync only.';

/** The keys of a mirror; all of them are inherited by nested mirrors. */
export const mirrorSchema = z.object({
  name: key(text(), {
    type: 'string',
    default: '',
    description: 'Name of the mirror, unique within the worker. Required.',
  }),
  provider: key(text(), {
    type: '`rsync`, `two-stage-rsync`, `command` or the name of a plug-in',
    default: '`rsync`',
    description: 'What syncs the mirror.',
  }),
  upstream: key(text(), {
    type: 'URL',
    default: '',
    description: 'Where the mirror comes from. For rsync it is required and ends with `/`.',
  }),
  interval: key(integer(0, longest.minutes, 'minutes'), {
    type: 'integer (minutes)',
    default: '`global.interval`',
    description: 'From the end of a sync to the start of the next, see `interval_mode`. 0 counts as absent.',
  }),
  retry: key(integer(0, 1_000_000), {
    type: 'integer',
    default: '`global.retry`',
    description: 'Attempts of a run. 0 counts as absent.',
  }),
  timeout: key(integer(0, longest.seconds, 'seconds'), {
    type: 'integer (seconds)',
    default: '`global.timeout`',
    description: 'An attempt that takes longer is ended and has failed. 0 counts as absent.',
  }),
  mirror_dir: key(text(), {
    type: 'path',
    default: '`<global.mirror_dir>/<mirror_subdir>/<name>`',
    description: 'Folder of the mirror.',
  }),
  mirror_subdir: key(text(), {
    type: 'path',
    default: none,
    description: 'Folder between `global.mirror_dir` and the name.',
  }),
  log_dir: key(text(), {
    type: 'path template',
    default: '`global.log_dir`',
    description: 'Folder of the logs, a template over the mirror.',
  }),
  env: key(textTable(), {
    type: 'table of strings',
    default: none,
    description: "Environment of the sync, added to the worker's own. Nested mirrors add to it key by key.",
  }),
  role: key(text(), {
    type: '`master` or `slave`',
    default: '`master`',
    description: 'Status pages show masters only.',
  }),
  exec_on_success: key(texts(), {
    type: 'string[]',
    default: '`global.exec_on_success`',
    description: 'Command lines to run after a good attempt, instead of the global ones.',
  }),
  exec_on_failure: key(texts(), {
    type: 'string[]',
    default: '`global.exec_on_failure`',
    description: 'Command lines to run after a failed attempt, instead of the global ones.',
  }),
  exec_on_success_extra: key(texts(), {
    type: 'string[]',
    default: none,
    description: 'Command lines to add to `exec_on_success`.',
  }),
  exec_on_failure_extra: key(texts(), {
    type: 'string[]',
    default: none,
    description: 'Command lines to add to `exec_on_failure`.',
  }),
  success_exit_codes: key(exitCodes(), {
    type: 'integer[]',
    default: none,
    description: 'Exit codes that count as success besides 0 and the global ones.',
  }),
  rsync_success_exit_codes: key(exitCodes(), {
    type: 'integer[]',
    default: none,
    description: `Exit codes that count as success besides 0 and the global ones. ${rsyncOnly}`,
  }),
  command: key(text(), {
    type: 'string',
    default: '`rsync` for providers that use it',
    description:
      'Command line of the provider `command`, where it is required; the rsync binary for providers that use rsync.',
  }),
  fail_on_match: key(text(), {
    type: 'RE2 pattern',
    default: none,
    description: 'A sync whose log matches has failed. Provider `command` only.',
  }),
  size_pattern: key(text(), {
    type: 'RE2 pattern',
    default: none,
    description: 'Its first group in the last match in the log is the size. Provider `command` only.',
  }),
  use_ipv6: key(flag(), {
    type: 'boolean',
    default: 'false',
    description: `Use IPv6 only; wins over \`use_ipv4\`. ${rsyncOnly}`,
  }),
  use_ipv4: key(flag(), { type: 'boolean', default: 'false', description: `Use IPv4 only. ${rsyncOnly}` }),
  exclude_file: key(text(), {
    type: 'path',
    default: none,
    description: `File for \`--exclude-from\`. ${rsyncOnly}`,
  }),
  username: key(text(), { type: 'string', default: none, description: `User name. ${rsyncOnly}` }),
  password: key(text(), { type: 'string', default: none, description: `Password. ${rsyncOnly}` }),
  rsync_no_timeout: key(flag(), {
    type: 'boolean',
    default: 'false',
    description: `Leave \`--timeout\` out. ${rsyncOnly}`,
  }),
  rsync_timeout: key(integer(0, longest.seconds, 'seconds'), {
    type: 'integer (seconds)',
    default: '120',
    description: `Value of \`--timeout\`. 0 counts as absent. ${rsyncOnly}`,
  }),
  rsync_options: key(texts(), {
    type: 'string[]',
    default: none,
    description: `Options after the others. ${rsyncOnly}`,
  }),
  rsync_override: key(texts(), {
    type: 'string[]',
    default: none,
    description: 'Options that replace the default ones. Provider `rsync` only.',
  }),
  rsync_override_only: key(flag(), {
    type: 'boolean',
    default: 'false',
    description: 'Add no option at all to `rsync_override`, which is required then. Provider `rsync` only.',
  }),
  stage1_profile: key(text(), {
    type: '`debian` or `debian-oldstyle`',
    default: '',
    description:
      'What the first stage leaves out. Required by the provider `two-stage-rsync`, used by it only.',
  }),
  memory_limit: key(size(), {
    type: 'bytes, or a size such as `256M`',
    default: '0: none',
    description: 'Memory that a sync may use in its cgroup or container. Units are powers of 1024.',
  }),
  docker_image: key(text(), {
    type: 'string',
    default: none,
    description: 'Image to run the sync in, when `docker.enable` is set.',
  }),
  docker_volumes: key(texts(), {
    type: 'string[]',
    default: none,
    description: 'Volumes of the container besides the global ones.',
  }),
  docker_options: key(texts(), {
    type: 'string[]',
    default: none,
    description: 'Options of `docker run` besides the global ones.',
  }),
  snapshot_path: key(text(), {
    type: 'path',
    default: '`<btrfs_snapshot.snapshot_path>/<name>`',
    description: 'The btrfs snapshot of this mirror.',
  }),
  log_keep: key(integer(0, 1_000_000), {
    type: 'integer',
    default: '`global.log_keep`',
    description: 'Logs of this mirror that are kept, newest first. 0 counts as absent.',
  }),
  ...scheduleKeys('mirror'),
  mirrors: key(z.array(z.unknown(), { error: 'expected [[mirrors.mirrors]] tables' }), {
    type: 'mirror[]',
    default: none,
    description:
      'Nested mirrors. They inherit all keys and override those that they set to something other than zero, empty or `rsync`. A mirror with nested ones is no job itself.',
  }),
});

/** The table of a mirror. */
export const mirrorTable = {
  schema: mirrorSchema,
  unsupported: laterMirrorKeys,
} satisfies TableDefinition;

/** What a mirror says, its nested mirrors left out. */
export type MirrorValues = Omit<z.output<typeof mirrorSchema>, 'mirrors'>;
