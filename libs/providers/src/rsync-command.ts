import { basename } from 'node:path';
import type { MirrorConfig } from '@tunasync/config';
import type { CommandSpec } from '@tunasync/executors';
import { TunasyncError } from '@tunasync/protocol';
import type { Attempt } from './plugin/interfaces.js';

/** What every sync does. */
const transferOptions = ['-aHvh', '--no-o', '--no-g', '--stats'] as const;

/** Keeps what `--delay-updates` has not moved yet from being taken or deleted. */
const temporaryOptions = ['--filter', 'risk .~tmp~/', '--exclude', '.~tmp~/'] as const;

/** What a sync does that leaves nothing behind that the upstream has not. */
const deleteOptions = ['--delete', '--delete-after', '--delay-updates'] as const;

/** Options of a sync that only adds and replaces. */
export const addingOptions: readonly string[] = [...transferOptions, ...temporaryOptions, '--safe-links'];

/** Options of a complete sync. */
export const completeOptions: readonly string[] = [
  ...transferOptions,
  ...temporaryOptions,
  ...deleteOptions,
  '--safe-links',
];

/**
 * Options of our own, right behind the binary's name: each line reaches the log at once. Without it rsync (3.1 or
 * newer) keeps back the last 4 KiB, progress and all, until the end. It costs a system call for each line.
 */
export const ownRsyncOptions: readonly string[] = ['--outbuf=L'];

/** A command line without {@link ownRsyncOptions}: what the mirror's configuration stands for. */
export function configuredArgv(argv: readonly string[]): string[] {
  const own = ownRsyncOptions.every((option, index) => argv[index + 1] === option);
  return own ? [...argv.slice(0, 1), ...argv.slice(1 + ownRsyncOptions.length)] : [...argv];
}

/** Scripts and other programs in rsync's place may not know our options. */
function ownOptions(program: string): readonly string[] {
  return basename(program) === 'rsync' ? ownRsyncOptions : [];
}

/** `--timeout` in seconds when `rsync_timeout` says nothing. */
const defaultTimeout = 120;

/** Options that mirror keys stand for, the same for every rsync provider. */
function keyedOptions(mirror: MirrorConfig): string[] {
  const options: string[] = [];
  if (!mirror.rsyncNoTimeout) options.push(`--timeout=${mirror.rsyncTimeout || defaultTimeout}`);
  if (mirror.useIpv6) options.push('-6');
  else if (mirror.useIpv4) options.push('-4');
  if (mirror.excludeFile !== '') options.push('--exclude-from', mirror.excludeFile);
  return options;
}

/** Where a provider's own options stand around those that mirror keys stand for. */
export interface RsyncOptions {
  /** Before `--timeout`. */
  leading: readonly string[];
  /** After `--exclude-from`. @defaultValue none */
  trailing?: readonly string[];
  /** Leaves out what mirror keys stand for, and our own options (`rsync_override_only`). @defaultValue false */
  bare?: boolean;
}

/** One rsync of a mirror: binary, options, upstream, working folder; credentials in the environment. */
export function rsyncCommand(mirror: MirrorConfig, attempt: Attempt, options: RsyncOptions): CommandSpec {
  const { leading, trailing = [], bare = false } = options;
  const program = mirror.command || 'rsync';
  return {
    argv: [
      program,
      ...(bare ? [] : ownOptions(program)),
      ...leading,
      ...(bare ? [] : keyedOptions(mirror)),
      ...trailing,
      mirror.upstream,
      mirror.workingDir,
    ],
    cwd: mirror.workingDir,
    env: {
      ...mirror.env,
      ...(mirror.username === '' ? {} : { USER: mirror.username }),
      ...(mirror.password === '' ? {} : { RSYNC_PASSWORD: mirror.password }),
    },
    logFile: attempt.logFile,
  };
}

/** Without the final `/`, rsync makes a folder of the upstream's name inside the working folder. */
export function checkRsyncUpstream(mirror: MirrorConfig): void {
  if (mirror.upstream.endsWith('/')) return;
  throw new TunasyncError(
    'PROVIDER_CONFIG_INVALID',
    `mirrors[${mirror.name}].upstream: expected a URL that ends with '/'`,
  );
}
