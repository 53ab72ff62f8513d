import { posix } from 'node:path';
import { messageOf, nameProblem } from '@tunasync/protocol';
import type { RE2JS } from 're2js';
import { canonicalText } from '../document/canonical.js';
import { placeOf, type Place, type Problems } from '../document/diagnostics.js';
import { firstSet } from '../document/first-set.js';
import { kindOf } from '../document/key.js';
import { reportIssues } from '../document/table.js';
import { maskUserInfo } from '../secrets/mask.js';
import type { MirrorConfig } from '../settings/types.js';
import { splitCommandLine } from './command-line.js';
import type { Leaf } from './leaf.js';
import { placeOfKey, type MirrorContext } from './mirror-context.js';
import { compilePattern } from './pattern.js';
import { mirrorSchedule } from './schedule.js';
import { expandTemplate } from './template.js';

/** Stage 1 profiles of the two-stage-rsync provider. */
const stage1Profiles = ['debian', 'debian-oldstyle'];

/** Minutes between syncs where the files say nothing. */
export const defaultInterval = 1440;
const defaultRetry = 2;
const defaultLogKeep = 10;

/** A mirror with every value in effect; whatever is wrong with it is added to `context.problems`. */
export function buildMirror(leaf: Leaf, context: MirrorContext): MirrorConfig {
  const { values } = leaf;
  const { global } = context;
  const name = values.name ?? '';
  const provider = values.provider ?? 'rsync';
  const usesRsync = provider === 'rsync' || provider === 'two-stage-rsync';
  checkMirror(leaf, provider, context);
  const interval = firstSet(values.interval, global.interval) ?? defaultInterval;
  const retry = firstSet(values.retry, global.retry) ?? defaultRetry;
  const timeout = firstSet(values.timeout, global.timeout) ?? 0;
  return {
    name,
    provider,
    upstream: values.upstream ?? '',
    intervalMinutes: interval,
    retry,
    timeoutSeconds: timeout,
    workingDir: values.mirror_dir || posix.join(global.mirror_dir ?? '', values.mirror_subdir ?? '', name),
    logDir: logDirOf(leaf, { provider, interval, retry, timeout }, context),
    isMaster: values.role !== 'slave',
    env: values.env ?? {},
    execOnSuccess: [
      ...(values.exec_on_success ?? global.exec_on_success ?? []),
      ...(values.exec_on_success_extra ?? []),
    ],
    execOnFailure: [
      ...(values.exec_on_failure ?? global.exec_on_failure ?? []),
      ...(values.exec_on_failure_extra ?? []),
    ],
    successExitCodes: [
      ...new Set([
        ...(global.dangerous_global_success_exit_codes ?? []),
        ...(values.success_exit_codes ?? []),
        ...(usesRsync ? (global.dangerous_global_rsync_success_exit_codes ?? []) : []),
        ...(usesRsync ? (values.rsync_success_exit_codes ?? []) : []),
      ]),
    ],
    command: values.command ?? '',
    failOnMatch: patternOf(leaf, 'fail_on_match', context.problems),
    sizePattern: patternOf(leaf, 'size_pattern', context.problems),
    useIpv4: values.use_ipv4 ?? false,
    useIpv6: values.use_ipv6 ?? false,
    excludeFile: values.exclude_file ?? '',
    username: values.username ?? '',
    password: values.password ?? '',
    rsyncNoTimeout: values.rsync_no_timeout ?? false,
    rsyncTimeout: values.rsync_timeout ?? 0,
    globalRsyncOptions: provider === 'rsync' ? (global.rsync_options ?? []) : [],
    rsyncOptions: values.rsync_options ?? [],
    rsyncOverride: values.rsync_override ?? [],
    rsyncOverrideOnly: values.rsync_override_only ?? false,
    stage1Profile: values.stage1_profile ?? '',
    memoryLimit: values.memory_limit ?? 0,
    dockerImage: values.docker_image ?? '',
    dockerVolumes: values.docker_volumes ?? [],
    dockerOptions: values.docker_options ?? [],
    snapshotPath: values.snapshot_path ?? '',
    logKeep: firstSet(values.log_keep, global.log_keep) ?? defaultLogKeep,
    ...mirrorSchedule(leaf, interval, context),
    extra: extraOf(leaf, provider, context),
    // as written: what a provider adds to the environment has no part in it
    fingerprint: canonicalText({ ...leaf.others, ...values }),
  };
}

