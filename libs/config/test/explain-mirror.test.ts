import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  explainMirror,
  loadWorkerConfig,
  type LoadWorkerOptions,
  type MirrorSetting,
  type WorkerConfig,
} from '../src/index.js';
import { globalTable, inMemory, valueOf, worker } from './support.js';

const explain = (config: WorkerConfig, name = 'm'): MirrorSetting[] => explainMirror(config, name) ?? [];

/** Settings of the mirror `m`, by key. */
async function settings(
  text: string,
  options?: Partial<LoadWorkerOptions>,
): Promise<Record<string, Omit<MirrorSetting, 'key'>>> {
  const config = await worker(text, { file: '/w.conf', ...options });
  return Object.fromEntries(explain(config).map(({ key, ...rest }) => [key, rest]));
}

const mirror = '[[mirrors]]\nname = "m"\nupstream = "rsync://u/m/"\n';

describe('where a setting comes from', () => {
  test('the mirror, an outer one, [global] or a default, with the line', async () => {
    const found = await settings(
      `${globalTable}retry = 5\n[[mirrors]]\nname = "outer"\nupstream = "rsync://u/m/"\njitter = 3\nenv = { A = "1", B = "2" }\n[[mirrors.mirrors]]\nname = "m"\nRole = "slave"\n[mirrors.mirrors.env]\nB = "3"\n`,
    );
    expect(found).toMatchObject({
      name: { value: '"m"', source: 'mirror', file: '/w.conf', line: 14 },
      role: { value: '"slave"', source: 'mirror', line: 15 },
      upstream: { value: '"rsync://u/m/"', source: 'parent', line: 10 },
      jitter: { value: '3', source: 'parent', line: 11 },
      'env.A': { value: '"REDACTED"', source: 'parent', line: 12, masked: true },
      'env.B': { value: '"REDACTED"', source: 'mirror', line: 17, masked: true },
      interval: { value: '60', source: 'global', file: '/w.conf', line: 6 },
      retry: { value: '5', source: 'global', line: 7 },
      log_dir: { value: '"/log/m"', source: 'global', line: 3 },
      mirror_dir: { value: '"/data/m"', source: 'global', line: 4 },
      timeout: { value: '0', source: 'default' },
      priority: { value: '50', source: 'default' },
      stale_after: { value: '180', source: 'default' },
      rsync_timeout: { value: '120', source: 'default' },
    });
    expect(found['priority']).toEqual({ value: '50', source: 'default' });
    expect(found['name']).not.toHaveProperty('masked');
  });

  test('an included file', async () => {
    const files = {
      '/etc/w.conf': `${globalTable}[include]\ninclude_mirrors = "/etc/d/*.conf"\n`,
      '/etc/d/a.conf': `\n${mirror}retry = 7\n`,
    };
    const config = valueOf(await loadWorkerConfig({ file: '/etc/w.conf', ...inMemory(files) }));
    expect(explain(config).find(({ key }) => key === 'retry')).toEqual({
      key: 'retry',
      value: '7',
      source: 'mirror',
      file: '/etc/d/a.conf',
      line: 5,
    });
  });

  test('after a reload: the new file for the mirror, the old one for the other tables', async () => {
    const before = await worker(`${globalTable}retry = 5\n${mirror}`, { file: '/w.conf' });
    const after = await worker(`${globalTable}\n\nretry = 6\n${mirror}priority = 0\n`, {
      file: '/w.conf',
      previous: before,
    });
    const found = Object.fromEntries(explain(after).map(({ key, ...rest }) => [key, rest]));
    expect(found['retry']).toMatchObject({ value: '5', source: 'global', line: 7 });
    expect(found['priority']).toMatchObject({ value: '0', source: 'mirror', line: 13 });
  });

  test('a mirror that is not configured has no settings', async () => {
    expect(explainMirror(await worker(`${globalTable}${mirror}`), 'nope')).toBeUndefined();
  });
});

describe('what is in force', () => {
  test('is told as TOML; what has no effect is left out', async () => {
    const found = await settings(
      `${globalTable}[docker]\nenable = true\nvolumes = ["/a:/a"]\n${mirror}provider = "command"\ncommand = "sync \\"a b\\""\ncron = "5 4 * * *"\ninterval_mode = "fixed-rate"\nmemory_limit = "256M"\nsuccess_exit_codes = [1, 2]\ndocker_image = "i"\nsnapshot_path = "/s"\nlog_max_size = 1000\nblackout = ["22:00-02:00"]\n`,
    );
    expect(found).toMatchObject({
      command: { value: '"sync \\"a b\\""' },
      cron: { value: '"5 4 * * *"', source: 'mirror' },
      memory_limit: { value: '"256M"' },
      success_exit_codes: { value: '[1, 2]' },
      'docker.volumes': { value: '["/a:/a"]', source: 'docker', line: 9 },
      log_max_size: { value: '1000' },
      blackout: { value: '["22:00-02:00"]' },
      stale_after: { value: '4320', source: 'default' },
    });
    for (const key of ['interval_mode', 'fixed_rate_anchor', 'snapshot_path', 'use_ipv4', 'rsync_timeout']) {
      expect(found).not.toHaveProperty([key]);
    }
  });

  test('a fixed rate, and lists that [global] adds', async () => {
    const found = await settings(
      `${globalTable}interval_mode = "fixed-rate"\nrsync_options = ["-z"]\ndangerous_global_success_exit_codes = [9]\n${mirror}fixed_rate_anchor = "1:30"\n`,
    );
    expect(found).toMatchObject({
      interval_mode: { value: '"fixed-rate"', source: 'global' },
      fixed_rate_anchor: { value: '"01:30"', source: 'mirror' },
      'global.rsync_options': { value: '["-z"]', source: 'global', line: 8 },
      'global.dangerous_global_success_exit_codes': { value: '[9]' },
    });
  });

  test('keys of plug-ins and their defaults', async () => {
    const schema = z.object({ bucket: z.string(), depth: z.number().default(3), api_secret: z.string() });
    const found = await settings(
      `${globalTable}${mirror}provider = "s3"\nbucket = "https://joe:hunter2@b"\napi_secret = "hunter2"\n`,
      { providers: [{ name: 's3', schema }] },
    );
    expect(found).toMatchObject({
      bucket: { value: '"https://REDACTED@b"', source: 'mirror', line: 11, masked: true },
      depth: { value: '3', source: 'default' },
      api_secret: { value: '"REDACTED"', masked: true },
    });
  });
});

