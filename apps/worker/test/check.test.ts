import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { fixturePath, tempDir } from '@tunasync/test-utils';
import { checkWorker } from '../src/check.js';

const mirror = `[[mirrors]]
name = "a"
provider = "command"
command = "true"
`;

async function withConfig(text: string) {
  const folder = await tempDir();
  const file = join(folder.path, 'worker.conf');
  const head = `[global]\nname = "w1"\nlog_dir = "/log"\nmirror_dir = "/data"\nconcurrent = 1\ninterval = 60\n`;
  await writeFile(file, `${head}${text}`);
  return { file, [Symbol.asyncDispose]: () => folder.remove() };
}

async function check(file: string, json = false) {
  const errors: string[] = [];
  const output = new PassThrough().setEncoding('utf8');
  const exit = await checkWorker(file, {
    stdout: output,
    writeError: (line) => void errors.push(line),
    json,
  });
  return { exit, errors, stdout: String(output.read() ?? '') };
}

describe('--check', () => {
  test('--check shows all settings of a mirror and no secret', async () => {
    await using site = await withConfig(`[docker]
enable = true
[[mirrors]]
name = "debian"
provider = "two-stage-rsync"
stage1_profile = "debian"
upstream = "rsync://joe:hunter2@host/debian/"
role = "slave"
retry = 5
timeout = 3600
memory_limit = "1k"
docker_image = "debian:13"
success_exit_codes = [24]
rsync_options = ["it's", "--password-file=/etc/p"]
username = "joe"
password = "hunter2"
env = { TOKEN = "hunter2", EMPTY = "" }
exec_on_success = ["curl --token hunter2 'http://joe:hunter2@h/ok'"]
exec_on_failure = ["notify 'a b'"]
`);
    const done = await check(site.file);
    expect(done.exit).toBe(0);
    expect(done.stdout).not.toContain('hunter2');
    const lines = done.stdout.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'debian',
        '  provider     two-stage-rsync',
        '  role         slave',
        '  upstream     rsync://REDACTED@host/debian/',
        '  attempts     5 of at most 3600 s each',
        '  image        debian:13',
        '  memory limit 1024 bytes',
        '  good exits   0 24',
        '  environment  EMPTY RSYNC_PASSWORD TOKEN USER',
        '  on success   curl --token REDACTED http://REDACTED@h/ok',
        "  on failure   notify 'a b'",
      ]),
    );
    const commands = lines.filter((line) => line.startsWith('  command '));
    expect(commands).toHaveLength(2);
    expect(commands[1]).toMatch(
      / 'it'\\''s' --password-file=\/etc\/p .* rsync:\/\/REDACTED@host\/debian\/ \/data\/debian$/,
    );

    const json = await check(site.file, true);
    expect(json.exit).toBe(0);
    expect(json.stdout).not.toContain('hunter2');
    expect(JSON.parse(json.stdout)).toMatchObject([
      { env: { TOKEN: 'REDACTED', EMPTY: '', USER: 'REDACTED', RSYNC_PASSWORD: 'REDACTED' } },
    ]);
  });

  test('--check prints the mirrors of a file with warnings, but none of a file that does not load', async () => {
    await using odd = await withConfig(`[manager]\ntoken = "old"\n${mirror}`);
    const warned = await check(odd.file, true);
    expect(warned.exit).toBe(1);
    expect(JSON.parse(warned.stdout)).toMatchObject([{ name: 'a', commands: [['true']] }]);
    const text = await check(odd.file);
    expect(text.exit).toBe(1);
    expect(text.stdout).toMatch(/worker\.conf: 1 mirror\n$/);

    await using bad = await withConfig(`${mirror}retry = -1\n`);
    const failed = await check(bad.file, true);
    expect(failed.exit).toBe(1);
    expect(failed.stdout).toBe('');
  });

  test('--check lists a mirror that cannot run with the reason', async () => {
    await using site = await withConfig(
      '[[mirrors]]\nname = "m"\nprovider = "two-stage-rsync"\nupstream = "rsync://h/m/"\n',
    );
    const done = await check(site.file);
    expect(done.exit).toBe(1);
    expect(done.stdout).toMatch(/\n {2}no command {3}.*stage1_profile/);
    const json = await check(site.file, true);
    expect(json.exit).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject([{ name: 'm', commands: [] }]);
  });

  test('--check of a file without mirrors reports 0 mirrors', async () => {
    await using site = await withConfig('\n');
    const done = await check(site.file);
    expect(done.exit).toBe(0);
    expect(done.stdout).toBe(`${site.file}: ok, 0 mirrors\n`);
    const json = await check(site.file, true);
    expect(json.stdout).toBe('[]\n');
  });

  test('--check gives the results of tunasync v0.10 for the configuration vectors, with secrets masked', async () => {
    const done = await check(fixturePath('config-vectors/worker.conf'), true);
    // a retired key, and a key without effect
    expect(done.exit).toBe(1);
    expect(done.errors).toHaveLength(2);
    const expected = JSON.parse(await readFile(fixturePath('config-vectors/expected.json'), 'utf8')) as {
      env: Record<string, string>;
    }[];
    for (const row of expected) {
      row.env = Object.fromEntries(Object.keys(row.env).map((name) => [name, 'REDACTED']));
    }
    expect(JSON.parse(done.stdout)).toEqual(expected);
  });
});
