import { messageOf, type Clock } from '@tunasync/protocol';
import { sleep } from '@tunasync/util';
import type { Execution, ExitResult } from '../executor/interfaces.js';
import type { ClientProcess } from './client-process.js';
import { containerProcesses } from './container-processes.js';
import type { Container, ContainerHistory, DockerEngine } from './docker-engine.js';
import type { DockerHandle } from './docker-handle.js';
import { patiently } from './patiently.js';
import { mayBeClients, startFailure, type LogSection } from './start-failure.js';

/** Time between SIGTERM and SIGKILL, in milliseconds. Source: `docker stop -t 2` of tunasync. */
const defaultGraceMs = 2_000;
/** Longest time for the engine to remove a container that has ended, in milliseconds. */
const removalMs = 10_000;
/** Time for a client to notice that its container was stopped, before the container is examined, in milliseconds. */
const noticeMs = 1_000;
/** How long to look for a container that the engine was making when its client was ended, in milliseconds. */
const makingMs = 2_000;
/** Pause between such looks, in milliseconds. */
const lookPauseMs = 200;
/** Pause before the output of a container is followed again, in milliseconds. */
const followPauseMs = 1_000;

/** Options of {@link DockerExecution}. */
export interface DockerExecutionOptions {
  engine: DockerEngine;
  handle: DockerHandle;
  clock: Clock;
  warn: (message: string) => void;
  /** Milliseconds for which an engine that is away is waited for. */
  patienceMs: number;
  /** The client that watches the container, or how the container ended. */
  watched: ClientProcess | ExitResult;
  /** Has a new client watch a container that runs. */
  follow: (container: Container) => Promise<ClientProcess>;
  /** Where the client says why it cannot run the image. Absent when another process started it. */
  told?: { section: LogSection; image: string } | undefined;
  /** When it ended, where that was before it was found. */
  endedAt?: number | undefined;
  /** Called when the container is known to be gone. */
  onGone: () => void;
}

/** How a client ended; undefined when it is unknown. */
type Ended = ExitResult | undefined;

/** A command in a container. A death by signal is reported as Docker reports it: as exit code 128 + n. */
export class DockerExecution implements Execution {
  readonly handle: DockerHandle;
  readonly exit: Promise<ExitResult>;
  readonly endedAt?: number;
  readonly #options: DockerExecutionOptions;
  readonly #watching: Promise<Ended>;
  #client: ClientProcess | undefined;
  #graceMs = defaultGraceMs;
  #ending: Promise<void> | undefined;
  #clientKilled = false;
  #over = false;
  #running: Container | undefined;

