import type { MirrorConfig, WorkerConfig } from '@tunasync/config';

/** One line for each feature that a configuration asks for and that jobs run without. */
export function unsupportedFeatures(config: WorkerConfig): string[] {
  const asked: [key: string, enabled: boolean][] = [
    ['cgroup.enable', config.cgroup.enable],
    ['zfs.enable', config.zfs.enable],
    ['btrfs_snapshot.enable', config.btrfsSnapshot.enable],
  ];
  return asked
    .filter(([, enabled]) => enabled)
    .map(([key]) => `${key} is not supported by this version: jobs run without it`);
}

/** Why a mirror must not be run at all: it asks for an isolation that is not there. */
export function isolationProblem(config: WorkerConfig, mirror: MirrorConfig): string | undefined {
  if (!config.docker.enable || mirror.dockerImage === '') return undefined;
  return `docker_image '${mirror.dockerImage}' is not supported by this version, and the mirror is not run outside a container`;
}
