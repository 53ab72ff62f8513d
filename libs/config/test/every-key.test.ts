import { describe, expect, test } from '@jest/globals';
import {
  configKeys,
  type CtlConfig,
  type ManagerConfig,
  type MirrorConfig,
  type WorkerConfig,
} from '../src/index.js';
import { ctl, inMemory, manager, worker } from './support.js';

/** A key, TOML that sets it, what of the result to look at, and what is there then. */
type Case<Config> = [key: string, toml: string, pick: (config: Config) => unknown, expected: unknown];

const tls = 'ssl_cert = "/c.pem"\nssl_key = "/k.pem"';
const bothFiles = { certFile: '/c.pem', keyFile: '/k.pem' };
const clientTls = 'client_cert = "/c.pem"\nclient_key = "/k.pem"';
const clientCa = `${tls}\nclient_ca = "/cca.pem"`;
const ofMirror =
  (key: keyof MirrorConfig) =>
  ({ mirrors }: WorkerConfig): unknown =>
    mirrors[0]?.[key];

/** Lines for `[global]`; the base file has the others that a worker needs. */
const globalCases: Case<WorkerConfig>[] = [
  ['global.name', 'name = "tuna"', (config) => config.global.name, 'tuna'],
  ['global.log_dir', 'log_dir = "/l/{{.Name}}"', ofMirror('logDir'), '/l/m'],
  ['global.mirror_dir', 'mirror_dir = "/srv"', ofMirror('workingDir'), '/srv/m'],
  ['global.concurrent', 'concurrent = 7', (config) => config.global.concurrent, 7],
  ['global.interval', 'interval = 30', ofMirror('intervalMinutes'), 30],
  ['global.retry', 'retry = 5', ofMirror('retry'), 5],
  ['global.timeout', 'timeout = 3600', ofMirror('timeoutSeconds'), 3600],
  ['global.rsync_options', 'rsync_options = ["-z"]', ofMirror('globalRsyncOptions'), ['-z']],
  ['global.exec_on_success', 'exec_on_success = ["true 1"]', ofMirror('execOnSuccess'), ['true 1']],
  ['global.exec_on_failure', 'exec_on_failure = ["true 2"]', ofMirror('execOnFailure'), ['true 2']],
  [
    'global.dangerous_global_success_exit_codes',
    'dangerous_global_success_exit_codes = [10]',
    ofMirror('successExitCodes'),
    [10],
  ],
  [
    'global.dangerous_global_rsync_success_exit_codes',
    'dangerous_global_rsync_success_exit_codes = [24]',
    ofMirror('successExitCodes'),
    [24],
  ],
  ['global.state_dir', 'state_dir = "/state"', (config) => config.global.stateDir, '/state'],
  ['global.log_keep', 'log_keep = 3', ofMirror('logKeep'), 3],
  ['global.timezone', 'timezone = "Asia/Tokyo"', ofMirror('timezone'), 'Asia/Tokyo'],
  [
    'global.cron',
    'cron = "5 4 * * *"',
    ofMirror('schedule'),
    { kind: 'cron', expression: '5 4 * * *', timezone: 'UTC' },
  ],
  [
    'global.interval_mode',
    'interval_mode = "fixed-rate"',
    ofMirror('schedule'),
    { kind: 'fixed-rate', minutes: 1440, anchor: 0, timezone: 'UTC' },
  ],
  [
    'global.fixed_rate_anchor',
    'fixed_rate_anchor = "01:30"\ninterval_mode = "fixed-rate"',
    ofMirror('schedule'),
    { kind: 'fixed-rate', minutes: 1440, anchor: 90, timezone: 'UTC' },
  ],
  [
    'global.blackout',
    'blackout = ["08:00-18:30 Mon-Fri"]',
    ofMirror('blackout'),
    [{ from: 480, to: 1110, days: [1, 2, 3, 4, 5] }],
  ],
  ['global.jitter', 'jitter = 7', ofMirror('jitterMinutes'), 7],
  ['global.priority', 'priority = 90', ofMirror('priority'), 90],
  ['global.disk_quota', 'disk_quota = "100G"', ofMirror('diskQuota'), 100 * 1024 ** 3],
  ['global.retry_delay', 'retry_delay = 5', ofMirror('retryDelaySeconds'), 5],
  ['global.retry_delay_max', 'retry_delay_max = 60', ofMirror('retryDelayMaxSeconds'), 60],
  ['global.failure_interval', 'failure_interval = 15', ofMirror('failureIntervalMinutes'), 15],
  ['global.stale_after', 'stale_after = 90', ofMirror('staleAfterMinutes'), 90],
  ['global.log_max_size', 'log_max_size = "1m"', ofMirror('logMaxSize'), 1048576],
  [
    'global.per_upstream_concurrent',
    'per_upstream_concurrent = { "a.example.org" = 2 }',
    (config) => config.global.perUpstreamConcurrent,
    { 'a.example.org': 2 },
  ],
  ['global.outbox_max', 'outbox_max = 5', (config) => config.global.outboxMax, 5],
];