  constructor(options: DockerExecutionOptions) {
    const { handle, watched, endedAt } = options;
    this.handle = handle;
    if (endedAt !== undefined) this.endedAt = endedAt;
    this.#options = options;
    if ('ended' in watched) {
      this.#client = watched;
      this.#watching = this.#watch(watched);
    } else {
      this.#over = true;
      this.#watching = Promise.resolve(watched);
    }
    this.exit = this.#watching.then(
      (ended) => this.#conclude(ended),
      (error: unknown) => ({ code: null, signal: null, reason: messageOf(error) }),
    );
  }

  async terminate(graceMs = defaultGraceMs): Promise<void> {
    if (!this.#over) {
      if (this.#ending === undefined) this.#graceMs = graceMs;
      this.#ending ??= this.#end();
    }
    await Promise.all([this.exit, this.#ending]);
  }

  async processes(): Promise<readonly number[]> {
    if (this.#over) return [];
    const container = this.#running ?? (await this.#find().catch(() => undefined));
    if (container?.running !== true) return [];
    this.#running = container;
    return containerProcesses(container);
  }

  /** Waits for the end of the container, whatever becomes of the clients that watch it. Rejects when the engine is away. */
  async #watch(first: ClientProcess): Promise<Ended> {
    try {
      let client = first;
      for (let followers = 0; ; followers++) {
        const ended = await client.ended;
        if (this.#wasKilled()) {
          await this.#sweep();
          return ended;
        }
        // 125: the client failed, not the command
        if (ended !== undefined && ended.code !== null && ended.code !== 125) return ended;
        const container = await patiently(() => this.#find(), this.#options.clock, this.#options.patienceMs);
        if (container?.running !== true) {
          return container?.status === 'exited' ? { code: container.exitCode, signal: null } : ended;
        }
        // output before the next client listens may be lost; a client that keeps failing gets a pause
        if (followers > 0) await this.#pause(followPauseMs);
        client = this.#client = await this.#options.follow(container);
        // it was to be killed when it was not there
        if (this.#wasKilled()) client.kill(noticeMs);
      }
    } finally {
      this.#over = true;
    }
  }

  /** Stops the container; one that does not run yet loses the client that would start it. */
  async #end(): Promise<void> {
    const { engine, handle, warn } = this.#options;
    try {
      for (;;) {
        const there = await engine.stop(handle.container, this.#graceSeconds);
        if (await this.#endsWithin(there ? noticeMs : 0)) return;
        const container = await this.#find();
        // it began after the request to stop
        if (container?.running === true) continue;
        const ended = container === undefined ? there : container.status !== 'created';
        // an end takes its time: the client waits for the removal
        if (ended && (await this.#endsWithin(removalMs))) return;
        break;
      }
    } catch (error) {
      warn(`cannot stop the container ${handle.container}: ${messageOf(error)}`);
    }
    this.#clientKilled = true;
    this.#client?.kill(noticeMs);
  }

  /** Ends a container whose client was ended, also one that the engine was still making. */
  async #sweep(): Promise<void> {
    const { engine, handle, clock, patienceMs } = this.#options;
    const until = clock.now() + makingMs;
    do {
      const container = await patiently(() => this.#find(), clock, patienceMs);
      if (container !== undefined) {
        await engine.stop(handle.container, this.#graceSeconds);
        await engine.remove(handle.container);
        return;
      }
      await this.#pause(lookPauseMs);
    } while (clock.now() < until);
  }

  /** The result for others, once nothing is left of the container. Never rejects. */
  async #conclude(ended: Ended): Promise<ExitResult> {
    const { engine, handle, warn, onGone } = this.#options;
    let history: ContainerHistory | undefined;
    try {
      history = await engine.history(handle.exitFile, handle.since);
      if (!history.gone) await this.#clear();
      onGone();
    } catch (error) {
      warn(messageOf(error));
    }
    const known = ended?.code !== undefined && ended.code !== null && ended.code !== 125;
    const code = known ? ended.code : (history?.exitCode ?? ended?.code ?? null);
    const reason = await this.#reason(ended, code, history);
    return {
      code,
      signal: code === null && endedBefore(ended) ? 'SIGTERM' : null,
      ...(history !== undefined && wentOverLimit(handle, history) && { outOfMemory: true }),
      ...(reason !== undefined && { reason }),
    };
  }

  /** Sees to it that the container, which has ended, is removed. */
  async #clear(): Promise<void> {
    const { engine, handle, warn } = this.#options;
    const container = await this.#find();
    if (container === undefined) return;
    if (container.autoRemove && container.status !== 'created') {
      if (await engine.goneWithin(handle.container, removalMs)) return;
      warn(`the container ${handle.container} has ended and stays: removing it`);
    }
    await engine.remove(handle.container);
  }

  async #reason(
    ended: Ended,
    code: number | null,
    history: ContainerHistory | undefined,
  ): Promise<string | undefined> {
    const { told } = this.#options;
    if (told !== undefined && mayBeClients(code) && history?.started !== true) {
      return startFailure(told.section, told.image, history !== undefined);
    }
    return code === null && !endedBefore(ended)
      ? 'the docker client was killed, and the engine does not know any more how the container ended'
      : undefined;
  }

  /** A method, as the answer changes while others are awaited. */
  #wasKilled(): boolean {
    return this.#clientKilled;
  }

  async #find(): Promise<Container | undefined> {
    const { engine, handle } = this.#options;
    return engine.find(handle.container);
  }

  get #graceSeconds(): number {
    return Math.ceil(this.#graceMs / 1000);
  }

  /** Whether the watch ends within `ms` milliseconds. */
  #endsWithin(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(ms, () => {
        resolve(this.#over);
      });
      const over = (): void => {
        timer.cancel();
        resolve(true);
      };
      this.#watching.then(over, over);
    });
  }

  #pause(ms: number): Promise<void> {
    return sleep(this.#options.clock, ms);
  }
}

/** Whether the client was ended before the container began: later it passes SIGTERM on and lives. */
function endedBefore(ended: Ended): boolean {
  return ended?.signal === 'SIGTERM';
}

/**
 * The engine sometimes misses that the kernel killed the first process of a container over its limit. No process
 * in the container can send SIGKILL to that process, and the engine remembers when a client asks for it.
 */
function wentOverLimit({ limited }: DockerHandle, history: ContainerHistory): boolean {
  const killed = history.exitCode === 137 && history.started && !history.signalled;
  return history.outOfMemory || (limited && killed);
}