test.each([
  'password = "hunter2"',
  'env = { HARMLESS = "hunter2" }',
  'upstream = "rsync://joe:hunter2@u/m/"',
  'upstream = "rsync://hunter2@u/m/"',
  'rsync_options = ["--rsh=x", "--token=hunter2"]',
  'rsync_override = ["--password", "hunter2"]',
  `docker_options = ["-e", "A=hunter2"]`,
  `docker_options = ["--env", "A=hunter2"]`,
  `docker_options = ["--env=A=hunter2"]`,
  `docker_options = ["-eA=hunter2"]`,
  `docker_options = ["-e A=hunter2"]`,
  `docker_options = ["-ite", "A=b=hunter2"]`,
  `docker_options = ["--env", "A=b\\nhunter2"]`,
  `exec_on_success = ["curl -u joe:hunter2 https://x"]`,
  `exec_on_success = ["curl -H 'Authorization: Bearer hunter2' https://x"]`,
  `exec_on_failure = ["curl https://joe:hunter2@x"]`,
  `exec_on_failure_extra = ["sh -c 'API_TOKEN=hunter2 notify'"]`,
  `exec_on_failure = ["curl 'https://x/?token=hunter2'"]`,
  `provider = "command"\ncommand = "sync --secret hunter2"`,
  `provider = "command"\ncommand = "sync 'X-Auth-Token: hunter2'"`,
  // curl, wget, lftp, sshpass: attached, with other separators, and within a script
  `exec_on_success = ["curl -ujoe:hunter2 https://x"]`,
  `exec_on_success = ["curl --user=joe:hunter2 https://x"]`,
  `exec_on_success = ["curl -U 'joe:hunter2' https://x"]`,
  `exec_on_success = ["sh -c 'curl -u joe:hunter2 https://x'"]`,
  `exec_on_success = ["sh -c 'curl --user \\"joe:hunter2\\" https://x'"]`,
  `exec_on_success = ["sh -c 'notify --token hunter2'"]`,
  `exec_on_success = ["sh -c 'notify --token \\"of hunter2\\"'"]`,
  `exec_on_success = ["sh -c 'API_TOKEN=\\"of hunter2\\" notify'"]`,
  `exec_on_success = ["notify '--token=a&hunter2'"]`,
  `exec_on_success = ["notify \\"--token=it's hunter2\\""]`,
  `exec_on_success = ["env 'TOKEN=a&hunter2' notify"]`,
  `exec_on_success = ["env MYSQL_PWD=hunter2 notify"]`,
  `exec_on_success = ["notify --auth hunter2"]`,
  `provider = "command"\ncommand = "lftp -u joe,hunter2 ftp.example"`,
  `provider = "command"\ncommand = "lftp -c 'open -u joe,hunter2 ftp.example'"`,
  `provider = "command"\ncommand = "sshpass -p hunter2 rsync x y"`,
  `provider = "command"\ncommand = "sshpass -phunter2 rsync x y"`,
  `rsync_options = ["-e", "sshpass -p hunter2 ssh"]`,
  // addresses that let in whoever knows them
  `exec_on_failure = ["curl -d x https://hooks.slack.com/services/T1/B2/hunter2"]`,
  `exec_on_failure = ["curl -d x https://discord.com/api/webhooks/1/hunter2"]`,
  `exec_on_failure = ["curl -d x https://api.telegram.org/bot12:hunter2/sendMessage"]`,
  `exec_on_failure = ["curl -d x 'https://qyapi.example/cgi-bin/send?key=hunter2'"]`,
  `docker_options = ["--env=MY-VAR=hunter2"]`,
])('no secret is shown: %s', async (lines) => {
  const text = `${globalTable}[docker]\nenable = true\noptions = ["--env", "B=hunter2"]\n[[mirrors]]\nname = "m"\ndocker_image = "i"\n`;
  const own = lines.includes('upstream') ? lines : `upstream = "rsync://u/m/"\n${lines}`;
  const found = explain(await worker(`${text}${own}\n`, { file: '/w.conf' }));
  expect(JSON.stringify(found)).not.toContain('hunter2');
  expect(found.filter(({ masked }) => masked === true).length).toBe(2);
});

test('file names and paths are no secrets', async () => {
  const found = await settings(
    `${globalTable}${mirror}rsync_options = ["--password-file=/etc/p", "-e", "ssh -i /k"]\nexec_on_success = ["notify --env-file /e   'a b'", "curl -u joe https://x/hook"]\n`,
  );
  expect(found).toMatchObject({
    rsync_options: { value: '["--password-file=/etc/p", "-e", "ssh -i /k"]' },
    exec_on_success: { value: `["notify --env-file /e   'a b'", "curl -u joe https://x/hook"]` },
  });
  expect(Object.values(found).some(({ masked }) => masked === true)).toBe(false);
});
