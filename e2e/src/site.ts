import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MirrorStatus, RunRecord } from '@tunasync/protocol';
import { reservePort, tempDir, waitFor } from '@tunasync/test-utils';
import { processesAbout, type ProcessInfo } from './processes.js';
import { runCommand, startCommand, type ProcessEnd, type RunningProcess } from './run-process.js';

/** Options of a {@link Site}. */
export interface SiteOptions {
  /** `[[mirrors]]` tables of the worker. */
  mirrors: string;
  /** More lines for `[global]`, for example `concurrent = 1`. */
  global?: string;
  /** Managers that the worker reports to. @defaultValue 1 */
  managers?: number;
  /** URLs of further ones, which the test has started itself; `only`: the worker reports to none but these. */
  otherManagers?: readonly string[];
  only?: boolean;
  /** Id of the worker. @defaultValue {@link workerId} */
  worker?: string;
  /** More tables of the worker's file, for example `[cgroup]`. */
  sections?: string;
  /** Added to the worker's environment. */
  workerEnv?: Readonly<Record<string, string>>;
  /** Folder of the worker's own record. @defaultValue `state` in the site's folder */
  stateDir?: string;
  /** What starts the worker; it gets the worker's arguments. @defaultValue the command itself */
  workerCommand?: string;
}

/** One manager of a {@link Site}. */
export interface SiteManager {
  readonly url: string;
  readonly port: number;
  readonly confFile: string;
  readonly dbFile: string;
  readonly statusFile: string;
}

/** A throwaway mirror site: configuration files, and the daemons that a test starts. */
export interface Site extends AsyncDisposable {
  readonly folder: string;
  readonly managers: readonly [SiteManager, ...SiteManager[]];
  readonly workerConf: string;
  readonly workerPort: number;
  startManager(index?: number): Promise<RunningProcess>;
  /** @param command - what starts it; gets the worker's arguments. @defaultValue {@link SiteOptions.workerCommand} */
  startWorker(command?: string): Promise<RunningProcess>;
  /** Rewrites the worker's file with other mirrors. */
  setMirrors(mirrors: string): Promise<void>;
  /** Statuses at a manager, by mirror name. */
  statuses(index?: number): Promise<Map<string, MirrorStatus>>;
  /** Waits until a mirror's status satisfies `check`, and returns it. */
  waitForStatus(
    mirror: string,
    check: (status: MirrorStatus) => boolean,
    index?: number,
  ): Promise<MirrorStatus>;
  /** Runs tunasynctl against the first manager. */
  ctl(...args: string[]): Promise<ProcessEnd>;
  /** A log that is linked as latest. */
  latestLog(mirror: string): Promise<string>;
  /** Finished runs of a mirror that the first manager has, newest first. */
  history(mirror: string): Promise<RunRecord[]>;
  /** Tells the worker itself, as a manager does. */
  command(verb: string, mirror: string): Promise<Response>;
  /** Processes that the site's folder stands in the arguments or the environment of, those that were started here included. */
  processes(): Promise<ProcessInfo[]>;
}

/** Id of a {@link Site}'s worker, unless it gets another one. */
export const workerId = 'e2e-worker';

/**
 * Writes the files of a throwaway site; nothing is started yet. Disposing stops what was started, and what workers that
 * were killed have left.
 */