const sectionCases: Case<WorkerConfig>[] = [
  ['manager.api_base', 'api_base = "http://m:1/x/"', (config) => config.manager.apiBases, ['http://m:1/x']],
  [
    'manager.api_base_list',
    'api_base = "http://m:1"\napi_base_list = ["http://a", "https://b/"]',
    (config) => config.manager.apiBases,
    ['http://a', 'https://b'],
  ],
  ['manager.ca_cert', 'ca_cert = "/ca.pem"', (config) => config.manager.caCertFile, '/ca.pem'],
  ['manager.client_cert', clientTls, (config) => config.manager.clientCert, bothFiles],
  ['manager.client_key', clientTls, (config) => config.manager.clientCert, bothFiles],
  ['server.hostname', 'hostname = "w.example.org"', (config) => config.server.hostname, 'w.example.org'],
  ['server.listen_addr', 'listen_addr = "[::]"', (config) => config.server.listenAddr, '[::]'],
  ['server.listen_port', 'listen_port = 6000', (config) => config.server.listenPort, 6000],
  ['server.ssl_cert', tls, (config) => config.server.tls, bothFiles],
  ['server.ssl_key', tls, (config) => config.server.tls, bothFiles],
  ['server.client_ca', clientCa, (config) => config.server.clientCaFile, '/cca.pem'],
  ['cgroup.enable', 'enable = true', (config) => config.cgroup.enable, true],
  ['cgroup.group', 'group = "tunasync"', (config) => config.cgroup.group, 'tunasync'],
  ['docker.enable', 'enable = true', (config) => config.docker.enable, true],
  ['docker.volumes', 'volumes = ["/a:/a"]', (config) => config.docker.volumes, ['/a:/a']],
  ['docker.options', 'options = ["--network=host"]', (config) => config.docker.options, ['--network=host']],
  ['zfs.enable', 'enable = true', (config) => config.zfs.enable, true],
  ['zfs.zpool', 'zpool = "tank"', (config) => config.zfs.zpool, 'tank'],
  ['btrfs_snapshot.enable', 'enable = true', (config) => config.btrfsSnapshot.enable, true],
  [
    'btrfs_snapshot.snapshot_path',
    'snapshot_path = "/snap"',
    (config) => config.btrfsSnapshot.snapshotPath,
    '/snap',
  ],
  [
    'include.include_mirrors',
    'include_mirrors = "inc/*.conf"',
    (config) => config.mirrors.map(({ name }) => name),
    ['m', 'included'],
  ],
];

