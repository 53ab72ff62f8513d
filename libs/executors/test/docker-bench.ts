import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, jest } from '@jest/globals';
import {
  noDockerEngine,
  startDockerEngine,
  tempDir,
  waitFor,
  type TestDockerEngine,
} from '@tunasync/test-utils';
import { dockerExecutor, type DockerExecutorOptions, type Execution, type Executor } from '../src/index.js';
import { hasInEnvironment } from '../src/procfs/process-details.js';

const lacking = noDockerEngine();

/** Like `describe`, with an engine for all tests of the file; skipped by name where none can be started. */
export function describeDocker(title: string, body: (bench: DockerBench) => void): void {
  if (lacking !== undefined) {
    describe.skip(`${title} (${lacking})`, () => {
      body(new DockerBench());
    });
    return;
  }
  // an engine takes its time on a busy machine
  jest.setTimeout(60_000);
  describe(title, () => {
    const bench = new DockerBench();
    beforeAll(() => bench.open());
    afterEach(() => bench.clear());
    afterAll(() => bench.close());
    body(bench);
  });
}

/** How a command is started, where it matters. */
export interface DockerStart {
  mirror?: string;
  argv?: readonly [string, ...string[]];
  env?: Record<string, string>;
  image?: string;
  options?: string[];
  volumes?: string[];
  memoryLimit?: number;
  cwd?: string;
  logFile?: string;
  executor?: Executor;
}

/** A folder, an engine and executors over both. */
export class DockerBench {
  #engine: TestDockerEngine | undefined;
  #folder = '';
  #count = 0;
  readonly warnings: string[] = [];

  get engine(): TestDockerEngine {
    return this.#engine!;
  }

  async open(): Promise<void> {
    this.#engine = await startDockerEngine(process.env);
  }

  async clear(): Promise<void> {
    this.engine.resume();
    const left = await this.engine.docker('ps', '-aq');
    if (left !== '') await this.engine.docker('rm', '-f', ...left.split('\n'));
    this.warnings.length = 0;
  }

  async close(): Promise<void> {
    await this.#engine?.stop();
  }

  /** A new folder for a test, under which everything of it is. */
  async enter(): Promise<AsyncDisposable> {
    const folder = await tempDir();
    this.#folder = folder.path;
    return folder;
  }

  path(...parts: string[]): string {
    return join(this.#folder, ...parts);
  }

  executor(more: Partial<DockerExecutorOptions> = {}): Executor {
    return dockerExecutor({
      stateDir: this.path('state'),
      env: this.engine.env,
      logger: { warn: (message) => this.warnings.push(message) },
      ...more,
    });
  }

  start(script: string, more: DockerStart = {}): Promise<Execution> {
    const { mirror = 'debian', executor = this.executor(), memoryLimit } = more;
    return executor.start(
      {
        argv: more.argv ?? ['sh', '-c', script],
        cwd: more.cwd ?? this.path('data'),
        env: more.env ?? {},
        logFile: more.logFile ?? this.path('log', 'run.log'),
      },
      {
        mirror,
        id: `run-${++this.#count}`,
        ...(memoryLimit !== undefined && { memoryLimit }),
        container: {
          image: more.image ?? this.engine.image,
          volumes: more.volumes ?? [],
          options: ['--network', 'host', ...(more.options ?? [])],
        },
      },
    );
  }

  log(): Promise<string> {
    return readFile(this.path('log', 'run.log'), 'utf8');
  }

  /** Waits until the log has this text. */
  async says(text: string): Promise<void> {
    await waitFor(`'${text}' in the log`, async () => (await this.log()).includes(text));
  }

  /** Pids of the clients of this engine, and of the launchers above them, that have all these arguments. */
  clients(...args: string[]): number[] {
    return commandLines()
      .filter((found) => args.every((arg) => found.args.includes(arg)))
      .map(({ pid }) => pid)
      .filter((pid) => hasInEnvironment(pid, `DOCKER_HOST=${this.engine.host}`));
  }

  /** Names of all containers, running or not. */
  async containers(): Promise<string[]> {
    const names = await this.engine.docker('ps', '-a', '--format', '{{.Names}}');
    return names === '' ? [] : names.split('\n').sort();
  }
}

/** The command lines of all processes of this machine. */
export function commandLines(): { pid: number; args: string[] }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return { pid: Number(name), args: readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0') };
      } catch {
        return { pid: Number(name), args: [] };
      }
    });
}
