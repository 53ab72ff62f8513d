import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { isZeroTime, toUnixMillis, type MirrorStatus, type RunRecord } from '@tunasync/protocol';
import { waitFor } from '@tunasync/test-utils';
import type { RunningProcess } from '../src/run-process.js';
import { makeSite, workerId, type Site } from '../src/site.js';
import { overlaps, readChildRuns, seededRandom, type ChildRun } from '../src/torture-log.js';

// a longer run: TUNASYNC_TORTURE_ROUNDS=2000 TUNASYNC_TORTURE_SEED=7 npm test -- e2e
const rounds = Number(process.env['TUNASYNC_TORTURE_ROUNDS'] ?? 100);
const seed = Number(process.env['TUNASYNC_TORTURE_SEED'] ?? Date.now() % 1_000_000);
const mirrorCount = 200;
const atOnce = 25;

/** Writes its start and its end to a file outside, and ends well most of the time. */
const childScript = `#!/bin/sh
note() { echo "$1 $TUNASYNC_MIRROR_NAME $$ $TUNASYNC_LOG_FILE" >> "$TORTURE_LOG"; }
note start
trap 'note end; exit 143' TERM
sleep "$TORTURE_SECONDS" & wait $!
note end
`;

function mirrorsText(script: string, log: string, random: () => number): string {
  const tables = Array.from({ length: mirrorCount }, (_, index) => {
    const seconds = (0.3 + 2.2 * random()).toFixed(2);
    return `[[mirrors]]
name = "m${index}"
provider = "command"
command = "sh ${script}"
interval = 1440
retry = 1
[mirrors.env]
TORTURE_LOG = "${log}"
TORTURE_SECONDS = "${seconds}"
`;
  });
  return tables.join('\n');
}

/** The daemons, killed and started again. */
class Victims {
  readonly site: Site;
  #manager: RunningProcess | undefined;
  #worker: RunningProcess | undefined;

  constructor(site: Site) {
    this.site = site;
  }

  async start(): Promise<void> {
    this.#manager = await this.site.startManager();
    this.#worker = await this.site.startWorker();
  }

  /** Kills one of them and starts it again. */
  async kill(which: 'worker' | 'manager'): Promise<void> {
    const victim = which === 'worker' ? this.#worker : this.#manager;
    victim?.kill('SIGKILL');
    await victim?.ended;
    if (which === 'worker') this.#worker = await this.site.startWorker();
    else this.#manager = await this.site.startManager();
  }

  async stop(): Promise<void> {
    await this.#worker?.stop();
    await this.#manager?.stop();
  }
}

/** Times of a mirror that may only grow. */
const growing = ({ last_update, last_started, last_ended }: MirrorStatus): number[] =>
  [last_update, last_started, last_ended].map((time) => (isZeroTime(time) ? 0 : toUnixMillis(time)));

const historyOf = async (site: Site, mirror: string): Promise<RunRecord[]> => {
  const answer = await fetch(`${site.managers[0].url}/jobs/${mirror}/history?limit=200`);
  return answer.ok ? ((await answer.json()) as RunRecord[]) : [];
};

/** Processes whose command line names the folder. */
async function processesOf(folder: string): Promise<string[]> {
  const found = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
        return line.includes(folder) ? `${pid} ${line.replaceAll('\0', ' ')}` : undefined;
      }),
  );
  return found.filter((line) => line !== undefined);
}

