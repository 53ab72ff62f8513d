import { dirname } from 'node:path';
import { ExecutorError } from '../executor/executor-error.js';
import type { CommandSpec, ContainerSettings } from '../executor/interfaces.js';
import { labels } from './docker-engine.js';

/** Options of {@link runArguments}. */
export interface RunRequest {
  spec: CommandSpec;
  container: ContainerSettings;
  /** Of the container. */
  name: string;
  /** Value of the label by which the execution is known again. */
  execution: string;
  /** The user of the command; undefined: the image's own. */
  user: { uid: number; gid: number } | undefined;
  /** Path of the env-file, as the client sees it. */
  envFile: string;
  /** Names of variables that the client takes from its own environment. */
  byClient: readonly string[];
  /** Bytes; 0: no limit. */
  memoryLimit: number;
}

/** The arguments of the client that start a container. Source: `newCmdJob` and the dockerHook of tunasync. */
export function runArguments(request: RunRequest): string[] {
  const { spec, container, name, execution, user, envFile, byClient, memoryLimit } = request;
  return [
    ...['run', '--rm', '-a', 'STDOUT', '-a', 'STDERR', '--name', name],
    ...['--label', `${labels.execution}=${execution}`, '--label', `${labels.log}=${spec.logFile}`],
    ...['-w', spec.cwd],
    ...(user === undefined ? [] : ['-u', `${user.uid}:${user.gid}`]),
    ...container.volumes.flatMap((volume) => ['-v', volume]),
    ...ownMounts(spec, container.volumes),
    ...['--env-file', envFile],
    ...byClient.flatMap((variable) => ['-e', variable]),
    ...(memoryLimit > 0 ? ['-m', String(memoryLimit)] : []),
    ...container.options,
    container.image,
    ...spec.argv,
  ];
}

/** Refuses an image that the client would take for something else. */
export function checkImage(image: string): void {
  if (image === '' || image.startsWith('-') || /\s/.test(image)) {
    throw new ExecutorError(`cannot start a container of '${image}': expected the name of an image`);
  }
}

/** Log folder, log file and working folder at their own paths, unless a volume has been put there. */
function ownMounts({ cwd, logFile }: CommandSpec, volumes: readonly string[]): string[] {
  const taken = new Set(volumes.map((volume) => volume.split(':')[1]));
  // without a log there is nothing to be seen, and certainly not this machine's devices
  const logs = logFile === '/dev/null' ? [] : [dirname(logFile), logFile];
  return [...new Set([...logs, cwd])]
    .filter((path) => !taken.has(path))
    .flatMap((path) => (path.includes(':') ? ['--mount', bindMount(path)] : ['-v', `${path}:${path}`]));
}

/** `-v` cannot take a path with a colon; `--mount` reads a line of CSV. */
function bindMount(path: string): string {
  const fields = ['type=bind', `source=${path}`, `target=${path}`];
  return fields.map((field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}
