import type { Clock } from '@tunasync/protocol';
import { sleep } from '@tunasync/util';
import { firstLine, type DockerClient } from './docker-client.js';
import { DockerError } from './docker-error.js';

/** Labels of our containers. */
export const labels = {
  /** Names one execution on this machine. */
  execution: 'tunasync.execution',
  /** Path of the log that its output belongs into. */
  log: 'tunasync.log',
} as const;

/** A container as the engine describes it. */
export interface Container {
  id: string;
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`. */
  status: string;
  /** Whether its processes exist, paused ones included. */
  running: boolean;
  /** Of its first process, on the engine's machine; 0 when it does not run. */
  pid: number;
  exitCode: number;
  /** Whether the engine removes it when it has ended. */
  autoRemove: boolean;
  labels: Readonly<Record<string, string>>;
}

/** The engine's memory of a container, which may be gone. The engine keeps the last 256 events of all containers. */
export interface ContainerHistory {
  started: boolean;
  outOfMemory: boolean;
  /** Whether a client stopped or killed it. */
  signalled: boolean;
  /** Undefined when its end is not remembered. */
  exitCode: number | undefined;
  /** Whether it was removed. */
  gone: boolean;
}

const inspectFormat =
  '{"id":{{json .Id}},"state":{{json .State}},"labels":{{json .Config.Labels}},"autoRemove":{{json .HostConfig.AutoRemove}}}';

/** Pause between looks at a container that is going away, in milliseconds. */
const gonePause = 50;

/** The requests to the Docker engine other than running a container. Every method throws {@link DockerError}. */
export class DockerEngine {
  readonly #client: DockerClient;
  readonly #clock: Clock;

  constructor(client: DockerClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** The container of this name; undefined when there is none. */
  async find(name: string): Promise<Container | undefined> {
    const answer = await this.#client.ask(['container', 'inspect', '--format', inspectFormat, name]);
    if (answer.code !== 0) {
      if (saysMissing(answer.stderr)) return undefined;
      throw refused(`look at the container ${name}`, answer.stderr);
    }
    return parseContainer(name, answer.stdout);
  }

  /**
   * SIGTERM (or what the image asks for), SIGKILL after `seconds`. Does nothing to a container that does not run.
   *
   * @returns false when there is no such container
   */
  async stop(name: string, seconds: number): Promise<boolean> {
    const answer = await this.#client.ask(['stop', '-t', String(seconds), name], seconds * 1000);
    if (answer.code === 0) return true;
    if (saysMissing(answer.stderr)) return false;
    if (/is not running/i.test(answer.stderr)) return true;
    throw refused(`stop the container ${name}`, answer.stderr);
  }

  /** Kills what runs in it and removes it; it may already be on its way out, or gone. */
  async remove(name: string): Promise<void> {
    const { code, stderr } = await this.#client.ask(['rm', '-f', name]);
    if (code === 0 || saysMissing(stderr) || /already in progress/i.test(stderr)) return;
    throw refused(`remove the container ${name}`, stderr);
  }

  /** Waits until there is no such container. False when it is still there after `ms` milliseconds. */
  async goneWithin(name: string, ms: number): Promise<boolean> {
    const deadline = this.#clock.now() + ms;
    while ((await this.find(name)) !== undefined) {
      if (this.#clock.now() >= deadline) return false;
      await sleep(this.#clock, gonePause);
    }
    return true;
  }

  /**
   * Reads the engine's events of an execution's container.
   *
   * @param since - Unix milliseconds; nothing happened to it before
   */
  async history(execution: string, since: number): Promise<ContainerHistory> {
    const until = this.#clock.now();
    const answer = await this.#client.ask([
      'events',
      ...['--since', seconds(since - 1_000), '--until', seconds(until)],
      ...['--filter', 'type=container', '--filter', `label=${labels.execution}=${execution}`],
      ...['--format', '{{.Action}} {{.Actor.Attributes.exitCode}}'],
    ]);
    if (answer.code !== 0) throw refused('look back', answer.stderr);
    const history: ContainerHistory = {
      started: false,
      outOfMemory: false,
      signalled: false,
      exitCode: undefined,
      gone: false,
    };
    for (const line of answer.stdout.split('\n')) {
      const [action, code] = line.split(' ');
      if (action === 'start') history.started = true;
      if (action === 'oom') history.outOfMemory = true;
      if (action === 'kill') history.signalled = true;
      if (action === 'die' && /^\d+$/.test(code ?? '')) history.exitCode = Number(code);
      if (action === 'destroy') history.gone = true;
    }
    return history;
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function saysMissing(text: string): boolean {
  return /no such container/i.test(text);
}

function refused(what: string, stderr: string): DockerError {
  return new DockerError('DOCKER_REFUSED', `cannot ${what}: ${firstLine(stderr)}`);
}

function parseContainer(name: string, text: string): Container {
  try {
    const { id, state, labels, autoRemove } = JSON.parse(text) as {
      id: string;
      state: { Status: string; Running: boolean; Pid: number; ExitCode: number };
      labels: Record<string, string> | null;
      autoRemove: boolean;
    };
    return {
      id,
      status: state.Status,
      running: state.Running,
      pid: state.Pid,
      exitCode: state.ExitCode,
      autoRemove,
      labels: labels ?? {},
    };
  } catch (error) {
    throw new DockerError('DOCKER_REFUSED', `the description of the container ${name} is not understood`, {
      cause: error,
    });
  }
}