test(
  `${mirrorCount} mirrors survive ${rounds} kills of the worker or the manager (seed ${seed})`,
  async () => {
    const random = seededRandom(seed);
    await using site = await makeSite({ mirrors: '', global: `concurrent = ${atOnce}` });
    const script = join(site.folder, 'child.sh');
    const childLog = join(site.folder, 'children.log');
    await writeFile(script, childScript);
    await site.setMirrors(mirrorsText(script, childLog, random));
    const victims = new Victims(site);
    await victims.start();
    const pick = (): string => `m${Math.floor(random() * mirrorCount)}`;
    /** As an admin gives it: through the manager. */
    const command = (cmd: string, mirror: string, force = false): Promise<unknown> =>
      fetch(`${site.managers[0].url}/cmd`, {
        method: 'POST',
        body: JSON.stringify({ cmd, worker_id: workerId, mirror_id: mirror, options: { force } }),
      }).catch(() => undefined);

    let duringChild = 0;
    let workerKills = 0;
    const newest = new Map<string, number[]>();
    const backwards: string[] = [];
    for (let round = 0; round < rounds; round++) {
      for (let start = 0; start < 12; start++) await command('start', pick());
      if (random() < 0.3) await command('restart', pick());
      if (random() < 0.3) await command('start', pick(), true);
      if (random() < 0.3) await command('stop', pick());
      await new Promise((resolve) => setTimeout(resolve, random() * 700));
      const which = random() < 0.7 ? 'worker' : 'manager';
      if (which === 'worker') workerKills += 1;
      if ((await readChildRuns(childLog)).some(({ end }) => end === 0)) duringChild += 1;
      await victims.kill(which);
      for (const [name, status] of await site.statuses().catch(() => new Map<string, MirrorStatus>())) {
        const times = growing(status);
        const before = newest.get(name);
        if (before?.some((time, index) => time > (times[index] ?? 0)) === true) backwards.push(name);
        newest.set(name, times);
      }
    }

    const quiet = await waitFor('quiet', async () => {
      const statuses = await site.statuses();
      const done = [...statuses.values()].filter(({ status }) => !status.endsWith('syncing'));
      return done.length === mirrorCount && statuses;
    });
    // the others were stopped, or a crash came between their command's note and its start
    const unwell = [...quiet.values()].filter(({ status }) => status !== 'success');
    for (const { name } of unwell) await command('start', name);
    const statuses = await waitFor('every mirror in sync', async () => {
      const now = await site.statuses();
      return [...now.values()].every(({ status }) => status === 'success') && now;
    });
    const runs = await readChildRuns(childLog);
    const records = new Map<string, RunRecord[]>();
    await waitFor('the records of all runs', async () => {
      for (const name of statuses.keys()) records.set(name, await historyOf(site, name));
      const withRecord = new Set([...records.values()].flat().map(({ log_file }) => plain(log_file)));
      return runs.every(({ logFile }) => withRecord.has(logFile));
    }).catch(() => undefined);
    await victims.stop();
    // what the last crash left in the state folder is swept by the next worker
    await (await site.startWorker()).stop();
    const leftovers = await readdir(join(site.folder, 'state/runs'));

    process.stdout.write(
      `torture: seed ${seed}, ${rounds} kills (${workerKills} of the worker), ${duringChild} during a child, ${runs.length} runs of children\n`,
    );
    expect(statuses.size).toBe(mirrorCount);
    expect(overlaps(runs)).toEqual([]);
    expect(runs.filter(({ end }) => end === 0)).toEqual([]);
    expect(backwards).toEqual([]);
    expect(withoutRecord(runs, records)).toEqual([]);
    expect(outOfOrder(records)).toEqual([]);
    expect(lastRunDiffers(statuses, records)).toEqual([]);
    expect(await processesOf(site.folder)).toEqual([]);
    expect(leftovers).toEqual([]);
    expect(duringChild).toBeGreaterThanOrEqual(Math.floor(rounds * 0.6));
  },
  Math.max(300_000, rounds * 5000),
);

const plain = (logFile: string): string => logFile.replace(/\.fail$/, '');

function withoutRecord(
  runs: readonly ChildRun[],
  records: ReadonlyMap<string, readonly RunRecord[]>,
): ChildRun[] {
  return runs.filter(
    ({ mirror, logFile }) =>
      records.get(mirror)?.some(({ log_file }) => plain(log_file) === logFile) !== true,
  );
}

/** Mirrors with a record twice, or with runs that overlap. */
function outOfOrder(records: ReadonlyMap<string, readonly RunRecord[]>): string[] {
  return [...records].flatMap(([name, newestFirst]) => {
    const ids = new Set(newestFirst.map(({ id }) => id));
    const overlap = newestFirst.some((run, index) => {
      const earlier = newestFirst[index + 1];
      return earlier !== undefined && toUnixMillis(earlier.ended) > toUnixMillis(run.started);
    });
    return ids.size !== newestFirst.length || overlap ? [name] : [];
  });
}

/** Mirrors whose status is not that of their last run: one was lost, or came out of order. */
function lastRunDiffers(
  statuses: ReadonlyMap<string, MirrorStatus>,
  records: ReadonlyMap<string, readonly RunRecord[]>,
): string[] {
  return [...statuses].flatMap(([name, { worker, status, last_started, last_ended }]) => {
    const last = records.get(name)?.[0];
    const same =
      worker === workerId &&
      last?.result === status &&
      toUnixMillis(last.started) === toUnixMillis(last_started) &&
      toUnixMillis(last.ended) === toUnixMillis(last_ended);
    return same ? [] : [name];
  });
}