const mirrorCases: Case<WorkerConfig>[] = [
  ['mirrors.name', 'name = "debian"', ofMirror('name'), 'debian'],
  ['mirrors.provider', 'provider = "command"\ncommand = "true"', ofMirror('provider'), 'command'],
  ['mirrors.upstream', 'upstream = "rsync://other/"', ofMirror('upstream'), 'rsync://other/'],
  ['mirrors.interval', 'interval = 5', ofMirror('intervalMinutes'), 5],
  ['mirrors.retry', 'retry = 9', ofMirror('retry'), 9],
  ['mirrors.timeout', 'timeout = 10', ofMirror('timeoutSeconds'), 10],
  ['mirrors.mirror_dir', 'mirror_dir = "/own"', ofMirror('workingDir'), '/own'],
  ['mirrors.mirror_subdir', 'mirror_subdir = "sub"', ofMirror('workingDir'), '/data/sub/m'],
  ['mirrors.log_dir', 'log_dir = "/own/{{.Name}}"', ofMirror('logDir'), '/own/m'],
  ['mirrors.env', 'env = { A = "1", b = "" }', ofMirror('env'), { A: '1', b: '' }],
  ['mirrors.role', 'role = "slave"', ofMirror('isMaster'), false],
  ['mirrors.exec_on_success', 'exec_on_success = ["a"]', ofMirror('execOnSuccess'), ['a']],
  ['mirrors.exec_on_failure', 'exec_on_failure = ["b"]', ofMirror('execOnFailure'), ['b']],
  ['mirrors.exec_on_success_extra', 'exec_on_success_extra = ["c"]', ofMirror('execOnSuccess'), ['c']],
  ['mirrors.exec_on_failure_extra', 'exec_on_failure_extra = ["d"]', ofMirror('execOnFailure'), ['d']],
  ['mirrors.success_exit_codes', 'success_exit_codes = [1]', ofMirror('successExitCodes'), [1]],
  ['mirrors.rsync_success_exit_codes', 'rsync_success_exit_codes = [23]', ofMirror('successExitCodes'), [23]],
  ['mirrors.command', 'command = "/opt/rsync"', ofMirror('command'), '/opt/rsync'],
  [
    'mirrors.fail_on_match',
    'fail_on_match = "(?m)^E"',
    ({ mirrors }) => mirrors[0]?.failOnMatch?.pattern(),
    '(?m)^E',
  ],
  [
    'mirrors.size_pattern',
    'size_pattern = "s=(.)"',
    ({ mirrors }) => mirrors[0]?.sizePattern?.pattern(),
    's=(.)',
  ],
  ['mirrors.use_ipv6', 'use_ipv6 = true', ofMirror('useIpv6'), true],
  ['mirrors.use_ipv4', 'use_ipv4 = true', ofMirror('useIpv4'), true],
  ['mirrors.exclude_file', 'exclude_file = "/x"', ofMirror('excludeFile'), '/x'],
  ['mirrors.username', 'username = "u"', ofMirror('username'), 'u'],
  ['mirrors.password', 'password = "p"', ofMirror('password'), 'p'],
  ['mirrors.rsync_no_timeout', 'rsync_no_timeout = true', ofMirror('rsyncNoTimeout'), true],
  ['mirrors.rsync_timeout', 'rsync_timeout = 300', ofMirror('rsyncTimeout'), 300],
  ['mirrors.rsync_options', 'rsync_options = ["-v"]', ofMirror('rsyncOptions'), ['-v']],
  ['mirrors.rsync_override', 'rsync_override = ["-a"]', ofMirror('rsyncOverride'), ['-a']],
  [
    'mirrors.rsync_override_only',
    'rsync_override = ["-a"]\nrsync_override_only = true',
    ofMirror('rsyncOverrideOnly'),
    true,
  ],
  ['mirrors.stage1_profile', 'stage1_profile = "debian"', ofMirror('stage1Profile'), 'debian'],
  ['mirrors.memory_limit', 'memory_limit = "256M"', ofMirror('memoryLimit'), 268435456],
  ['mirrors.docker_image', 'docker_image = "alpine"', ofMirror('dockerImage'), 'alpine'],
  ['mirrors.docker_volumes', 'docker_volumes = ["/v:/v"]', ofMirror('dockerVolumes'), ['/v:/v']],
  ['mirrors.docker_options', 'docker_options = ["-t"]', ofMirror('dockerOptions'), ['-t']],
  ['mirrors.snapshot_path', 'snapshot_path = "/s"', ofMirror('snapshotPath'), '/s'],
  ['mirrors.log_keep', 'log_keep = 2', ofMirror('logKeep'), 2],
  ['mirrors.timezone', 'timezone = "Asia/Tokyo"', ofMirror('timezone'), 'Asia/Tokyo'],
  [
    'mirrors.cron',
    'cron = "5 4 * * *"',
    ofMirror('schedule'),
    { kind: 'cron', expression: '5 4 * * *', timezone: 'UTC' },
  ],
  [
    'mirrors.interval_mode',
    'interval_mode = "fixed-rate"',
    ofMirror('schedule'),
    { kind: 'fixed-rate', minutes: 1440, anchor: 0, timezone: 'UTC' },
  ],
  [
    'mirrors.fixed_rate_anchor',
    'fixed_rate_anchor = "01:30"\ninterval_mode = "fixed-rate"',
    ofMirror('schedule'),
    { kind: 'fixed-rate', minutes: 1440, anchor: 90, timezone: 'UTC' },
  ],
  [
    'mirrors.blackout',
    'blackout = ["08:00-18:30 Mon-Fri"]',
    ofMirror('blackout'),
    [{ from: 480, to: 1110, days: [1, 2, 3, 4, 5] }],
  ],
  ['mirrors.jitter', 'jitter = 7', ofMirror('jitterMinutes'), 7],
  ['mirrors.priority', 'priority = 90', ofMirror('priority'), 90],
  ['mirrors.disk_quota', 'disk_quota = "100G"', ofMirror('diskQuota'), 100 * 1024 ** 3],
  ['mirrors.retry_delay', 'retry_delay = 5', ofMirror('retryDelaySeconds'), 5],
  ['mirrors.retry_delay_max', 'retry_delay_max = 60', ofMirror('retryDelayMaxSeconds'), 60],
  ['mirrors.failure_interval', 'failure_interval = 15', ofMirror('failureIntervalMinutes'), 15],
  ['mirrors.stale_after', 'stale_after = 90', ofMirror('staleAfterMinutes'), 90],
  ['mirrors.log_max_size', 'log_max_size = "1m"', ofMirror('logMaxSize'), 1048576],
  [
    'mirrors.mirrors',
    '[[mirrors.mirrors]]\nname = "a"\n[[mirrors.mirrors]]\nname = "b"',
    (config) => config.mirrors.map(({ name }) => name),
    ['a', 'b'],
  ],
];

