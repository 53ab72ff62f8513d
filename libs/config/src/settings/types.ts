import type { BlackoutWindow, ScheduleRule } from '@tunasync/scheduler';
import type { RE2JS } from 're2js';

/** A mirror to sync, flattened, with every value in effect. Field docs name the key that it comes from. */
export interface MirrorConfig {
  /** `name` */
  readonly name: string;
  /** `provider` */
  readonly provider: string;
  /** `upstream`, as written */
  readonly upstream: string;
  /** `interval`, minutes */
  readonly intervalMinutes: number;
  /** `retry`: attempts of a run */
  readonly retry: number;
  /** `timeout`, seconds per attempt; 0: never */
  readonly timeoutSeconds: number;
  /** `mirror_dir`, else `<global.mirror_dir>/<mirror_subdir>/<name>` */
  readonly workingDir: string;
  /** `log_dir`, template expanded */
  readonly logDir: string;
  /** `role` is not `slave` */
  readonly isMaster: boolean;
  /** `env`, merged over the parents; without what a provider adds */
  readonly env: Readonly<Record<string, string>>;
  /** Lines to run after a good attempt, in order: `exec_on_success` then `exec_on_success_extra` */
  readonly execOnSuccess: readonly string[];
  /** Lines to run after a failed attempt, in order */
  readonly execOnFailure: readonly string[];
  /** Exit codes that count as success besides 0, global ones first, no duplicates */
  readonly successExitCodes: readonly number[];
  /** `command` as written; empty when absent */
  readonly command: string;
  readonly failOnMatch: RE2JS | undefined;
  readonly sizePattern: RE2JS | undefined;
  readonly useIpv4: boolean;
  readonly useIpv6: boolean;
  readonly excludeFile: string;
  readonly username: string;
  readonly password: string;
  readonly rsyncNoTimeout: boolean;
  /** `rsync_timeout`, seconds; 0: the default of 120 */
  readonly rsyncTimeout: number;
  /** `global.rsync_options` (rsync provider only) */
  readonly globalRsyncOptions: readonly string[];
  readonly rsyncOptions: readonly string[];
  readonly rsyncOverride: readonly string[];
  readonly rsyncOverrideOnly: boolean;
  readonly stage1Profile: string;
  /** `memory_limit`, bytes; 0: none */
  readonly memoryLimit: number;
  readonly dockerImage: string;
  readonly dockerVolumes: readonly string[];
  readonly dockerOptions: readonly string[];
  readonly snapshotPath: string;
  /** `log_keep`: newest logs of this mirror that are kept */
  readonly logKeep: number;
  /** `log_max_size`: bytes of one log that are kept; 0: all */
  readonly logMaxSize: number;
  /** `cron`, or `interval` with `interval_mode` and `fixed_rate_anchor`; in `timezone` */
  readonly schedule: ScheduleRule;
  /** `timezone`: IANA name, for cron and blackout */
  readonly timezone: string;
  /** `blackout`: times of day in which nothing starts */
  readonly blackout: readonly BlackoutWindow[];
  /** `jitter`, minutes: the most that a start is put off */
  readonly jitterMinutes: number;
  /** `priority`, 0 to 100: higher ones get a free slot first */
  readonly priority: number;
  /** `disk_quota`, bytes: nothing starts while less is free in the working folder's file system; 0: none */
  readonly diskQuota: number;
  /** `retry_delay`, seconds after the first failed attempt; doubled after each further one */
  readonly retryDelaySeconds: number;
  /** `retry_delay_max`, seconds */
  readonly retryDelayMaxSeconds: number;
  /** `failure_interval`, minutes from the last failed attempt to the next run; 0: as after a success */
  readonly failureIntervalMinutes: number;
  /** `stale_after`, minutes without a success until the mirror is stale; 0: never */
  readonly staleAfterMinutes: number;
  /** Values of the keys that the provider's plug-in schema adds. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Canonical text of the mirror as written in the files (inherited keys included): equal text, unchanged mirror. Holds secrets. */
  readonly fingerprint: string;
}

/** Where a key stands. */
export interface KeyOrigin {
  readonly file: string;
  /** 1-based; absent when not known. */
  readonly line?: number | undefined;
}

/** Where keys of a mirror, or of a mirror that it is nested in, stand. */
export interface MirrorKeyOrigin extends KeyOrigin {
  /** With a dot for a key of a table, as `env.LANG`. */
  readonly key: string;
  readonly source: 'mirror' | 'parent';
}

