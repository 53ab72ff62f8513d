// @ts-check
/**
 * `npm run bench`: what the daemons and the command line cost, each beside a bare floor that is measured in the same
 * run. Machines are noisy: trust the ratios.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from '../setup/run.js';
import { build, setUp } from '../setup/setup.js';

/** @type {string[][]} */
const rows = [['measured', 'ours', 'floor', 'ratio']];

/**
 * @param {string} what
 * @param {number} ours
 * @param {number} [floor]
 * @param {string} [unit]
 */
function row(what, ours, floor, unit = '') {
  const text = (/** @type {number} */ value) =>
    `${value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)}${unit}`;
  const cells = floor === undefined ? ['', ''] : [text(floor), (ours / floor).toFixed(2)];
  rows.push([what, text(ours), ...cells]);
}

function printRows() {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length)));
  for (const cells of rows) {
    const [what = '', ...numbers] = cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    process.stdout.write(`${[what, ...numbers].join('  ')}\n`);
  }
}

/** @param {string} folder @param {number} seconds */
async function bench(folder, seconds) {
  const { benchManager, benchBareServer } = await import('./manager.js');
  const { benchDueMirrors, benchBareSpawns, benchDueToStart, benchBareTimers } = await import('./worker.js');
  const { benchCtl } = await import('./ctl.js');

  const ours = await benchManager(folder, seconds);
  const bare = await benchBareServer(folder, seconds, ours.jobsBytes);
  row('status reports/s, synced, 16 connections', ours.reports.perSecond, bare.reports.perSecond);
  row('  p50', ours.reports.p50, bare.reports.p50, ' ms');
  row('  p99', ours.reports.p99, bare.reports.p99, ' ms');
  row('  answers other than 200', ours.reports.errors, bare.reports.errors || undefined);
  row('GET /jobs/s, 1,000 statuses', ours.jobs.perSecond, bare.jobs.perSecond);
  row('  p99', ours.jobs.p99, bare.jobs.p99, ' ms');
  row('schedules post of 1,000 entries', ours.schedules, undefined, ' ms');
  for (const [path, { median, p95 }] of Object.entries(ours.pages)) {
    row(`GET ${path}, 10,000 mirrors, p50`, median, undefined, ' ms');
    row('  p95', p95, undefined, ' ms');
  }
  row("manager's resident memory", ours.memory, undefined, ' MiB');

  const spawns = await benchBareSpawns(join(folder, 'spawns'));
  const mirrors = await benchDueMirrors(join(folder, 'mirrors'));
  row('200 due mirrors, 50 slots, until all succeeded', mirrors.seconds, spawns, ' s');
  row("worker's resident memory", mirrors.memory, undefined, ' MiB');

  const timers = await benchBareTimers(join(folder, 'timers'));
  const due = await benchDueToStart(join(folder, 'due'));
  row('due to process start, p50', due.p50, timers.p50, ' ms');
  row('due to process start, p99', due.p99, timers.p99, ' ms');

  const { sampleJobs } = await import('./sample-jobs.js');
  const ctl = await benchCtl(sampleJobs(1000));
  row('tunasynctl --help', ctl.help.seconds * 1000, ctl.floor.seconds * 1000, ' ms');
  row('tunasynctl list --all, 1,000 jobs', ctl.list.seconds * 1000, ctl.floor.seconds * 1000, ' ms');
  row('  peak memory', ctl.list.memory, ctl.floor.memory, ' MiB');

  const { benchWeb } = await import('./web.js');
  const one = await benchWeb(join(folder, 'web-1000'), 1000);
  const many = await benchWeb(join(folder, 'web-10000'), 10_000);
  row('/ui/mirrors of 10,000 mirrors (beside 1,000): first rows', many.firstRows, one.firstRows, ' ms');
  row('  elements after scrolling', many.nodes, one.nodes);
  row('  longest task while scrolling', many.longestScroll, one.longestScroll || undefined, ' ms');
  row('  longest task while typing', many.longestTyping, one.longestTyping || undefined, ' ms');
  row('  a key of the filter', many.typed, one.typed, ' ms');
  row('  filter typed until its rows are there', many.filtered, one.filtered, ' ms');
  row('  scripts, compressed', many.scripts / 1000, one.scripts / 1000, ' KB');
}

await runTool(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tunasync-bench-'));
  try {
    await setUp(['rsync', 'chromium']);
    await build();
    await bench(folder, Number(process.argv[2] ?? 5));
    printRows();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