export async function makeSite(options: SiteOptions): Promise<Site> {
  const temp = await tempDir('tunasync-e2e-');
  const folder = temp.path;
  const started: RunningProcess[] = [];
  const managers = await Promise.all(
    Array.from({ length: options.managers ?? 1 }, (_, index) => writeManager(folder, index)),
  );
  const [first, ...others] = managers;
  if (first === undefined) throw new TypeError('a site needs a manager');
  const workerPort = await reservePort();
  const workerConf = join(folder, 'worker.conf');

  const site: Site = {
    folder,
    managers: [first, ...others],
    workerConf,
    workerPort,
    async startManager(index = 0) {
      const manager = managers[index] ?? first;
      const running = startCommand('tunasync-manager', ['-c', manager.confFile]);
      started.push(running);
      await waitFor(
        `the manager to answer (${running.stderr()})`,
        async () => (await fetch(`${manager.url}/ping`)).ok,
      );
      return running;
    },
    async startWorker(command = options.workerCommand ?? 'tunasync-worker') {
      const running = startCommand(command, ['-c', workerConf], {
        HOME: folder,
        ...options.workerEnv,
      });
      started.push(running);
      const end = { early: false };
      void running.ended.then(() => (end.early = true));
      await waitFor('the worker to listen', async () => {
        if (end.early) return true;
        const answer = await fetch(`http://127.0.0.1:${workerPort}/`, {
          method: 'POST',
          body: '{"cmd":"ping"}',
        });
        return answer.status === 406;
      });
      // its own words explain more than a connection that is refused
      if (end.early) throw new TypeError(`the worker ended: ${running.stderr()}${running.stdout()}`);
      return running;
    },
    async setMirrors(mirrors) {
      const own = options.only === true ? [] : managers.map(({ url }) => url);
      const urls = [...own, ...(options.otherManagers ?? [])];
      const list = urls.map((url) => JSON.stringify(url)).join(', ');
      await writeFile(
        workerConf,
        `[global]
name = "${options.worker ?? workerId}"
log_dir = "${folder}/log/{{.Name}}"
mirror_dir = "${folder}/data"
state_dir = "${options.stateDir ?? join(folder, 'state')}"
interval = 60
${options.global ?? 'concurrent = 4'}

[manager]
api_base_list = [${list}]

[server]
hostname = "127.0.0.1"
listen_addr = "127.0.0.1"
listen_port = ${workerPort}

${options.sections ?? ''}

${mirrors}
`,
      );
    },
    async statuses(index = 0) {
      const [url = first.url] =
        options.only === true ? (options.otherManagers ?? []) : [managers[index]?.url];
      const answer = await fetch(`${url}/workers/${options.worker ?? workerId}/jobs`);
      const list = (await answer.json()) as MirrorStatus[];
      return new Map(list.map((status) => [status.name, status]));
    },
    waitForStatus: (mirror, check, index = 0) =>
      waitFor(`a status of ${mirror}`, async () => {
        const status = (await site.statuses(index)).get(mirror);
        return status !== undefined && check(status) && status;
      }),
    ctl: (...args) =>
      runCommand('tunasynctl', [...args, '-m', '127.0.0.1', '-p', String(first.port)], { HOME: folder }),
    latestLog: (mirror) => readFile(join(folder, 'log', mirror, 'latest'), 'utf8'),
    async history(mirror) {
      const answer = await fetch(`${first.url}/jobs/${encodeURIComponent(mirror)}/history`);
      return answer.ok ? ((await answer.json()) as RunRecord[]) : [];
    },
    command: (verb, mirror) =>
      fetch(`http://127.0.0.1:${workerPort}/`, {
        method: 'POST',
        body: JSON.stringify({ cmd: verb, mirror_id: mirror }),
      }),
    processes: () => processesAbout(folder),
    async [Symbol.asyncDispose]() {
      // whatever goes wrong with one of them: none may be left
      for (const running of started.reverse()) await running.stop().catch(() => undefined);
      for (const { pid } of await site.processes()) endNow(pid);
      await temp.remove();
    },
  };
  await site.setMirrors(options.mirrors);
  return site;
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}

async function writeManager(folder: string, index: number): Promise<SiteManager> {
  const port = await reservePort();
  const base = join(folder, `manager-${index}`);
  await mkdir(base);
  const manager = {
    url: `http://127.0.0.1:${port}`,
    port,
    confFile: join(base, 'manager.conf'),
    dbFile: join(base, 'db'),
    statusFile: join(base, 'status.json'),
  };
  await writeFile(
    manager.confFile,
    `[server]
addr = "127.0.0.1"
port = ${port}
[files]
db_type = "leveldb"
db_file = "${manager.dbFile}"
status_file = "${manager.statusFile}"
`,
  );
  return manager;
}