/** Where the keys of a worker's configuration stand. */
export interface WorkerConfigOrigins {
  /** By mirror name. */
  readonly mirrors: ReadonlyMap<string, readonly MirrorKeyOrigin[]>;
  /** By key with its table, as `global.interval`. */
  readonly sections: ReadonlyMap<string, KeyOrigin>;
}

/** Files of a certificate and its key; both or none. */
export interface ServerTls {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A worker's configuration with every value in effect. */
export interface WorkerConfig {
  readonly global: {
    /** Worker id */
    readonly name: string;
    readonly concurrent: number;
    /** `state_dir` as written; empty when absent: the app finds the place */
    readonly stateDir: string;
    /** `per_upstream_concurrent`: most syncs at the same time by upstream host */
    readonly perUpstreamConcurrent: Readonly<Record<string, number>>;
    /** `outbox_max`: reports that are kept for an absent manager */
    readonly outboxMax: number;
  };
  readonly manager: {
    /** Base URLs without a trailing `/`; empty: a worker on its own */
    readonly apiBases: readonly string[];
    readonly caCertFile: string;
    /** `client_cert` and `client_key`: shown to managers */
    readonly clientCert: ServerTls | undefined;
  };
  readonly server: {
    readonly hostname: string;
    readonly listenAddr: string;
    readonly listenPort: number;
    readonly tls: ServerTls | undefined;
    /** `client_ca`: who must have signed the certificate of whoever posts commands; empty: nobody */
    readonly clientCaFile: string;
  };
  readonly cgroup: { readonly enable: boolean; readonly group: string };
  readonly docker: {
    readonly enable: boolean;
    readonly volumes: readonly string[];
    readonly options: readonly string[];
  };
  readonly zfs: { readonly enable: boolean; readonly zpool: string };
  readonly btrfsSnapshot: { readonly enable: boolean; readonly snapshotPath: string };
  /** Flattened, in file order; a name occurs once. */
  readonly mirrors: readonly MirrorConfig[];
  /** Canonical text of all but the mirrors, by section, to report what a reload does not take. */
  readonly sectionFingerprints: Readonly<Record<string, string>>;
  /** Where what is in force is written. @defaultValue not known */
  readonly origins?: WorkerConfigOrigins | undefined;
}

/** A manager's configuration with every value in effect. */
export interface ManagerConfig {
  readonly debug: boolean;
  readonly server: {
    readonly addr: string;
    readonly port: number;
    readonly tls: ServerTls | undefined;
    /** `client_ca`: who must have signed the certificates of workers and tunasynctl; empty: nobody */
    readonly clientCaFile: string;
    /** `client_cert` and `client_key`: shown to workers */
    readonly clientCert: ServerTls | undefined;
    /** Serve the web frontend and the routes beyond tunasync v0.10 */
    readonly ui: boolean;
    /** `public_url`: where browsers see the manager, without a slash at the end; empty: where they ask */
    readonly publicUrl: string;
  };
  readonly files: {
    /** Empty when not given in any way (then a regular file at `dbFile` means the original's bolt) */
    readonly dbType: string;
    readonly dbFile: string;
    readonly statusFile: string;
    readonly caCertFile: string;
  };
  readonly history: {
    /** `history.runs_per_mirror`: finished runs of a mirror at a worker that are kept */
    readonly runsPerMirror: number;
    /** `history.days`: how long they are kept */
    readonly days: number;
  };
}

/** tunasynctl's configuration with every value in effect. */
export interface CtlConfig {
  readonly managerAddr: string;
  readonly managerPort: number;
  readonly caCertFile: string;
  /** `client_cert` and `client_key`: shown to the manager */
  readonly clientCert: ServerTls | undefined;
}

/** Something that is wrong or odd in a configuration file. */
export interface Diagnostic {
  /** `error`: nothing can be made of it. `warning`: loaded all the same. */
  severity: 'error' | 'warning';
  file: string;
  /** 1-based; absent when not known. */
  line?: number;
  /** Dotted path such as `mirrors[2].memory_limit` or `mirrors[debian].upstream`; empty for the whole file. */
  key: string;
  message: string;
}

/** A configuration, or why there is none; `diagnostics` may hold warnings in both cases. */
export type LoadResult<T> =
  { ok: true; value: T; diagnostics: Diagnostic[] } | { ok: false; diagnostics: Diagnostic[] };
