// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { percentile } from './http-load.js';
import { bin, freePort, residentMemory, start, until } from './processes.js';

const mirrorCount = 200;
const slots = 50;
/** Milliseconds between two due times when latency is measured. */
const spacing = 20;

/**
 * @param {string} folder
 * @param {{ manager: number, worker: number, command: string }} site
 */
function writeWorkerConf(folder, { manager, worker, command }) {
  const mirrors = Array.from(
    { length: mirrorCount },
    (_, n) => `[[mirrors]]\nname = "m${n}"\nprovider = "command"\ncommand = "${command}"\n`,
  );
  const file = join(folder, 'worker.conf');
  writeFileSync(
    file,
    `[global]
name = "bench"
log_dir = "${folder}/log/{{.Name}}"
mirror_dir = "${folder}/data"
state_dir = "${folder}/state"
concurrent = ${slots}
interval = 1440
[manager]
api_base = "http://127.0.0.1:${manager}"
[server]
hostname = "127.0.0.1"
listen_addr = "127.0.0.1"
listen_port = ${worker}
${mirrors.join('')}`,
  );
  return file;
}

/**
 * A real worker with 200 due mirrors that run `command`, reporting to a real manager.
 *
 * @param {string} folder - scratch
 */
export async function benchDueMirrors(folder) {
  mkdirSync(folder, { recursive: true });
  const ports = { manager: await freePort(), worker: await freePort() };
  const url = `http://127.0.0.1:${ports.manager}`;
  const conf = writeWorkerConf(folder, { ...ports, command: '/bin/true' });
  const manager = start(
    bin('tunasync-manager'),
    ['--port', `${ports.manager}`, '--db-file', `${folder}/db`, '--status-file', `${folder}/status.json`],
    join(folder, 'manager.log'),
  );
  /** @type {import('./processes.js').Running | undefined} */
  let worker;
  try {
    await until('the manager', async () => (await fetch(`${url}/ping`)).ok);
    worker = start(bin('tunasync-worker'), ['-c', conf], join(folder, 'worker.log'));
    /** @type {{ status: string, last_started: string, last_ended: string }[]} */
    let jobs = [];
    await until('200 good syncs', async () => {
      jobs = /** @type {any} */ (await (await fetch(`${url}/workers/bench/jobs`)).json());
      return jobs.length === mirrorCount && jobs.every((job) => job.status === 'success');
    });
    const started = Math.min(...jobs.map((job) => Date.parse(job.last_started)));
    const ended = Math.max(...jobs.map((job) => Date.parse(job.last_ended)));
    return { seconds: (ended - started) / 1000, memory: residentMemory(worker.pid) };
  } finally {
    await worker?.stop();
    await manager.stop();
  }
}

/**
 * Runs a program with its output in a file; resolves when it has ended.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {string} logFile
 */
function bareSpawn(program, args, logFile) {
  return new Promise((resolve, reject) => {
    const log = openSync(logFile, 'a');
    const child = spawn(program, args, { stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    child.once('error', reject);
    child.once('close', resolve);
  });
}

/**
 * The floor for {@link benchDueMirrors}: 200 bare spawns, 50 at a time.
 *
 * @param {string} folder - scratch
 */
export async function benchBareSpawns(folder) {
  mkdirSync(folder, { recursive: true });
  const begin = performance.now();
  let next = 0;
  const slot = async () => {
    while (next < mirrorCount) await bareSpawn('/bin/true', [], join(folder, `bare-${next++}.log`));
  };
  await Promise.all(Array.from({ length: slots }, slot));
  return (performance.now() - begin) / 1000;
}

/** @param {number[]} latencies */
const latencyResult = (latencies) => ({ p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) });

/**
 * Milliseconds from due to the process's start, with due times 20 ms apart, in a worker that is embedded in this
 * process. A mirror's command prints the time itself, so a fraction of a millisecond of `date` is part of it.
 *
 * @param {string} folder - scratch
 */
export async function benchDueToStart(folder) {
  mkdirSync(folder, { recursive: true });
  const { createWorker, memoryState } = await import('@tunasync/worker-core');
  const { loadWorkerConfig } = await import('@tunasync/config');
  const conf = writeWorkerConf(folder, { manager: 1, worker: 1, command: '/bin/date +%s%N' });
  const config = await loadWorkerConfig({ file: conf });
  if (!config.ok) throw new TypeError(config.diagnostics[0]?.message);
  const first = Date.now() + 500;
  const records = config.value.mirrors.map(({ name }, n) => ({
    name,
    mode: /** @type {const} */ ('active'),
    lastStatus: /** @type {const} */ ('success'),
    lastUpdate: 1,
    lastStarted: 1,
    lastEnded: 1,
    nextDue: first + n * spacing,
    size: 'unknown',
    errorMsg: '',
    run: null,
  }));
  const state = memoryState(records);
  const worker = createWorker({ config: config.value, stateDir: join(folder, 'state'), state });
  let left = mirrorCount;
  const done = new Promise((resolve) => worker.on('run-ended', () => --left === 0 && resolve(undefined)));
  await worker.start();
  await done;
  await worker.stop();
  return latencyResult(
    config.value.mirrors.map(({ name, logDir }, n) => {
      const file =
        readdirSync(logDir).find((entry) => entry.startsWith(name) && entry.endsWith('.log')) ?? '';
      return Number(readFileSync(join(logDir, file), 'utf8')) / 1e6 - (first + n * spacing);
    }),
  );
}

/**
 * The floor for {@link benchDueToStart}: a timer and a bare spawn each.
 *
 * @param {string} folder - scratch
 */
export async function benchBareTimers(folder) {
  mkdirSync(folder, { recursive: true });
  const first = Date.now() + 200;
  const runs = Array.from({ length: mirrorCount }, async (_, n) => {
    const due = first + n * spacing;
    await new Promise((resolve) => setTimeout(resolve, due - Date.now()));
    const file = join(folder, `timer-${n}.log`);
    await bareSpawn('/bin/date', ['+%s%N'], file);
    return Number(readFileSync(file, 'utf8')) / 1e6 - due;
  });
  return latencyResult(await Promise.all(runs));
}
