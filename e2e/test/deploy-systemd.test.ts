import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { reservePort, tempDir, waitFor } from '@tunasync/test-utils';
import { noSystemdMachine, startSystemdMachine, type SystemdMachine } from '../src/systemd-machine.js';

const runFile = promisify(execFile);
const units = fileURLToPath(new URL('../../examples/deploy/systemd', import.meta.url));
const canVerify = spawnSync('systemd-analyze', ['--version']).status === 0;
const noMachine = noSystemdMachine();
if (noMachine !== undefined) process.stderr.write(`tests of systemd are skipped: ${noMachine}\n`);

// a key of systemd 254
const unknownBefore254 =
  /^.*: Unknown key (name )?'DelegateSubgroup' in section '?\[?Service\]?'?, ignoring\.$/;

(canVerify ? test : test.skip)('the units are valid, also for a worker that is root', async () => {
  await using temp = await tempDir('units-');
  const files = (await readdir(units)).filter((name) => name.endsWith('.service'));
  expect(files).toEqual(['tunasync-manager.service', 'tunasync-worker.service']);
  for (const file of files) {
    const program = file.replace('.service', '');
    await writeFile(join(temp.path, program), '#!/bin/sh\n', { mode: 0o755 });
    const text = await readFile(join(units, file), 'utf8');
    const changed = text.replace(`ExecStart=${program} `, `ExecStart=${join(temp.path, program)} `);
    expect(changed).not.toBe(text);
    await writeFile(join(temp.path, file), changed);
  }
  const verify = async (): Promise<string[]> => {
    const paths = files.map((file) => join(temp.path, file));
    const { stdout, stderr } = await runFile('systemd-analyze', ['verify', '--man=no', ...paths]);
    return `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !unknownBefore254.test(line));
  };
  expect(await verify()).toEqual([]);
  const dropIns = join(temp.path, 'tunasync-worker.service.d');
  await mkdir(dropIns);
  await copyFile(join(units, 'worker-as-root.conf'), join(dropIns, 'worker-as-root.conf'));
  expect(await verify()).toEqual([]);
  // and it would tell
  await writeFile(join(dropIns, 'bad.conf'), '[Service]\nKillMod=process\n');
  expect((await verify()).join()).toContain('KillMod');
});

(noMachine === undefined ? describe : describe.skip)('under a real systemd', () => {
  /** The machine as docs/deployment.md sets it up, with one mirror that takes as long as a file says. */
  async function machineWithUnits({ root }: { root: boolean }) {
    const temp = await tempDir('deploy-');
    const at = (name: string): string => join(temp.path, name);
    await chmod(temp.path, 0o777);
    const [managerPort, workerPort] = [await reservePort(), await reservePort()];
    // beside the hierarchies, as other software leaves it
    const plain = `/sys/fs/cgroup/tunasync-plain-${process.pid}`;
    const madePlain = !existsSync('/sys/fs/cgroup/cgroup.controllers');
    if (madePlain) await mkdir(plain);
    await writeFile(at('manager.conf'), `[server]\naddr = "127.0.0.1"\nport = ${managerPort}\n`);
    await writeFile(
      at('worker.conf'),
      `[global]
name = "w1"
log_dir = "/var/log/tunasync/{{.Name}}"
mirror_dir = "/srv/mirrors"
interval = 60

[manager]
api_base = "http://127.0.0.1:${managerPort}"

[server]
hostname = "127.0.0.1"
listen_addr = "127.0.0.1"
listen_port = ${workerPort}

[cgroup]
enable = ${String(root)}

[[mirrors]]
name = "long"
provider = "command"
command = "${at('long.sh')}"
upstream = "https://example.org/"
`,
    );
    await writeFile(
      at('long.sh'),
      `#!/bin/sh
echo "start $$ as $(id -un), NOTIFY_SOCKET \${NOTIFY_SOCKET-unset}" >>${at('runs')}
while [ ! -e ${at('go-on')} ]; do sleep 0.1; done
echo "end $$" >>${at('runs')}
`,
      { mode: 0o755 },
    );
    const machine = await startSystemdMachine();
    const { sh } = machine;
    await sh('useradd --system --home-dir /var/lib/tunasync --shell /usr/sbin/nologin tunasync');
    await sh('install -d -o tunasync -g tunasync /srv/mirrors');
    await sh(`cp ${at('manager.conf')} ${at('worker.conf')} /etc/tunasync/`);
    await sh(`cp ${units}/*.service /etc/systemd/system/`);
    for (const name of ['manager', 'worker']) {
      // without the rest of a machine, and with output in a file in place of a journal
      const dropIn = `[Unit]\\nDefaultDependencies=no\\nWants=\\n[Service]\\nStandardOutput=append:${at(`${name}.log`)}\\nStandardError=inherit\\n`;
      const folder = `/etc/systemd/system/tunasync-${name}.service.d`;
      await sh(`mkdir ${folder} && printf '${dropIn}' >${folder}/test.conf`);
    }
    if (root) await sh(`cp ${units}/worker-as-root.conf /etc/systemd/system/tunasync-worker.service.d/`);
    await sh('systemctl daemon-reload');
    const read = (name: string): Promise<string> => readFile(at(name), 'utf8').catch(() => '');
    const get = async (path: string): Promise<unknown> =>
      (await fetch(`http://127.0.0.1:${managerPort}${path}`)).json();
    return {
      ...machine,
      at,
      read,
      get,
      async [Symbol.asyncDispose]() {
        await machine[Symbol.asyncDispose]();
        if (madePlain) await rmdir(plain);
        await temp.remove();
      },
    };
  }

  const activeOf = async (machine: SystemdMachine, unit: string): Promise<unknown> => {
    const { ActiveState, SubState, Result, User } = await machine.show(unit);
    return { ActiveState, SubState, Result, User };
  };
  const running = { ActiveState: 'active', SubState: 'running', Result: 'success', User: 'tunasync' };
  const stopped = { ...running, ActiveState: 'inactive', SubState: 'dead' };

  test.each([
    { user: 'tunasync', root: false },
    // the memory controller of cgroups v1 is given to nobody else
    { user: 'root', root: true },
  ])(
    'units start when the servers answer, a crash of the worker leaves its sync to the next one, a halt is clean: worker as $user',
    async ({ user, root }) => {
      await using machine = await machineWithUnits({ root });
      const { sh, read, get, at } = machine;
      await sh('systemctl enable --now tunasync-manager');
      // started means: it answers
      expect(await get('/ping')).toEqual({ message: 'pong' });
      await sh('systemctl enable --now tunasync-worker');
      expect(await activeOf(machine, 'tunasync-manager')).toEqual(running);
      expect(await activeOf(machine, 'tunasync-worker')).toEqual({ ...running, User: user });
      const first = await waitFor('the sync', async () => /^start (.*)\n/.exec(await read('runs'))?.[1]);
      // jobs cannot speak for the worker
      expect(first).toMatch(new RegExp(`^\\d+ as ${user}, NOTIFY_SOCKET unset$`));

      const { MainPID: crashed } = await machine.show('tunasync-worker');
      await sh('systemctl kill --signal=KILL --kill-who=main tunasync-worker');
      await waitFor('systemd to start it anew', async () => {
        const { MainPID, SubState } = await machine.show('tunasync-worker');
        return MainPID !== crashed && SubState === 'running';
      });
      await writeFile(at('go-on'), '');
      await waitFor('the sync to be known as done', async () =>
        JSON.stringify(await get('/workers/w1/jobs')).includes('"status":"success"'),
      );
      const [pid = ''] = first.split(' ');
      expect(await read('runs')).toBe(`start ${first}\nend ${pid}\n`);
      expect(await sh('ls /var/lib/tunasync-worker /var/lib/tunasync /var/log/tunasync')).toContain(
        'tunasync.db',
      );

      const added = '[[mirrors]]\\nname = "added"\\nprovider = "command"\\ncommand = "true"\\n';
      await sh(`printf '${added}' >>/etc/tunasync/worker.conf`);
      await sh('systemctl reload tunasync-worker tunasync-manager');
      await waitFor('the new mirror', async () =>
        JSON.stringify(await get('/workers/w1/jobs')).includes('"name":"added"'),
      );
      await sh('systemctl stop tunasync-worker');
      await sh('systemctl stop tunasync-manager');
      expect(await activeOf(machine, 'tunasync-worker')).toEqual({ ...stopped, User: user });
      expect(await activeOf(machine, 'tunasync-manager')).toEqual(stopped);
      expect(`${await read('worker.log')}${await read('manager.log')}`).not.toContain(
        'service manager was not told',
      );
    },
  );
});