const managerCases: Case<ManagerConfig>[] = [
  ['debug', 'debug = true', (config) => config.debug, true],
  ['server.addr', 'addr = "[::]"', (config) => config.server.addr, '[::]'],
  ['server.port', 'port = 80', (config) => config.server.port, 80],
  ['server.ssl_cert', tls, (config) => config.server.tls, bothFiles],
  ['server.ssl_key', tls, (config) => config.server.tls, bothFiles],
  ['server.client_ca', clientCa, (config) => config.server.clientCaFile, '/cca.pem'],
  ['server.client_cert', clientTls, (config) => config.server.clientCert, bothFiles],
  ['server.client_key', clientTls, (config) => config.server.clientCert, bothFiles],
  ['server.ui', 'ui = false', (config) => config.server.ui, false],
  ['server.public_url', 'public_url = "https://m/x/"', (config) => config.server.publicUrl, 'https://m/x'],
  ['files.db_type', 'db_type = "leveldb"', (config) => config.files.dbType, 'leveldb'],
  ['files.db_file', 'db_file = "/db"', (config) => config.files.dbFile, '/db'],
  ['files.status_file', 'status_file = "/s.json"', (config) => config.files.statusFile, '/s.json'],
  ['files.ca_cert', 'ca_cert = "/ca.pem"', (config) => config.files.caCertFile, '/ca.pem'],
  ['history.runs_per_mirror', 'runs_per_mirror = 5', (config) => config.history.runsPerMirror, 5],
  ['history.days', 'days = 7', (config) => config.history.days, 7],
];

