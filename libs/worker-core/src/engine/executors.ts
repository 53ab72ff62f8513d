import type { MirrorConfig, WorkerConfig } from '@tunasync/config';
import type { ContainerSettings, ExecutionHandle, Executor } from '@tunasync/executors';

/** Who runs which mirror's commands. */
export interface Executors {
  /** Starts the commands of a mirror. */
  for(mirror: MirrorConfig): Executor;
  /** The one that wrote a handle, perhaps under another configuration. */
  of(handle: ExecutionHandle): Executor | undefined;
}

/** Everything is run by one executor. */
export function onlyExecutor(executor: Executor): Executors {
  return { for: () => executor, of: () => executor };
}

/** What a worker runs commands with, by kind. */
export interface BuiltInExecutors {
  host: Executor;
  docker: Executor;
  /** Undefined: `cgroup.enable` is not set. */
  cgroup: Executor | undefined;
}

/** Docker for mirrors that have an image, where it is enabled; else cgroups, where they are; else the host itself. */
export function executorsOf(config: WorkerConfig, { host, docker, cgroup }: BuiltInExecutors): Executors {
  const all = new Map(
    [host, docker, ...(cgroup === undefined ? [] : [cgroup])].map((one) => [one.name, one]),
  );
  return {
    for: (mirror) => (inContainer(mirror, config) ? docker : (cgroup ?? host)),
    of: (handle) => all.get(handle.executor),
  };
}

/** The container of a mirror's commands; undefined when it needs none. */
export function containerOf(mirror: MirrorConfig, config: WorkerConfig): ContainerSettings | undefined {
  if (!inContainer(mirror, config)) return undefined;
  const { excludeFile } = mirror;
  return {
    image: mirror.dockerImage,
    volumes: [
      ...config.docker.volumes,
      ...mirror.dockerVolumes,
      ...(excludeFile === '' ? [] : [`${excludeFile}:${excludeFile}:ro`]),
    ],
    options: [...config.docker.options, ...mirror.dockerOptions],
  };
}

function inContainer(mirror: MirrorConfig, config: WorkerConfig): boolean {
  return config.docker.enable && mirror.dockerImage !== '';
}
