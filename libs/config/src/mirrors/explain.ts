import { posix } from 'node:path';
import type { JobConfig } from '@tunasync/protocol';
import { tomlText } from '../document/toml-text.js';
import { isTable, type Table } from '../document/toml.js';
import { mirrorSchema } from '../schema/mirror-schema.js';
import type { MirrorConfig, WorkerConfig } from '../settings/types.js';
import { maskCommandLine, maskDockerOptions, maskOptions, maskText, secretName } from './mask-setting.js';

/** A setting that is in force for a mirror, as it may be shown. */
export type MirrorSetting = JobConfig['settings'][number];

const masked = 'REDACTED';

/**
 * All settings that are in force for a mirror: what it says itself, what it inherits, and defaults. Keys that have no
 * effect are left out. Secrets are masked: what variables are set to, passwords, users in URLs.
 *
 * @returns undefined for a mirror that is not configured
 */
export function explainMirror(config: WorkerConfig, name: string): MirrorSetting[] | undefined {
  const mirror = config.mirrors.find((found) => found.name === name);
  return mirror === undefined ? undefined : new Explanation(config, mirror).settings();
}

class Explanation {
  readonly #config: WorkerConfig;
  readonly #mirror: MirrorConfig;
  /** What the mirror says or inherits from outer ones, without zeros. */
  readonly #written: Table;
  readonly #global: Table;
  readonly #settings: MirrorSetting[] = [];

  constructor(config: WorkerConfig, mirror: MirrorConfig) {
    this.#config = config;
    this.#mirror = mirror;
    this.#written = tableIn(mirror.fingerprint);
    this.#global = tableIn(config.sectionFingerprints['global'] ?? '{}');
  }

