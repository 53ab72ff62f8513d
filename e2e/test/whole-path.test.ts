import { execFile } from 'node:child_process';
import { mkdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isZeroTime, type WebMirrorStatus } from '@tunasync/protocol';
import { startRsyncDaemon, waitFor, type RsyncDaemon } from '@tunasync/test-utils';
import { makeSite, workerId, type Site } from '../src/site.js';

const exec = promisify(execFile);

describe('from a configuration file to a synced mirror', () => {
  let upstream: RsyncDaemon;
  let site: Site;

  beforeAll(async () => {
    site = await makeSite({ mirrors: '' });
    const tree = join(site.folder, 'upstream');
    await mkdir(join(tree, 'pool/main'), { recursive: true });
    await mkdir(join(tree, 'dists/stable'), { recursive: true });
    await writeFile(join(tree, 'pool/main/a_1.deb'), 'x'.repeat(200_000));
    await writeFile(join(tree, 'dists/stable/Release'), 'Suite: stable\n');
    upstream = await startRsyncDaemon({ modules: { pub: { path: tree } } });
    await site.setMirrors(`
[[mirrors]]
name = "pub"
provider = "rsync"
upstream = "${upstream.url('pub')}"

[[mirrors]]
name = "staged"
provider = "two-stage-rsync"
stage1_profile = "debian"
upstream = "${upstream.url('pub')}"

[[mirrors]]
name = "scripted"
provider = "command"
upstream = "https://example.org/scripted/"
role = "slave"
command = "sh -c 'echo fetched > file; echo Total size is 1.5G; echo $TUNASYNC_MIRROR_NAME from $TUNASYNC_UPSTREAM_URL'"
size_pattern = "Total size is ([0-9\\\\.]+[KMGTP]?)"

[[mirrors]]
name = "broken"
provider = "rsync"
upstream = "${upstream.url('missing')}"
retry = 1
`);
    await site.startManager();
    await site.startWorker();
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  });

  test('rsync and two-stage mirrors equal the upstream, byte for byte', async () => {
    for (const mirror of ['pub', 'staged']) {
      await site.waitForStatus(mirror, ({ status }) => status === 'success');
      const { stdout } = await exec('diff', [
        '-r',
        join(site.folder, 'upstream'),
        join(site.folder, 'data', mirror),
      ]);
      expect(stdout).toBe('');
    }
    expect((await site.statuses()).get('pub')?.size).toBe('200.01K');
  });

  test('a command runs in its folder, with its environment, and its size is found', async () => {
    const status = await site.waitForStatus('scripted', (current) => current.status === 'success');
    expect(status).toMatchObject({
      size: '1.5G',
      is_master: false,
      upstream: 'https://example.org/scripted/',
    });
    expect(await readFile(join(site.folder, 'data/scripted/file'), 'utf8')).toBe('fetched\n');
    expect(await site.latestLog('scripted')).toContain('scripted from https://example.org/scripted/');
  });

  test('a failing mirror tells why, in the status and in its log', async () => {
    const status = await site.waitForStatus('broken', (current) => current.status === 'failed');
    expect(status.error_msg).toMatch(/^exit status 5/);
    expect(isZeroTime(status.last_update)).toBe(true);
    expect(await site.latestLog('broken')).toContain('rsync error: ');
    expect(await readlink(join(site.folder, 'log/broken/latest'))).toMatch(/^broken_[-0-9_]+\.log\.fail$/);
  });

  test('every time of a good sync is told: end equals update, the next run is an interval later', async () => {
    const status = await site.waitForStatus('pub', (current) => !isZeroTime(current.next_schedule));
    expect(status.last_update).toBe(status.last_ended);
    const minutes = (Date.parse(status.next_schedule) - Date.parse(status.last_ended)) / 60_000;
    expect(minutes).toBeGreaterThan(59.9);
    expect(minutes).toBeLessThan(60.1);
  });

  test('defect 21: the status file holds what GET /jobs answers', async () => {
    const byName = (list: WebMirrorStatus[]): WebMirrorStatus[] =>
      list.sort((a, b) => a.name.localeCompare(b.name));
    await site.waitForStatus('broken', (current) => !isZeroTime(current.next_schedule));
    await waitFor('the status file to follow', async () => {
      const file = JSON.parse(await readFile(site.managers[0].statusFile, 'utf8')) as WebMirrorStatus[];
      const jobs = (await (await fetch(`${site.managers[0].url}/jobs`)).json()) as WebMirrorStatus[];
      return jobs.length === 4 && JSON.stringify(byName(file)) === JSON.stringify(byName(jobs));
    });
  });

  test('tunasynctl shows and steers', async () => {
    const listed = await site.ctl('list', '-a', '-s', 'success', '-f', '{{.Name}} {{.Size}}');
    expect(listed.code).toBe(0);
    expect(listed.stdout.split('\n').sort()).toEqual(['', 'pub 200.01K', 'scripted 1.5G', 'staged 200.01K']);

    const before = (await site.statuses()).get('scripted');
    expect(await site.ctl('start', '-w', workerId, 'scripted')).toMatchObject({
      code: 0,
      stdout: 'Successfully send the command\n',
    });
    await site.waitForStatus(
      'scripted',
      (status) => status.status === 'success' && status.last_update !== before?.last_update,
    );

    expect(await site.ctl('disable', '-w', workerId, 'broken')).toMatchObject({ code: 0 });
    await site.waitForStatus('broken', ({ status }) => status === 'disabled');
    expect(await site.ctl('flush')).toMatchObject({
      code: 0,
      stdout: 'Successfully flushed disabled jobs\n',
    });
    expect((await site.statuses()).has('broken')).toBe(false);
  });

  test('defect 4: a refused command is an error with the words of the worker', async () => {
    const refused = await site.ctl('start', '-w', workerId, 'nope');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toContain(`worker ${workerId}: Mirror \`\`nope'' not found`);
    expect(refused.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('defect 16: a command without a worker goes to the one that has the mirror', async () => {
    const answer = await fetch(`${site.managers[0].url}/cmd`, {
      method: 'POST',
      body: '{"cmd":"ping","mirror_id":"pub"}',
    });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { message: `successfully send command to worker ${workerId}` },
    ]);
  });
});
