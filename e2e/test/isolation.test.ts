import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunRecord } from '@tunasync/protocol';
import {
  bindMount,
  btrfsVolume,
  canMount,
  canMountBtrfs,
  noDockerEngine,
  startDockerEngine,
  tempDir,
  waitFor,
  waitForPid,
  type TestDockerEngine,
} from '@tunasync/test-utils';
import { makeGates } from '../src/gates.js';
import { allProcesses, isRunning } from '../src/processes.js';
import { commandPath, runCommand, startCommand } from '../src/run-process.js';
import { makeSite, workerId, type Site, type SiteOptions } from '../src/site.js';

// an engine takes its time on a busy machine

/** Like `describe`, or skipped by name with what is lacking here. */
const describeWith = (title: string, lacking: string | undefined, body: () => void): void => {
  if (lacking === undefined) describe(title, body);
  else describe.skip(`${title} (${lacking})`, body);
};

const command = (name: string, line: string, more = ''): string =>
  `[[mirrors]]\nname = "${name}"\nprovider = "command"\ncommand = ${JSON.stringify(line)}\nretry = 1\n${more}\n`;

const isOver = ({ status }: { status: string }): boolean => status === 'success' || status === 'failed';
const ended = (site: Site, ...mirrors: string[]) =>
  Promise.all(mirrors.map((name) => site.waitForStatus(name, isOver)));

async function withGates(options: Omit<SiteOptions, 'mirrors'>) {
  const site = await makeSite({ mirrors: '', ...options });
  return Object.assign(site, { gates: await makeGates(join(site.folder, 'gates')) });
}

