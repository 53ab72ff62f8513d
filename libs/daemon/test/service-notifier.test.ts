import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { memoryLogger } from '@tunasync/logger';
import { tempDir } from '@tunasync/test-utils';
import { serviceNotifier, withoutNotifySocket } from '../src/index.js';

/** A `systemd-notify` that writes down what it is given, or does what the test says. */
async function fakeNotify(folder: string, body: string): Promise<string> {
  const file = join(folder, 'systemd-notify');
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
  return `${folder}:/usr/bin:/bin`;
}

test('systemd-notify gets the assignments and the socket', async () => {
  await using folder = await tempDir();
  const told = join(folder.path, 'told');
  const path = await fakeNotify(folder.path, `echo "$NOTIFY_SOCKET $*" >> ${told}`);
  const logger = memoryLogger();
  const notifier = serviceNotifier({ env: { PATH: path, NOTIFY_SOCKET: '/run/notify' }, logger });
  await notifier.tell('READY=1', 'STATUS=4 mirrors');
  expect(await readFile(told, 'utf8')).toBe('/run/notify READY=1 STATUS=4 mirrors\n');
  expect(logger.lines).toEqual([]);
});

test('a service manager that cannot be told is a warning', async () => {
  await using folder = await tempDir();
  const path = await fakeNotify(folder.path, 'exit 3');
  const logger = memoryLogger();
  await serviceNotifier({ env: { PATH: path, NOTIFY_SOCKET: '@x' }, logger }).tell('READY=1');
  await serviceNotifier({ env: { PATH: '/nowhere', NOTIFY_SOCKET: '@x' }, logger }).tell('READY=1');
  expect(logger.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    expect.stringMatching(/^warn the service manager was not told READY=1: /),
    expect.stringMatching(/^warn the service manager was not told READY=1: .*ENOENT/),
  ]);
});

test('without a socket nothing is run', async () => {
  await using folder = await tempDir();
  const told = join(folder.path, 'told');
  const path = await fakeNotify(folder.path, `echo run > ${told}`);
  await serviceNotifier({ env: { PATH: path }, logger: memoryLogger() }).tell('READY=1');
  await expect(readFile(told)).rejects.toThrow('ENOENT');
});

test('children do not get the socket', () => {
  expect(withoutNotifySocket({ NOTIFY_SOCKET: '/run/notify', PATH: '/bin' })).toEqual({ PATH: '/bin' });
});