  settings(): MirrorSetting[] {
    const ours = Object.keys(mirrorSchema.shape).filter((key) => key !== 'mirrors');
    for (const key of ours) this.#key(key);
    for (const [key, value] of Object.entries({ ...this.#mirror.extra, ...this.#written })) {
      if (!ours.includes(key))
        this.#add(key, value, Object.hasOwn(this.#written, key) ? 'mirror' : 'default');
    }
    this.#addedBySections();
    return this.#settings;
  }

  #key(key: string): void {
    const own = this.#written[key];
    const global = ofGlobal.has(key) ? this.#global[key] : undefined;
    const given = own ?? (isZero(key, global) ? undefined : global);
    const value = Object.hasOwn(inForce, key)
      ? inForce[key]?.(this.#mirror, { given, config: this.#config })
      : given;
    if (value === undefined) return;
    if (key === 'env' && isTable(value)) {
      for (const [variable, text] of Object.entries(value)) this.#add(`env.${variable}`, text, 'mirror');
    } else this.#add(key, value, own !== undefined ? 'mirror' : given !== undefined ? 'global' : 'default');
  }

  /** Lists of other tables that count besides the mirror's own. */
  #addedBySections(): void {
    const { provider, dockerImage } = this.#mirror;
    const rsync = usesRsync(this.#mirror);
    const { docker } = this.#config;
    const lists: [boolean, string, unknown][] = [
      [provider === 'rsync', 'global.rsync_options', this.#global['rsync_options']],
      [true, everyExitCode, this.#global['dangerous_global_success_exit_codes']],
      [rsync, rsyncExitCode, this.#global['dangerous_global_rsync_success_exit_codes']],
      [docker.enable && dockerImage !== '', 'docker.volumes', docker.volumes],
      [docker.enable && dockerImage !== '', 'docker.options', docker.options],
    ];
    for (const [counts, key, value] of lists) {
      if (counts && Array.isArray(value) && value.length > 0) this.#add(key, value, key.split('.')[0] ?? '');
    }
  }

  #add(key: string, value: unknown, source: string): void {
    const shown = maskedValue(key, value);
    const text = tomlText(key, shown);
    const isMasked = text !== tomlText(key, value);
    this.#settings.push({ key, value: text, ...this.#place(key, source), ...(isMasked && { masked: true }) });
  }

  #place(key: string, source: string): Pick<MirrorSetting, 'source' | 'file' | 'line'> {
    const { origins } = this.#config;
    if (source === 'default') return { source };
    const found =
      source === 'mirror'
        ? origins?.mirrors.get(this.#mirror.name)?.find((origin) => origin.key === key)
        : origins?.sections.get(key.includes('.') ? key : `global.${key}`);
    return {
      source: found !== undefined && 'source' in found ? String(found.source) : source,
      ...(found !== undefined && { file: found.file }),
      ...(found?.line !== undefined && { line: found.line }),
    };
  }
}

const everyExitCode = 'global.dangerous_global_success_exit_codes';
const rsyncExitCode = 'global.dangerous_global_rsync_success_exit_codes';

/** Keys that `[global]` has too. */
const ofGlobal: ReadonlySet<string> = new Set([
  'interval',
  'retry',
  'timeout',
  'mirror_dir',
  'log_dir',
  'exec_on_success',
  'exec_on_failure',
  'log_keep',
  'timezone',
  'cron',
  'interval_mode',
  'fixed_rate_anchor',
  'blackout',
  'jitter',
  'priority',
  'disk_quota',
  'retry_delay',
  'retry_delay_max',
  'failure_interval',
  'stale_after',
  'log_max_size',
]);

/** What is known besides the mirror: the value that is given for the key anywhere. */
interface Given {
  given: unknown;
  config: WorkerConfig;
}

type InForce = (mirror: MirrorConfig, given: Given) => unknown;

const usesRsync = ({ provider }: MirrorConfig): boolean =>
  provider === 'rsync' || provider === 'two-stage-rsync';
const withRsync =
  (pick: (mirror: MirrorConfig) => unknown): InForce =>
  (mirror, { given }) =>
    usesRsync(mirror) ? pick(mirror) : given;

/** The values of keys that have a default, or no effect at times (undefined). Of others counts what is given. */
const inForce: Readonly<Record<string, InForce>> = {
  provider: ({ provider }) => provider,
  interval: ({ intervalMinutes, schedule }, { given }) =>
    schedule.kind === 'cron' ? given : intervalMinutes,
  retry: ({ retry }) => Math.max(1, retry),
  timeout: ({ timeoutSeconds }) => timeoutSeconds,
  mirror_dir: ({ workingDir }) => workingDir,
  log_dir: ({ logDir }) => logDir,
  role: ({ isMaster }) => (isMaster ? 'master' : 'slave'),
  command: (mirror, { given }) => given ?? (usesRsync(mirror) ? 'rsync' : undefined),
  use_ipv6: withRsync(({ useIpv6 }) => useIpv6),
  use_ipv4: withRsync(({ useIpv4, useIpv6 }) => useIpv4 && !useIpv6),
  rsync_no_timeout: withRsync(({ rsyncNoTimeout }) => rsyncNoTimeout),
  rsync_timeout: withRsync(({ rsyncTimeout, rsyncNoTimeout }) =>
    rsyncNoTimeout ? undefined : rsyncTimeout || 120,
  ),
  snapshot_path: ({ name }, { given, config: { btrfsSnapshot } }) =>
    btrfsSnapshot.enable ? (given ?? posix.join(btrfsSnapshot.snapshotPath, name)) : undefined,
  docker_image: (_, { given, config }) => (config.docker.enable ? given : undefined),
  log_keep: ({ logKeep }) => logKeep,
  timezone: ({ timezone }) => timezone,
  cron: ({ schedule }) => (schedule.kind === 'cron' ? schedule.expression : undefined),
  interval_mode: ({ schedule: { kind } }) =>
    kind === 'cron' ? undefined : kind === 'interval' ? 'fixed-delay' : kind,
  fixed_rate_anchor: ({ schedule }) =>
    schedule.kind === 'fixed-rate' ? timeOfDay(schedule.anchor) : undefined,
  jitter: ({ jitterMinutes }) => jitterMinutes,
  priority: ({ priority }) => priority,
  disk_quota: ({ diskQuota }) => diskQuota,
  retry_delay: ({ retryDelaySeconds }) => retryDelaySeconds,
  retry_delay_max: ({ retryDelayMaxSeconds }) => retryDelayMaxSeconds,
  failure_interval: ({ failureIntervalMinutes }) => failureIntervalMinutes,
  stale_after: ({ staleAfterMinutes }) => staleAfterMinutes,
  log_max_size: ({ logMaxSize }) => logMaxSize,
};

function maskedValue(key: string, value: unknown): unknown {
  if (key === 'password' || key.startsWith('env.')) return maskAll(value);
  if (/^docker[._]options$/.test(key)) return maskDockerOptions(texts(value));
  if (/^(?:global\.)?rsync_(?:options|override)$/.test(key)) return maskOptions(texts(value));
  if (key === 'command' && typeof value === 'string') return maskCommandLine(value);
  if (key.startsWith('exec_on_')) return texts(value).map(maskCommandLine);
  if (!Object.hasOwn(mirrorSchema.shape, key) && secretName.test(key)) return maskAll(value);
  return maskParts(value);
}

function maskAll(value: unknown): unknown {
  if (value === '' || value === undefined) return value;
  return isTable(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, maskAll(part)]))
    : masked;
}

/** What plug-ins take may be of any shape. */
function maskParts(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return maskList(value);
  if (!isTable(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, secretName.test(key) ? maskAll(part) : maskParts(part)]),
  );
}

const maskList = (list: readonly unknown[]): unknown[] =>
  list.every((part) => typeof part === 'string') ? maskOptions(list) : list.map(maskParts);

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string') : [];
}

/** A zero counts as absent, but for a priority. */
function isZero(key: string, value: unknown): boolean {
  return value === '' || (value === 0 && key !== 'priority');
}

function timeOfDay(minutes: number): string {
  const digits = (part: number): string => String(part).padStart(2, '0');
  return `${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}`;
}

/** Values as they were written, of what is kept as canonical text. */
function tableIn(canonical: string): Table {
  return JSON.parse(canonical) as Table;
}
