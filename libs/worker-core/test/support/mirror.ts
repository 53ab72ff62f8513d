import type { MirrorConfig, WorkerConfig } from '@tunasync/config';
import { plainMirror } from '@tunasync/test-utils';

/** A mirror of a kind that does nothing, with the values that a test gives. */
export function mirrorOf(name: string, values: Partial<MirrorConfig> = {}): MirrorConfig {
  return {
    ...plainMirror,
    name,
    provider: 'fake',
    upstream: `rsync://u.example.org/${name}/`,
    intervalMinutes: 60,
    schedule: { kind: 'interval', minutes: values.intervalMinutes ?? 60 },
    retry: 1,
    timeoutSeconds: 0,
    workingDir: `/nowhere/${name}`,
    logDir: '/nowhere/log',
    fingerprint: JSON.stringify(values),
    ...values,
  };
}

/** A worker's configuration without managers, with these mirrors. */
export function configOf(
  mirrors: readonly MirrorConfig[],
  values: Partial<WorkerConfig> & { concurrent?: number } = {},
): WorkerConfig {
  const { concurrent = 10, ...rest } = values;
  return {
    global: { name: 'w1', concurrent, stateDir: '', perUpstreamConcurrent: {}, outboxMax: 10_000 },
    manager: { apiBases: [], caCertFile: '', clientCert: undefined },
    server: {
      hostname: 'localhost',
      listenAddr: '127.0.0.1',
      listenPort: 0,
      tls: undefined,
      clientCaFile: '',
    },
    cgroup: { enable: false, group: '' },
    docker: { enable: false, volumes: [], options: [] },
    zfs: { enable: false, zpool: '' },
    btrfsSnapshot: { enable: false, snapshotPath: '' },
    mirrors,
    sectionFingerprints: {},
    ...rest,
  };
}
