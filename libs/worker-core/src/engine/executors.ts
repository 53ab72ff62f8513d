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
  /** Finds commands again that were started when it was set; absent: they are lost. */
  leftCgroup?: Executor;
}

/** Docker for mirrors that have an image, where it is enabled; else cgroups, where they are; else the host itself. */
export function executorsOf(config: WorkerConfig, executors: BuiltInExecutors): Executors {
  const { host, docker, cgroup, leftCgroup } = executors;
  const all = new Map(
    [host, docker, cgroup ?? leftCgroup].flatMap((one) =>
      one === undefined ? [] : [[one.name, one] as const],
    ),
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
