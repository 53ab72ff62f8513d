import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fixturePath } from '@tunasync/test-utils';
import { runCommand } from '../src/run-process.js';
import { makeSite, workerId } from '../src/site.js';

const mirror = (name: string, more = ''): string =>
  `[[mirrors]]\nname = "${name}"\nprovider = "command"\ncommand = "true"\n${more}`;

test('--check prints the configuration vectors as tunasync v0.10 reads them, secrets masked', async () => {
  const { code, stdout, stderr } = await runCommand('tunasync-worker', [
    '--check',
    '--json',
    '-c',
    fixturePath('config-vectors/worker.conf'),
  ]);
  const expected = JSON.parse(await readFile(fixturePath('config-vectors/expected.json'), 'utf8')) as {
    env: Record<string, string>;
  }[];
  for (const row of expected) {
    row.env = Object.fromEntries(Object.keys(row.env).map((name) => [name, 'REDACTED']));
  }
  expect(JSON.parse(stdout)).toEqual(expected);
  // a retired key and one without effect
  expect([code, stderr.trim().split('\n').length]).toEqual([1, 2]);
});

describe('a folder of mirror files', () => {
  /** A site whose worker takes `mirror-enabled/*.conf`; `a` is enabled, `b` is available. */
  async function siteWithFiles() {
    const site = await makeSite({ mirrors: '[include]\ninclude_mirrors = "mirror-enabled/*.conf"' });
    const at = (...parts: string[]): string => join(site.folder, ...parts);
    await mkdir(at('mirror-available'));
    await writeFile(at('mirror-available/a.conf'), mirror('a'));
    await writeFile(at('mirror-available/b.conf'), mirror('b'));
    const mirrors = (...args: string[]) =>
      site.ctl('mirrors', ...args, '--dir', site.folder, '--worker-config', site.workerConf);
    expect(await mirrors('enable', 'a', '--no-reload')).toMatchObject({
      code: 0,
      stdout: 'enabled a.conf: a\n',
    });
    await site.startManager();
    await site.startWorker();
    await site.waitForStatus('a', ({ status }) => status === 'success');
    return Object.assign(site, { at, mirrors });
  }

  test('mirrors are taken into and out of use while the worker runs', async () => {
    await using site = await siteWithFiles();
    expect((await site.statuses()).has('b')).toBe(false);
    expect(await site.mirrors('enable', 'b')).toMatchObject({
      code: 0,
      stdout: `enabled b.conf: b\nreloaded ${workerId}\n`,
      stderr: '',
    });
    await site.waitForStatus('b', ({ status }) => status === 'success');
    expect(await site.mirrors('disable', 'a')).toMatchObject({ code: 0 });
    await site.waitForStatus('a', ({ status }) => status === 'disabled');
    const list = await site.ctl('mirrors', 'list', '--dir', site.folder);
    expect(list.stdout.split('\n')).toEqual([
      'FILE    ENABLED  MIRRORS',
      'a.conf  no       a',
      'b.conf  yes      b',
      '',
    ]);
  });

  test('one broken file changes nothing, and whoever asked is told file and line', async () => {
    await using site = await siteWithFiles();
    await writeFile(site.at('mirror-available/bad.conf'), mirror('bad', '\nretry = "often"\n'));
    expect(await site.mirrors('enable', 'b', 'bad')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `nothing was changed: ${site.at('mirror-available/bad.conf')}:6: mirrors[bad].retry: expected a whole number from 0 to 1000000, found a string\n`,
    });

    // broken behind the back of tunasynctl, with a good change in another file
    await writeFile(site.at('mirror-enabled/c.conf'), mirror('c'));
    await writeFile(site.at('mirror-enabled/d.conf'), '\n\nnot toml\n');
    await writeFile(site.at('mirror-enabled/e.conf'), mirror('e', 'retry = -1\n'));
    const reload = await site.ctl('reload', '-w', workerId);
    expect(reload.code).toBe(1);
    expect(reload.stderr).toContain(`${site.at('mirror-enabled/d.conf')}:3: not valid TOML`);
    expect(reload.stderr).toContain('(and 1 more)');
    expect(await site.ctl('ping', '-w', workerId, 'a')).toMatchObject({ code: 0 });
    expect(await site.ctl('ping', '-w', workerId, 'c')).toMatchObject({ code: 1 });
    expect([...(await site.statuses()).keys()]).toEqual(['a']);
  });
});