function checkMirror(leaf: Leaf, provider: string, context: MirrorContext): void {
  const { values, invalid } = leaf;
  const error = (key: string, message: string): void => {
    if (!invalid.has(key) && !invalid.has('provider')) context.problems.error(placeOfKey(leaf, key), message);
  };
  const warning = (key: string, message: string): void => {
    if (!invalid.has(key) && !invalid.has('provider'))
      context.problems.warning(placeOfKey(leaf, key), message);
  };
  const problem = values.name === undefined ? 'is missing or empty' : nameProblem(values.name);
  if (problem !== undefined && !invalid.has('name')) {
    context.problems.error(placeOfKey(leaf, 'name'), `the name of a mirror ${problem}`);
  }
  if (values.role !== undefined && !['master', 'slave', ''].includes(values.role)) {
    warning('role', `expected 'master' or 'slave', found '${values.role}': counts as master`);
  }
  const upstream = values.upstream ?? '';
  if (provider === 'rsync' || provider === 'two-stage-rsync') {
    if (!upstream.endsWith('/')) {
      const found = upstream === '' ? kindOf(values.upstream) : `'${maskUserInfo(upstream)}'`;
      error('upstream', `expected an rsync upstream that ends with '/', found ${found}`);
    }
  } else if ((values.rsync_success_exit_codes ?? []).length > 0) {
    warning(
      'rsync_success_exit_codes',
      `has no effect on the mirror '${values.name ?? ''}', as its provider is '${provider}'`,
    );
  }
  if (provider === 'rsync' && values.rsync_override_only === true && values.rsync_override === undefined) {
    error('rsync_override_only', 'expected rsync_override too, as nothing is added to it');
  }
  if (provider === 'two-stage-rsync' && !stage1Profiles.includes(values.stage1_profile ?? '')) {
    warning(
      'stage1_profile',
      `expected 'debian' or 'debian-oldstyle', found ${values.stage1_profile === undefined ? 'nothing' : `'${values.stage1_profile}'`}: the mirror will fail when it runs`,
    );
  }
  if (provider === 'command') {
    const problem = commandProblem(values.command ?? '');
    if (problem !== undefined) error('command', problem);
  }
  checkHookLines(leaf, context);
}

/** Why a command line cannot be run, if so. */
function commandProblem(line: string): string | undefined {
  try {
    return splitCommandLine(line).length === 0 ? 'expected a command line, found nothing to run' : undefined;
  } catch (error) {
    return messageOf(error);
  }
}

const hookKeys = ['exec_on_success', 'exec_on_failure'] as const;

function checkHookLines(leaf: Leaf, { global, globalPlace, problems }: MirrorContext): void {
  const check = (lines: readonly string[] | undefined, place: Place): void => {
    lines?.forEach((line, index) => {
      const problem = commandProblem(line);
      if (problem !== undefined) problems.error(placeOf(place, index), problem);
    });
  };
  for (const key of hookKeys) {
    if (leaf.values[key] === undefined) check(global[key], placeOf(globalPlace, key));
    else check(leaf.values[key], placeOfKey(leaf, key));
    check(leaf.values[`${key}_extra`], placeOfKey(leaf, `${key}_extra`));
  }
}

function patternOf(leaf: Leaf, key: 'fail_on_match' | 'size_pattern', problems: Problems): RE2JS | undefined {
  const pattern = leaf.values[key];
  if (pattern === undefined) return undefined;
  try {
    return compilePattern(pattern);
  } catch (error) {
    problems.error(placeOfKey(leaf, key), messageOf(error));
    return undefined;
  }
}

/** `log_dir` with the fields of the original's mirror configuration filled in. */
function logDirOf(
  leaf: Leaf,
  effective: { provider: string; interval: number; retry: number; timeout: number },
  { global, globalPlace, problems }: MirrorContext,
): string {
  const { values } = leaf;
  try {
    return expandTemplate(values.log_dir ?? global.log_dir ?? '', {
      Name: values.name ?? '',
      Provider: effective.provider,
      Upstream: values.upstream ?? '',
      Interval: String(effective.interval),
      Retry: String(effective.retry),
      Timeout: String(effective.timeout),
      MirrorDir: values.mirror_dir ?? '',
      MirrorSubDir: values.mirror_subdir ?? '',
      LogDir: values.log_dir ?? '',
      Role: values.role ?? '',
      Command: values.command ?? '',
      FailOnMatch: values.fail_on_match ?? '',
      SizePattern: values.size_pattern ?? '',
      UseIPv6: String(values.use_ipv6 ?? false),
      UseIPv4: String(values.use_ipv4 ?? false),
      ExcludeFile: values.exclude_file ?? '',
      Username: values.username ?? '',
      RsyncNoTimeo: String(values.rsync_no_timeout ?? false),
      RsyncTimeout: String(values.rsync_timeout ?? 0),
      Stage1Profile: values.stage1_profile ?? '',
      DockerImage: values.docker_image ?? '',
      SnapshotPath: values.snapshot_path ?? '',
    });
  } catch (error) {
    const place =
      values.log_dir === undefined ? placeOf(globalPlace, 'log_dir') : placeOfKey(leaf, 'log_dir');
    problems.error(place, messageOf(error));
    return '';
  }
}

/** What the plug-in's own schema makes of the mirror's keys. */
function extraOf(
  leaf: Leaf,
  provider: string,
  { providers, problems }: MirrorContext,
): Record<string, unknown> {
  const schema = providers.get(provider)?.schema;
  if (schema === undefined) return {};
  const all: Record<string, unknown> = { ...leaf.values, ...leaf.others };
  const given = Object.keys(schema.shape).filter((key) => all[key] !== undefined);
  try {
    const result = schema.safeParse(Object.fromEntries(given.map((key) => [key, all[key]])));
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const [key] = issue.path;
      if (typeof key === 'string' && leaf.invalid.has(key)) continue;
      reportIssues(
        (typeof key === 'string' ? leaf.origins.get(key) : undefined) ?? leaf.place,
        [issue],
        problems,
      );
    }
  } catch (error) {
    problems.error(leaf.place, `the provider '${provider}' could not check its keys: ${messageOf(error)}`);
  }
  return {};
}