describeWith('docker.enable', noDockerEngine(), () => {
  let engine: TestDockerEngine;
  beforeAll(async () => {
    engine = await startDockerEngine(process.env);
  });
  afterAll(async () => {
    await engine.stop();
  });

  /** Names of all containers of mirrors, running or not. */
  const containers = async (): Promise<string[]> =>
    (await engine.docker('ps', '-a', '--format', '{{.Names}}')).split('\n').filter(Boolean).sort();

  const inImage = (more = ''): string => `docker_image = "${engine.image}"\n${more}`;

  test('a sync runs in a container with its volumes and values, and nobody can read a password', async () => {
    await using shared = await tempDir();
    const at = (name: string): string => join(shared.path, name);
    await writeFile(at('exclude'), '*.iso\n');
    const secrets = { password: 'pw-5ecret-of-rsync', token: 'tk-5ecret\nof two lines', plain: 'pl-5ecret' };
    // stands in for rsync: says what it was given where only the test looks
    await writeFile(
      at('rsync'),
      `#!/bin/sh
printf '%s|' "$USER" "$RSYNC_PASSWORD" "$TOKEN" "$PLAIN" "$(cat ${at('exclude')})" > ${at('values')}
echo x > ${at('exclude')} && echo writable > ${at('wrong')}
while ! [ -e ${at('go')} ]; do sleep 0.05; done
echo 'Number of files: 7 (reg: 5, dir: 2)'; echo 'Total file size: 1.25K bytes'; exit 5
`,
      { mode: 0o755 },
    );
    await using site = await makeSite({
      workerEnv: { DOCKER_HOST: engine.host },
      sections: `[docker]\nenable = true\noptions = ["--network", "host"]`,
      mirrors: `[[mirrors]]
name = "secret"
provider = "rsync"
upstream = "rsync://127.0.0.1/x/"
command = "${at('rsync')}"
username = "mirror"
password = "${secrets.password}"
exclude_file = "${at('exclude')}"
retry = 1
exec_on_failure = ["sh -c 'env > ${at('hook')}'"]
docker_image = "${engine.image}"
docker_volumes = ["${shared.path}:${shared.path}"]
memory_limit = "64M"
[mirrors.env]
TOKEN = ${JSON.stringify(secrets.token)}
PLAIN = "${secrets.plain}"
`,
    });
    const manager = await site.startManager();
    const worker = await site.startWorker();
    await waitFor('the values', () => stat(at('values')));
    const inspected = JSON.parse(await engine.docker('inspect', 'tunasync-job-secret')) as {
      HostConfig: { Memory: number };
    }[];
    expect(inspected[0]?.HostConfig.Memory).toBe(64 * 1024 * 1024);
    const lines = (await allProcesses()).map(({ commandLine }) => commandLine).join('\n');
    expect(lines).toContain('--name tunasync-job-secret');
    await writeFile(at('go'), '');
    expect((await ended(site, 'secret'))[0]).toMatchObject({ status: 'failed' });
    expect(await readFile(at('values'), 'utf8')).toBe(
      `mirror|${secrets.password}|${secrets.token}|${secrets.plain}|*.iso|`,
    );
    await expect(stat(at('wrong'))).rejects.toThrow('ENOENT');
    await waitFor('the record', async () => (await site.history('secret')).length === 1);
    expect(await containers()).toEqual([]);

    const { url } = site.managers[0];
    const paths = ['/jobs', '/workers', `/workers/${workerId}/jobs`, '/jobs/secret', '/jobs/secret/history'];
    const answers = await Promise.all(paths.map(async (path) => (await fetch(`${url}${path}`)).text()));
    expect(answers.join('\n')).toContain('exit status 5');
    const checked = await Promise.all(
      [['--check'], ['--check', '--json']].map((flags) =>
        runCommand('tunasync-worker', [...flags, '-c', site.workerConf]),
      ),
    );
    expect(checked[1]?.stdout).toContain('REDACTED');
    const said = [
      lines,
      ...answers,
      worker.stdout(),
      worker.stderr(),
      manager.stdout(),
      manager.stderr(),
      await site.latestLog('secret'),
      await readFile(at('hook'), 'utf8'),
      ...checked.flatMap(({ stdout, stderr }) => [stdout, stderr]),
    ];
    expect(said.filter((text) => text.includes('5ecret'))).toEqual([]);
  });

  test('a limit is kept, stop ends the container, and so does the halt of the worker', async () => {
    await using site = await makeSite({
      workerEnv: { DOCKER_HOST: engine.host },
      sections: '[docker]\nenable = true\noptions = ["--network", "host"]',
      mirrors:
        command('greedy', "sh -c 'tail /dev/zero'", inImage('memory_limit = "32M"')) +
        command('stopped', "sh -c 'echo ready > ready; sleep 600'", inImage()) +
        command('halted', "sh -c 'echo ready > ready; sleep 600'", inImage()),
    });
    await site.startManager();
    const worker = await site.startWorker();
    const ready = (name: string) => waitFor(name, () => stat(join(site.folder, 'data', name, 'ready')));
    await Promise.all([ready('stopped'), ready('halted')]);
    await site.waitForStatus('stopped', ({ status }) => status === 'syncing');
    expect(await site.ctl('stop', '-w', workerId, 'stopped')).toMatchObject({ code: 0, stderr: '' });
    const [greedy] = await ended(site, 'greedy');
    expect(greedy).toMatchObject({ status: 'failed' });
    expect(greedy?.error_msg).toMatch(/^exit status 137: .*memory limit$/);
    await waitFor(
      'the end of a container',
      async () => (await containers()).join() === 'tunasync-job-halted',
    );
    expect((await site.statuses()).get('stopped')).toMatchObject({ status: 'paused' });
    expect((await site.history('greedy'))[0]).toMatchObject({ reason: 'out-of-memory', exit_code: 137 });
    expect(await worker.stop()).toMatchObject({ code: 0, stderr: '' });
    expect(await containers()).toEqual([]);
  });

  test('without an engine the mirrors that need it fail and say so; the others run', async () => {
    await using site = await makeSite({
      workerEnv: { DOCKER_HOST: 'unix:///nonexistent/docker.sock' },
      sections: '[docker]\nenable = true',
      mirrors: command('boxed', 'true', inImage()) + command('free', 'true'),
    });
    await site.startManager();
    await site.startWorker();
    const [boxed, free] = await ended(site, 'boxed', 'free');
    expect(free).toMatchObject({ status: 'success' });
    expect(boxed).toMatchObject({ status: 'failed' });
    expect(boxed?.error_msg).toMatch(/^the Docker engine does not answer: .*nonexistent\/docker\.sock/);
  });

  test('defect 13: a container that outlives its worker is taken over, and tells its true result', async () => {
    await using gates = await tempDir();
    const { path } = gates;
    const gate = await makeGates(path);
    const volume = inImage(`docker_volumes = ["${gates.path}:${gates.path}"]`);
    await using site = await makeSite({
      workerEnv: { DOCKER_HOST: engine.host },
      sections: '[docker]\nenable = true\noptions = ["--network", "host"]',
      mirrors:
        command('waited', gate.gated('waited'), volume) + command('missed', gate.gated('missed'), volume),
    });
    await site.startManager();
    const first = await site.startWorker();
    await Promise.all([gate.begins('waited'), gate.begins('missed')]);
    const before = await site.waitForStatus('waited', ({ status }) => status === 'syncing');
    await site.waitForStatus('missed', ({ status }) => status === 'syncing');
    first.kill('SIGKILL');
    await first.ended;
    await gate.open('missed', 1, 4);
    await waitFor(
      'the end of a container',
      async () => (await containers()).join() === 'tunasync-job-waited',
    );
    // its client writes the exit code down
    await waitFor(
      'the client',
      async () =>
        !(await site.processes()).some(({ commandLine }) => commandLine.includes('tunasync-job-missed')),
    );
    const missedEnd = Date.now();
    const second = await site.startWorker();
    await waitFor('the takeover', () => second.stdout().includes('waited: taking over'));
    await gate.open('waited', 1, 7);
    const [waited, missed] = await ended(site, 'waited', 'missed');
    expect(waited).toMatchObject({ error_msg: 'exit status 7', last_started: before.last_started });
    expect(missed).toMatchObject({ error_msg: 'exit status 4' });
    expect(Date.parse(missed?.last_ended ?? '')).toBeLessThanOrEqual(missedEnd);
    expect([(await gate.begun('waited')).length, (await gate.begun('missed')).length]).toEqual([1, 1]);
    await waitFor('no container', async () => (await containers()).length === 0);
  });
});

