import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { startCommand } from '../src/run-process.js';
import { makeSite } from '../src/site.js';

test('the service manager hears of readiness once the servers answer, and of the halt; syncs cannot speak for the daemon', async () => {
  await using site = await makeSite({
    mirrors:
      '[[mirrors]]\nname = "env"\nprovider = "command"\ncommand = "env"\nupstream = "https://example.org/"\n',
  });
  const bin = join(site.folder, 'bin');
  const told = join(site.folder, 'told');
  await mkdir(bin);
  // tells what it was asked to send, from whom, and whether that one's server answers at that moment
  await writeFile(
    join(bin, 'systemd-notify'),
    `#!/usr/bin/env node
const { appendFileSync } = require('node:fs');
const answers = (url, init) => fetch(url, init).then(() => 'answering', () => 'silent');
const { ASK, WHO, NOTIFY_SOCKET } = process.env;
answers(ASK, { method: WHO === 'worker' ? 'POST' : 'GET' }).then((state) =>
  appendFileSync(${JSON.stringify(told)}, [WHO, NOTIFY_SOCKET, process.argv[2], ...(process.argv[2] === 'READY=1' ? [state] : [])].join(' ') + '\\n'),
);
`,
    { mode: 0o755 },
  );
  const env = (who: string, ask: string): Record<string, string> => ({
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    NOTIFY_SOCKET: '/run/systemd/notify',
    WHO: who,
    ASK: ask,
  });
  const heard = (line: string): Promise<unknown> =>
    waitFor(line, async () => (await readFile(told, 'utf8')).split('\n').includes(line));

  const [manager] = site.managers;
  await using managing = startCommand(
    'tunasync-manager',
    ['-c', manager.confFile],
    env('manager', manager.url),
  );
  await heard('manager /run/systemd/notify READY=1 answering');
  await using working = startCommand(
    'tunasync-worker',
    ['-c', site.workerConf],
    env('worker', `http://127.0.0.1:${site.workerPort}/`),
  );
  await heard('worker /run/systemd/notify READY=1 answering');
  await site.waitForStatus('env', ({ status }) => status === 'success');
  const log = await site.latestLog('env');
  expect(log).toContain('WHO=worker');
  expect(log).not.toContain('NOTIFY_SOCKET');

  expect(await working.stop()).toMatchObject({ code: 0, stderr: '' });
  await heard('worker /run/systemd/notify STOPPING=1');
  expect(await managing.stop()).toMatchObject({ code: 0, stderr: '' });
  await heard('manager /run/systemd/notify STOPPING=1');
});