const ctlCases: Case<CtlConfig>[] = [
  ['manager_addr', 'manager_addr = "m"', (config) => config.managerAddr, 'm'],
  ['manager_port', 'manager_port = 80', (config) => config.managerPort, 80],
  ['ca_cert', 'ca_cert = "/ca.pem"', (config) => config.caCertFile, '/ca.pem'],
  ['client_cert', clientTls, (config) => config.clientCert, bothFiles],
  ['client_key', clientTls, (config) => config.clientCert, bothFiles],
];

/** A worker's file in which `toml` takes the place of what the base file says of the same keys. */
function workerFile(table: string, toml: string): string {
  const set = new Set(toml.split('\n').map((line) => line.split(' = ')[0]));
  const base = (lines: string[], name: string): string[] =>
    lines.filter((line) => table !== name || !set.has(line.split(' = ')[0]));
  return [
    '[global]',
    ...(table === 'global' ? [toml] : []),
    ...base(['name = "w"', 'log_dir = "/log"', 'mirror_dir = "/data"'], 'global'),
    ...(table === 'global' || table === 'mirrors' ? [] : [`[${table}]`, toml]),
    '[[mirrors]]',
    ...base(['name = "m"', 'upstream = "rsync://u/m/"'], 'mirrors'),
    ...(table === 'mirrors' ? [toml] : []),
  ].join('\n');
}

const included = inMemory({ '/etc/inc/a.conf': '[[mirrors]]\nname = "included"\nupstream = "/x/"' });
const loadWorker = (table: string, toml: string): Promise<WorkerConfig> =>
  worker(workerFile(table, toml), { file: '/etc/w.conf', cwd: '/', ...included });

const tableOf = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf('.')));

describe('every key has an effect', () => {
  test.each([...globalCases, ...sectionCases, ...mirrorCases])(
    'worker: %s',
    async (key, toml, pick, expected) => {
      const table = tableOf(key);
      expect(pick(await loadWorker(table, toml))).toEqual(expected);
      expect(pick(await loadWorker(table, ''))).not.toEqual(expected);
    },
  );

  test.each(managerCases)('manager: %s', async (key, toml, pick, expected) => {
    const table = tableOf(key);
    expect(pick(await manager(table === '' ? toml : `[${table}]\n${toml}`))).toEqual(expected);
    expect(pick(await manager(''))).not.toEqual(expected);
  });

  test.each(ctlCases)('ctl: %s', async (_, toml, pick, expected) => {
    expect(pick(await ctl(toml))).toEqual(expected);
    expect(pick(await ctl(''))).not.toEqual(expected);
  });

  test('no key of the schemas is left out above', () => {
    const shown = {
      worker: [...globalCases, ...sectionCases, ...mirrorCases].map(([key]) => key),
      manager: managerCases.map(([key]) => key),
      ctl: ctlCases.map(([key]) => key),
    };
    for (const file of ['worker', 'manager', 'ctl'] as const) {
      const keys = configKeys().filter((key) => key.file === file);
      expect(keys.map(({ key }) => key).sort()).toEqual([...shown[file]].sort());
    }
  });

  test('every key is documented', () => {
    expect(configKeys().filter(({ type, description }) => type === '' || !description.endsWith('.'))).toEqual(
      [],
    );
    expect(configKeys()).toContainEqual({
      file: 'worker',
      key: 'global.interval',
      type: 'integer (minutes)',
      default: '1440',
      description:
        'From the end of a sync to the start of the next, see `interval_mode`. 0 counts as absent.',
    });
  });
});
