import { spawn } from 'node:child_process';
import { messageOf, type Clock } from '@tunasync/protocol';
import { DockerError } from './docker-error.js';

/** Options of {@link DockerClient}. */
export interface DockerClientOptions {
  /** The client's binary. */
  docker: string;
  /** Environment of the client. */
  env: NodeJS.ProcessEnv;
  clock: Clock;
  /** Milliseconds that the engine may take to answer. */
  answerMs: number;
}

/** The client's output and exit code. */
export interface ClientAnswer {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Messages of a client that cannot reach the engine; all other messages are the engine's own. */
const away =
  /cannot connect to the docker daemon|error during connect|permission denied while trying to connect|failed to connect to the docker api|unable to resolve docker endpoint/i;

/** Whether a client's words mean that the engine could not be reached. */
export function saysAway(text: string): boolean {
  return away.test(text);
}

/** The error for an engine that cannot be reached. */
export function unavailable(why: string, cause?: unknown): DockerError {
  return new DockerError('DOCKER_UNAVAILABLE', `the Docker engine does not answer: ${why}`, { cause });
}

/** Asks the engine short questions through the `docker` command, and waits for no answer longer than is reasonable. */
export class DockerClient {
  readonly #options: DockerClientOptions;

  constructor(options: DockerClientOptions) {
    this.#options = options;
  }

  /**
   * Runs the client. An answer that is a refusal comes back with its code.
   *
   * @param busyMs - milliseconds that the engine needs for the work itself
   * @throws {@link DockerError} `DOCKER_UNAVAILABLE`
   */
  async ask(args: readonly string[], busyMs = 0): Promise<ClientAnswer> {
    const { docker, answerMs } = this.#options;
    const limit = answerMs + busyMs;
    const answer = await this.#run(args, limit).catch((error: unknown) => {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const why = missing ? `there is no client '${docker}'` : messageOf(error);
      throw unavailable(why, error);
    });
    if (answer === undefined) throw unavailable(`no answer within ${limit / 1000} s`);
    if (answer.code !== 0 && saysAway(answer.stderr)) throw unavailable(firstLine(answer.stderr));
    return answer;
  }

  /** Undefined when the time was up. */
  #run(args: readonly string[], limitMs: number): Promise<ClientAnswer | undefined> {
    const { docker, env, clock } = this.#options;
    return new Promise((resolve, reject) => {
      const child = spawn(docker, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const timer = clock.after(limitMs, () => {
        child.kill('SIGKILL');
        // another process may have inherited the pipes: do not wait for their end
        child.stdout.destroy();
        child.stderr.destroy();
        resolve(undefined);
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('error', (error) => {
        timer.cancel();
        reject(error);
      });
      child.once('close', (code) => {
        timer.cancel();
        resolve({ code, stdout, stderr });
      });
    });
  }
}

/** The first line of a client's words, without their ornaments. */
export function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.replace(/^(docker: )?(Error response from daemon: |Error: )?/, '').trim() || 'no reason given';
}
