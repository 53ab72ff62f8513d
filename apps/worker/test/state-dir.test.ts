import { mkdir, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { findStateDir } from '../src/state-dir.js';

describe('the state folder', () => {
  test('the state folder of the file comes before all others', async () => {
    const env = { STATE_DIRECTORY: '/run/x', XDG_STATE_HOME: '/run/y' };
    expect(await findStateDir({ configured: '/srv/state', name: 'w', env })).toBe('/srv/state');
    expect(await findStateDir({ configured: 'state', name: 'w', env })).toBe(join(process.cwd(), 'state'));
  });

  test('the state folder is the first folder that systemd gives', async () => {
    const env = { STATE_DIRECTORY: '/var/lib/a:/var/lib/b' };
    expect(await findStateDir({ configured: '', name: 'w', env })).toBe('/var/lib/a');
  });

  test('the state folder is created in /var/lib if possible', async () => {
    await using folder = await tempDir();
    const found = await findStateDir({ configured: '', name: 'w', env: {}, varLib: folder.path });
    expect(found).toBe(join(folder.path, 'tunasync/w'));
    expect((await stat(found)).isDirectory()).toBe(true);
  });

  test.each([
    [{ XDG_STATE_HOME: '/home/x/state', HOME: '/home/x' }, '/home/x/state/tunasync/w'],
    [{ XDG_STATE_HOME: 'relative', HOME: '/home/x' }, '/home/x/.local/state/tunasync/w'],
    [{ HOME: '/home/x' }, '/home/x/.local/state/tunasync/w'],
    [{ HOME: '' }, join(homedir(), '.local/state/tunasync/w')],
  ])('with %j and no access to /var/lib, the state folder is %s', async (env, expected) => {
    await using folder = await tempDir();
    await mkdir(join(folder.path, 'lib'));
    await writeFile(join(folder.path, 'lib/tunasync'), 'a file in the way');
    const varLib = join(folder.path, 'lib');
    expect(await findStateDir({ configured: '', name: 'w', env, varLib })).toBe(expected);
  });
});