/** Where the memory controller of cgroup v1 is mounted, if cgroups can be made there. */
function memoryHierarchy(): string | undefined {
  const folder = '/sys/fs/cgroup/memory';
  try {
    if (!readdirSync(folder).includes('memory.limit_in_bytes')) return undefined;
    mkdirSync(join(folder, `tunasync-e2e-${process.pid}`));
    rmdirSync(join(folder, `tunasync-e2e-${process.pid}`));
    return folder;
  } catch {
    return undefined;
  }
}

const hierarchy = memoryHierarchy();
let groups = 0;

/** A cgroup below the root; `await using` removes it with what is in it. */
function makeGroup(): { name: string; path: string; children: () => string[] } & AsyncDisposable {
  const name = `tunasync-e2e-${process.pid}-${++groups}`;
  const path = join(hierarchy ?? '', name);
  mkdirSync(path);
  const children = (folder = path): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  return {
    name,
    path,
    children,
    [Symbol.asyncDispose]: async () => {
      await waitFor('an empty cgroup', () => {
        for (const child of children()) rmdirSync(join(path, child));
        rmdirSync(path);
        return true;
      });
    },
  };
}

describeWith('cgroup.enable', hierarchy === undefined ? 'no cgroup v1 with memory' : undefined, () => {
  test('a sync over its memory limit fails and says so; nothing that a sync starts outlives it', async () => {
    await using group = makeGroup();
    await using site = await makeSite({
      sections: `[cgroup]\nenable = true\ngroup = "${group.name}"`,
      mirrors:
        command('greedy', "sh -c 'tail /dev/zero'", 'memory_limit = "32M"') +
        command('modest', 'true', 'memory_limit = "32M"') +
        command(
          'straying',
          'sh -c \'setsid sh -c "echo \\$\\$ > stray; exec sleep 600" & while ! [ -s stray ]; do sleep 0.05; done\'',
        ),
    });
    await site.startManager();
    await site.startWorker();
    const [greedy, modest, straying] = await ended(site, 'greedy', 'modest', 'straying');
    expect([modest?.status, straying?.status]).toEqual(['success', 'success']);
    expect(greedy).toMatchObject({ status: 'failed' });
    expect(greedy?.error_msg).toMatch(/memory limit/);
    await waitFor('the record', async () => (await site.history('greedy'))[0]?.reason === 'out-of-memory');
    const stray = await waitForPid(join(site.folder, 'data/straying/stray'));
    expect(await isRunning(stray)).toBe(false);
    expect(group.children()).toEqual([]);
  });

  test('defect 13: a sync in a cgroup is taken over, even by a worker without cgroups', async () => {
    await using group = makeGroup();
    const enabled = `[cgroup]\nenable = true\ngroup = "${group.name}"`;
    await using site = await withGates({ sections: enabled });
    const { gates } = site;
    const strays = (name: string): string =>
      `sh -c 'setsid sleep 600 & echo $! > ${name}; exec ${gates.gated(name)}'`;
    await site.setMirrors(command('kept', strays('kept')) + command('off', strays('off')));
    await site.startManager();
    const first = await site.startWorker();
    await Promise.all([gates.begins('kept'), gates.begins('off')]);
    await Promise.all(
      ['kept', 'off'].map((name) => site.waitForStatus(name, ({ status }) => status === 'syncing')),
    );
    const stray = (name: string): Promise<number> => waitForPid(join(site.folder, `data/${name}/${name}`));
    const strayPids = [await stray('kept'), await stray('off')];
    expect(group.children().sort()).toEqual(['kept', 'off']);
    first.kill('SIGKILL');
    await first.ended;
    const second = await site.startWorker();
    await waitFor('the takeover', () => second.stdout().includes('kept: taking over'));
    await gates.open('kept', 1, 3);
    expect((await ended(site, 'kept'))[0]).toMatchObject({ status: 'failed', error_msg: 'exit status 3' });
    expect(await isRunning(strayPids[0] ?? 0)).toBe(false);
    expect(group.children()).toEqual(['off']);
    // a mirror without any success is due at once at the next start
    expect(await gates.begun('kept')).toHaveLength(1);
    second.kill('SIGKILL');
    await second.ended;

    const text = await readFile(site.workerConf, 'utf8');
    await writeFile(site.workerConf, text.replace(enabled, '[cgroup]\nenable = false'));
    const third = await site.startWorker();
    await waitFor('the takeover', () => third.stdout().includes('off: taking over'));
    await gates.open('off', 1, 4);
    expect((await ended(site, 'off'))[0]).toMatchObject({ status: 'failed', error_msg: 'exit status 4' });
    expect(await isRunning(strayPids[1] ?? 0)).toBe(false);
    expect(group.children()).toEqual([]);
    expect(await gates.begun('off')).toHaveLength(1);
  });

  test('without a group the worker makes room in its own: syncs are its neighbours there', async () => {
    await using group = makeGroup();
    await using files = await tempDir();
    const script = join(files.path, 'worker');
    await writeFile(
      script,
      `#!/bin/sh\necho 0 > ${group.path}/cgroup.procs\nexec ${commandPath('tunasync-worker')} "$@"\n`,
      { mode: 0o755 },
    );
    await using site = await withGates({ workerCommand: script, sections: '[cgroup]\nenable = true' });
    await site.setMirrors(command('a', site.gates.gated('a')));
    await site.startManager();
    const worker = await site.startWorker();
    const pid = await site.gates.begins('a');
    expect(group.children().sort()).toEqual(['__worker', 'a']);
    const procs = async (child: string) =>
      (await readFile(join(group.path, child, 'cgroup.procs'), 'utf8')).split('\n').map(Number);
    expect(await procs('a')).toContain(pid);
    expect(await procs('__worker')).toContain(worker.pid);
    await site.gates.open('a');
    expect((await ended(site, 'a'))[0]).toMatchObject({ status: 'success' });
    await worker.stop();
  });

  test('a group that cannot be used keeps the worker from starting, in one clear line', async () => {
    await using group = makeGroup();
    await using site = await makeSite({
      sections: `[cgroup]\nenable = true\ngroup = "${group.name}/missing"`,
      mirrors: command('a', 'true'),
    });
    const missing = await runCommand('tunasync-worker', ['-c', site.workerConf]);
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.stderr).toBe(
      `tunasync-worker: cgroup.group "${group.name}/missing": ${group.path}/missing does not exist: make it with mkdir before the worker starts\n`,
    );
    const text = await readFile(site.workerConf, 'utf8');
    await writeFile(site.workerConf, text.replace(`${group.name}/missing`, group.name));
    await using inside = startCommand('/bin/sleep', ['600']);
    writeFileSync(join(group.path, 'cgroup.procs'), String(inside.pid));
    const held = await runCommand('tunasync-worker', ['-c', site.workerConf]);
    expect(held).toMatchObject({ code: 1 });
    expect(held.stderr).toContain(
      `cgroup.group "${group.name}": expected a cgroup without processes, but it holds 1 (pid ${inside.pid})`,
    );
    expect(held.stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describeWith('btrfs_snapshot.enable', canMountBtrfs() ? undefined : 'no btrfs', () => {
  test('a mirror is a subvolume; its users see the last good sync, whatever a later one does', async () => {
    await using volume = await btrfsVolume();
    const at = (...parts: string[]): string => join(volume.path, ...parts);
    const isSubvolume = async (path: string): Promise<boolean> => (await stat(path)).ino === 256;
    await using site = await makeSite({
      sections: `[btrfs_snapshot]\nenable = true\nsnapshot_path = "${at('published')}"`,
      mirrors: '',
    });
    const script = join(site.folder, 'sync');
    await writeFile(script, `#!/bin/sh\necho x >> syncs\n! [ -e ${site.folder}/broken ]\n`, { mode: 0o755 });
    await site.setMirrors(
      command('a', script, `mirror_dir = "${at('data/a')}"`) +
        command('plain', script, `mirror_dir = "${at('data/plain')}"`) +
        command('elsewhere', script),
    );
    await mkdir(at('data/plain'), { recursive: true });
    await site.startManager();
    await site.startWorker();
    const [a, plain, elsewhere] = await ended(site, 'a', 'plain', 'elsewhere');
    expect(a).toMatchObject({ status: 'success' });
    expect(plain).toMatchObject({ status: 'failed' });
    expect(plain?.error_msg).toMatch(
      /^error exec hook pre-job: .*data\/plain exists and is not a btrfs subvolume/,
    );
    expect(elsewhere?.error_msg).toMatch(/^error exec hook pre-job: .*btrfs/);
    expect(await isSubvolume(at('data/a'))).toBe(true);
    expect(await isSubvolume(at('published/a'))).toBe(true);
    const published = (): Promise<string> => readFile(at('published/a/syncs'), 'utf8');
    expect(await published()).toBe('x\n');

    // the record of a run may come after its status
    const recorded = (count: number): Promise<RunRecord[]> =>
      waitFor(`the record of run ${count}`, async () => {
        const runs = await site.history('a');
        return runs.length === count && runs;
      });
    await recorded(1);
    let count = 1;
    const again = async (status: string): Promise<void> => {
      await site.command('start', 'a');
      count += 1;
      expect((await recorded(count))[0]?.result).toBe(status);
    };
    await writeFile(join(site.folder, 'broken'), '');
    await again('failed');
    expect(await readFile(at('data/a/syncs'), 'utf8')).toBe('x\nx\n');
    expect(await published()).toBe('x\n');
    await rm(join(site.folder, 'broken'));
    await again('success');
    expect(await published()).toBe('x\nx\nx\n');
    // readers may write there
    await writeFile(at('published/a/note'), 'hello');
  });
});

describeWith('zfs.enable', canMount() ? undefined : 'no privilege to mount', () => {
  test('a mirror whose dataset is not mounted fails with the commands that make it; one that is runs', async () => {
    await using source = await tempDir();
    await using site = await makeSite({
      sections: '[zfs]\nenable = true\nzpool = "tank"',
      mirrors:
        command('Mounted', 'touch here') + command('Folder', 'touch here') + command('Missing', 'touch here'),
    });
    const data = (name: string): string => join(site.folder, 'data', name);
    await mkdir(data('Mounted'), { recursive: true });
    await mkdir(data('Folder'));
    await using _ = await bindMount(source.path, data('Mounted'));
    await site.startManager();
    await using worker = await site.startWorker();
    const [mounted, folder, missing] = await ended(site, 'Mounted', 'Folder', 'Missing');
    expect(mounted).toMatchObject({ status: 'success' });
    const help = (name: string): string =>
      `you may create the ZFS dataset with: zfs create 'tank/${name.toLowerCase()}' && zfs set mountpoint='${data(name)}' 'tank/${name.toLowerCase()}'`;
    expect(folder?.error_msg).toBe(
      `error exec hook pre-job: working folder ${data('Folder')} is not a mount point; ${help('Folder')}`,
    );
    expect(missing?.error_msg).toBe(
      `error exec hook pre-job: working folder ${data('Missing')} does not exist; ${help('Missing')}`,
    );
    await expect(stat(data('Missing'))).rejects.toThrow('ENOENT');
    expect((await stat(join(source.path, 'here'))).isFile()).toBe(true);
    await worker.stop();
  });
});
