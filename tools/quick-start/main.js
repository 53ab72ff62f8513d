// @ts-check
/**
 * `npm start`: sets up, then runs a sample upstream, a manager and a worker with five mirrors on the loopback
 * interface until Ctrl-C; with `--once` until everything has run once.
 */
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root, runTool, ToolError } from '../setup/run.js';
import { build, setUp } from '../setup/setup.js';
import { lastWords, requireFreePort, startDaemon } from './processes.js';
import { inState, mirrors, ports, stateDir, workerName, writeSite } from './site.js';
import { liveTable } from './table.js';

const managerUrl = `http://127.0.0.1:${ports.manager}`;
const bin = (/** @type {string} */ name) => join(root, 'node_modules/.bin', name);

/** @returns {Promise<import('./table.js').Job[]>} */
async function fetchJobs() {
  const response = await fetch(`${managerUrl}/jobs`, { signal: AbortSignal.timeout(5000) });
  return /** @type {any} */ (await response.json());
}

/**
 * Waits until `check` holds.
 *
 * @param {import('./processes.js').Daemon[]} daemons - all of them must stay up meanwhile
 * @param {AbortSignal} stopped
 * @param {() => Promise<boolean>} check
 */
async function until(daemons, stopped, check) {
  while (!stopped.aborted) {
    for (const daemon of daemons) {
      if (daemon.hasEnded()) throw new ToolError(`the ${daemon.name} ended:\n${lastWords(daemon.name)}`);
    }
    if (await check().catch(() => false)) return;
    await delay(200, undefined, { signal: stopped }).catch(() => undefined);
  }
}

/** What differs between the good mirrors and their upstream, byte for byte; empty when nothing does. */
function differences() {
  return Object.entries(mirrors).flatMap(([mirror, module]) => {
    if (module === undefined) return [];
    const result = spawnSync('diff', ['-r', inState(`upstream/${module}`), inState(`mirrors/${mirror}`)]);
    return result.status === 0 ? [] : [`mirror ${mirror} is not in sync: ${result.stdout}${result.stderr}`];
  });
}

/** Written in commands when the manager is not at its default port. */
const port = ports.manager === 14242 ? '' : ` -p ${ports.manager}`;
const shown = relative(process.cwd(), stateDir) || '.';

const whatNext = () => `
The sample site is up: a manager, a worker and five mirrors (one fails on purpose). Try in another terminal:

  npx tunasynctl list -a${port}                        status of all mirrors
  npx tunasynctl list ${workerName}${port}               the same with error messages
  npx tunasynctl start -w ${workerName}${port} pub       sync a mirror now
  npx tunasynctl stop -w ${workerName}${port} debian     pause one
  npx tunasynctl logs${port} broken                    why the broken one fails

Public status page: ${managerUrl}/ui/status, its data: ${managerUrl}/jobs
Configuration, logs and state: ${shown}/ (remove it to start afresh)
Ctrl-C stops everything.

Look at it in a browser: ${managerUrl}/ui/
`;

/** @param {boolean} once */
async function main(once) {
  await setUp(['rsync']);
  process.stdout.write('building …\n');
  await build();
  await requireFreePort('manager', ports.manager);
  await requireFreePort('worker', ports.worker);
  await requireFreePort('sample upstream', ports.upstream);
  writeSite();

  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort());
  // whoever read the output is gone: stop everything instead of dying of it
  process.stdout.on('error', () => stop.abort());
  const daemons = [
    startDaemon('upstream', 'rsync', ['--daemon', '--no-detach', `--config=${inState('rsyncd.conf')}`]),
    startDaemon('manager', bin('tunasync-manager'), ['-c', inState('manager.conf')]),
  ];
  try {
    await until(daemons, stop.signal, async () => (await fetch(`${managerUrl}/ping`)).ok);
    daemons.push(startDaemon('worker', bin('tunasync-worker'), ['-c', inState('worker.conf')]));
    const draw = liveTable(process.stdout);
    await until(daemons, stop.signal, async () => {
      const jobs = await fetchJobs();
      draw(jobs);
      return (
        jobs.length === Object.keys(mirrors).length &&
        jobs.every((job) => ['success', 'failed', 'paused', 'disabled'].includes(job.status))
      );
    });
    if (stop.signal.aborted) return 0;
    const problems = differences();
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    if (problems.length === 0) process.stdout.write('\nThe four good mirrors are in sync, byte for byte.\n');
    if (once) return problems.length === 0 ? 0 : 1;
    process.stdout.write(whatNext());
    await until(daemons, stop.signal, async () => false);
    return 0;
  } finally {
    process.stdout.write('stopping …\n');
    for (const daemon of daemons.reverse()) await daemon.stop();
    process.stdout.write(`stopped; state is kept in ${stateDir}\n`);
  }
}

await runTool(() => main(process.argv.includes('--once')));
