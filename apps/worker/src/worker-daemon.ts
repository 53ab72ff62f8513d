import { hostname } from 'node:os';
import { watchCertificates, type CertificateWatch } from '@tunasync/certificates';
import { ManagerClient, nodeTransport } from '@tunasync/client';
import { explainMirror, loadWorkerConfig, type WorkerConfig } from '@tunasync/config';
import { packageVersion } from '@tunasync/daemon';
import type { Logger } from '@tunasync/logger';
import {
  createCommandServer,
  createManagerLink,
  createWorker,
  openWorkerState,
  type CommandServer,
  type CommandTarget,
  type Worker,
} from '@tunasync/worker-core';
import { logJobs } from './log-jobs.js';
import { mirrorsText } from './mirrors-text.js';
import { openState } from './open-state.js';
import { findStateDir } from './state-dir.js';
import { clientTls, serverTls, workerTlsFiles } from './tls-files.js';

/** Options of {@link createWorkerDaemon}. */
export interface WorkerDaemonOptions {
  config: WorkerConfig;
  /** The file that `config` was loaded from. A reload reads it again. */
  file: string;
  /** Environment of commands and hooks; also used to find the state folder. */
  env: Readonly<Record<string, string | undefined>>;
  logger: Logger;
}

/** The functions for start, halt and SIGHUP. */
export interface WorkerDaemon {
  /** Starts the worker. @param halted - when aborted, the start no longer waits for managers */
  start(halted: AbortSignal): Promise<void>;
  /** Halts the worker, also after a start that failed. */
  stop(): Promise<void>;
  reload(): Promise<void>;
}

/**
 * Connects the parts of a worker: state folder, command server, managers and engine. Everything that can fail runs
 * before the first job.
 */
export function createWorkerDaemon({ config, file, env, logger }: WorkerDaemonOptions): WorkerDaemon {
  const { global, manager, server } = config;
  const cleanups: (() => Promise<void>)[] = [];
  const clients: ManagerClient[] = [];
  let certificates: CertificateWatch | undefined;
  let target: Worker | undefined;
  /** The active configuration: the one that was loaded last. */
  let inForce = config;
  const command: CommandTarget['command'] = (given) =>
    target?.command(given) ?? Promise.resolve({ status: 500, message: 'the worker is starting' });

  const start = async (halted: AbortSignal): Promise<void> => {
    const watched = await watchCertificates({ files: workerTlsFiles(config), logger });
    certificates = watched;
    cleanups.push(() => {
      watched.close();
      return Promise.resolve();
    });
    const stateDir = await findStateDir({ configured: global.stateDir, name: global.name, env });
    const kv = await openState(stateDir, logger);
    cleanups.push(() => kv.close());
    const state = await openWorkerState(kv, { logger });
    cleanups.push(() => state.close());
    const commandServer = createCommandServer({
      target: { command },
      jobs: {
        worker: global.name,
        jobs: () => target?.jobs() ?? [],
        describeConfig: (mirror) => explainMirror(inForce, mirror),
      },
      logger,
      host: server.listenAddr,
      port: server.listenPort,
      tls: serverTls(watched.texts),
    });
    watched.onChange((texts) => {
      const tls = serverTls(texts);
      if (tls !== undefined) commandServer.setTls(tls);
      for (const client of clients) client.setTls(clientTls(texts));
    });
    await commandServer.start();
    cleanups.push(() => commandServer.stop());
    const url = workerUrl(config, commandServer);
    const link = createManagerLink({
      worker: { id: global.name, url },
      managers: manager.apiBases,
      connect: (baseUrl) => {
        const client = new ManagerClient({ baseUrl, transport: nodeTransport, ...clientTls(watched.texts) });
        clients.push(client);
        return client;
      },
      state,
      statuses: () => target?.statuses() ?? [],
      logger,
      outboxMax: global.outboxMax,
      facts: async () => ({
        version: packageVersion(import.meta.url),
        ...(target === undefined ? nothingYet : await target.facts()),
      }),
    });
    cleanups.push(() => link.close());
    const worker = createWorker({
      config,
      logger,
      env: definedOnly(env),
      stateDir,
      state,
      reports: link,
      restore: () => link.restore(),
      loadConfig: async () => {
        const loaded = await loadWorkerConfig({ file, previous: config });
        if (loaded.ok) inForce = loaded.value;
        return loaded;
      },
    });
    cleanups.push(() => worker.stop());
    logJobs(worker, logger);
    target = worker;
    logger.notice(
      `worker ${global.name}: ${mirrorsText(config.mirrors.length)}, ${global.concurrent} at a time; takes commands at ${url}; state in ${stateDir}`,
    );
    link.start();
    halted.addEventListener('abort', () => void worker.stop());
    // halted already: start nothing
    if (!halted.aborted) await worker.start();
  };

  const stop = async (): Promise<void> => {
    if (target !== undefined) logger.notice(`worker ${global.name}: halting`);
    for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) await cleanup();
  };

  const reload = async (): Promise<void> => {
    await certificates?.check();
    // the worker logs failures itself
    await command({ verb: 'reload', mirror: '' });
  };

  return { start, stop, reload };
}

/** The facts of a worker that is still starting. */
const nothingYet = { slots: 0, running: 0, queued: 0, filesystems: [], mirrors: 0, waits: {} };

/** Returns the URL to which managers post commands. */
function workerUrl({ server }: WorkerConfig, { address }: CommandServer): string {
  const host = server.hostname === '' ? hostname() : server.hostname;
  const port = server.listenPort === 0 ? (address?.port ?? 0) : server.listenPort;
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `${server.tls === undefined ? 'http' : 'https'}://${bracketed}:${port}/`;
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}
