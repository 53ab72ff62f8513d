import { describe, expect, test } from '@jest/globals';
import { globalTable, mirrorTable, workerProblems } from './support.js';

/** A file that is right but for `lines` in its only mirror, which start at line 4. */
const withMirror = (...lines: string[]): Promise<string[]> =>
  workerProblems([mirrorTable.trimEnd(), ...lines, globalTable].join('\n'));

const withGlobal = (...lines: string[]): Promise<string[]> =>
  workerProblems([...lines, globalTable, mirrorTable].join('\n'));

describe('what nothing can be made of is an error with file, line, key and what was expected', () => {
  test.each<[lines: string[], problem: string]>([
    [['interval = "5"'], 'interval: expected a whole number of minutes from 0 to 52704000, found a string'],
    [['interval = -5'], 'interval: expected a whole number of minutes from 0 to 52704000, found -5'],
    [['interval = 1.5'], 'interval: expected a whole number of minutes from 0 to 52704000, found 1.5'],
    [['retry = -1'], 'retry: expected a whole number from 0 to 1000000, found -1'],
    [
      ['retry = 9223372036854775807'],
      'retry: expected a whole number from 0 to 1000000, found 9223372036854775807',
    ],
    [['timeout = inf'], 'timeout: expected a whole number of seconds from 0 to 3162240000, found Infinity'],
    [['use_ipv6 = 1'], 'use_ipv6: expected true or false, found 1'],
    [['role = true'], 'role: expected a string, found true'],
    [['rsync_options = "-v"'], 'rsync_options: expected a list of strings, found a string'],
    [['env = "A=1"'], 'env: expected a table of strings, found a string'],
    [['env = { A = 1 }'], 'env.A: expected a string, found 1'],
    [
      ['success_exit_codes = [256]'],
      'success_exit_codes[0]: expected a whole number from 0 to 255, found 256',
    ],
    [['mirror_dir = 2026-11-23'], 'mirror_dir: expected a string, found a date or time'],
    [
      ['provider = "rsynk"'],
      "provider: unknown provider 'rsynk', expected one of 'rsync', 'two-stage-rsync', 'command'",
    ],
    [
      ['memory_limit = "lots"'],
      `memory_limit: 'lots' is not a size such as 268435456, "256M", "256MiB" or "1g"`,
    ],
    [['memory_limit = -1'], `memory_limit: '-1' is not a size such as 268435456, "256M", "256MiB" or "1g"`],
    [['memory_limit = true'], 'memory_limit: expected a size, found true'],
    [
      ['rsync_override_only = true'],
      'rsync_override_only: expected rsync_override too, as nothing is added to it',
    ],
    [
      ['rsync_override = []', 'rsync_override_only = true'],
      'rsync_override_only: expected rsync_override too, as nothing is added to it',
    ],
    [['provider = "command"'], 'command: expected a command line, found nothing to run'],
    [['provider = "command"', 'command = "  "'], 'command: expected a command line, found nothing to run'],
    [
      ['provider = "command"', `command = "a 'b"`],
      "command: the command line cannot be split into words: a ' is not closed",
    ],
    [
      ['exec_on_success = ["true", "a \\""]'],
      'exec_on_success[1]: the command line cannot be split into words: a " is not closed',
    ],
    [
      ['exec_on_failure_extra = [""]'],
      'exec_on_failure_extra[0]: expected a command line, found nothing to run',
    ],
    [
      ['log_dir = "/log/{{.Nam}}"'],
      'log_dir: the template cannot be filled in: no field {{.Nam}}; there are Name, Provider, Upstream, Interval, Retry, Timeout, MirrorDir, MirrorSubDir, LogDir, Role, Command, FailOnMatch, SizePattern, UseIPv6, UseIPv4, ExcludeFile, Username, RsyncNoTimeo, RsyncTimeout, Stage1Profile, DockerImage, SnapshotPath',
    ],
  ])('%j', async (lines, problem) => {
    const at = 3 + lines.findIndex((line) => line.startsWith(/^\w+/.exec(problem)?.[0] ?? '?'));
    const line = at < 3 ? 1 : at + 1;
    expect(await withMirror(...lines)).toEqual([`error: w.conf:${line}: mirrors[m].${problem}`]);
  });

  test.each(['fail_on_match', 'size_pattern'])('a bad pattern in %s', async (key) => {
    expect(await withMirror(`${key} = "(?=a)"`)).toEqual([
      expect.stringMatching(
        new RegExp(`^error: w\\.conf:4: mirrors\\[m\\]\\.${key}: not a pattern in RE2 syntax: .+`),
      ),
    ]);
  });

  test.each([
    ['', 'is missing or empty'],
    ['..', "should not contain '/' nor be '.' or '..'"],
    ['a/b', "should not contain '/' nor be '.' or '..'"],
    ['a\\u0000b', 'should not contain control characters'],
    ['ü'.repeat(101), 'should be at most 200 bytes long'],
  ])('the mirror name %j', async (name, why) => {
    const [problem, ...others] = await workerProblems(
      `${globalTable}[[mirrors]]\nname = "${name}"\nupstream = "/x/"\n`,
    );
    expect(problem).toMatch(/^error: w\.conf:8: mirrors\[/);
    expect(problem).toContain(`: the name of a mirror ${why}`);
    expect(others).toEqual([]);
  });

  test('a mirror or worker without a name', async () => {
    expect(await workerProblems(globalTable.replace(/^name.*\n/m, ''))).toEqual([
      'error: w.conf:1: global.name: the name of the worker is missing or empty',
    ]);
    expect(await workerProblems(globalTable.replace('"w"', '"../w"'))).toEqual([
      "error: w.conf:2: global.name: the name of the worker should not contain '/' nor be '.' or '..'",
    ]);
    expect(await workerProblems(`${globalTable}[[mirrors]]\nupstream = "/x/"\n`)).toEqual([
      'error: w.conf:7: mirrors[0].name: the name of a mirror is missing or empty',
    ]);
  });

  test('nothing is said to be missing that has the wrong type', async () => {
    expect(
      await workerProblems(
        '[global]\nname = 1\nlog_dir = 2\nmirror_dir = 3\nconcurrent = "4"\ninterval = -5\n' + mirrorTable,
      ),
    ).toEqual([
      'error: w.conf:2: global.name: expected a string, found 1',
      'error: w.conf:3: global.log_dir: expected a string, found 2',
      'error: w.conf:4: global.mirror_dir: expected a string, found 3',
      'error: w.conf:5: global.concurrent: expected a whole number from 0 to 1000000, found a string',
      'error: w.conf:6: global.interval: expected a whole number of minutes from 0 to 52704000, found -5',
    ]);
  });

  test('a name of the wrong type is reported once', async () => {
    expect(await workerProblems(`${globalTable}[[mirrors]]\nname = 5\nupstream = "/x/"\n`)).toEqual([
      'error: w.conf:8: mirrors[0].name: expected a string, found 5',
    ]);
  });

  test.each([
    ['rsync', '"rsync://u/m"', "'rsync://u/m'"],
    ['two-stage-rsync', '"rsync://u/m"', "'rsync://u/m'"],
    ['rsync', '""', 'nothing'],
    ['rsync', '"rsync://user:secret@u/m"', "'rsync://REDACTED@u/m'"],
  ])('an upstream of %s without a final slash: %s', async (provider, upstream, found) => {
    expect(
      await workerProblems(
        `${globalTable}[[mirrors]]\nname = "m"\nprovider = "${provider}"\nstage1_profile = "debian"\nupstream = ${upstream}`,
      ),
    ).toEqual([
      `error: w.conf:11: mirrors[m].upstream: expected an rsync upstream that ends with '/', found ${found}`,
    ]);
  });

  test('a missing upstream, which the command provider does not need', async () => {
    expect(await workerProblems(`${globalTable}[[mirrors]]\nname = "m"\n`)).toEqual([
      "error: w.conf:7: mirrors[m].upstream: expected an rsync upstream that ends with '/', found nothing",
    ]);
    expect(
      await workerProblems(`${globalTable}[[mirrors]]\nname = "m"\nprovider = "command"\ncommand = "a"`),
    ).toEqual([]);
  });

  test.each([
    ['[server]\nssl_cert = "/c"', 'w.conf:1: server.ssl_key: expected a file, as ssl_cert is given'],
    ['[server]\nssl_key = "/k"', 'w.conf:1: server.ssl_cert: expected a file, as ssl_key is given'],
    [
      '[manager]\nclient_cert = "/c"',
      'w.conf:1: manager.client_key: expected a file, as client_cert is given',
    ],
    [
      '[server]\nclient_ca = "/a"',
      'w.conf:2: server.client_ca: needs ssl_cert and ssl_key, which are not given',
    ],
    [
      '[manager]\napi_base = "localhost:14242"',
      'w.conf:2: manager.api_base: expected a URL such as http://localhost:14242',
    ],
    [
      '[manager]\napi_base_list = [\n  "http://a",\n  ""\n]',
      'w.conf:4: manager.api_base_list[1]: expected a URL such as http://localhost:14242',
    ],
    ['[docker]\nenable = "yes"', 'w.conf:2: docker.enable: expected true or false, found a string'],
    ['server = 5', 'w.conf:1: server: expected a table, found 5'],
    [
      '[include]\ninclude_mirrors = [1]',
      'w.conf:2: include.include_mirrors: expected a glob such as "/etc/tunasync/mirrors/*.conf" or a list of them',
    ],
  ])('%j', async (toml, problem) => {
    expect(await withGlobal(toml)).toEqual([`error: ${problem}`]);
  });

  test('hook lines of [global] are shown where they stand, once for all mirrors', async () => {
    const more = '[[mirrors]]\nname = "n"\nupstream = "/x/"\n';
    expect(await workerProblems(`${globalTable}exec_on_success = ["'"]\n${mirrorTable}${more}`)).toEqual([
      "error: w.conf:7: global.exec_on_success[0]: the command line cannot be split into words: a ' is not closed",
    ]);
  });

  test('folders are required only when a mirror has none of its own', async () => {
    const bare = '[global]\nname = "w"\nconcurrent = 1\ninterval = 1\n';
    expect(await workerProblems(`${bare}${mirrorTable}`)).toEqual([
      "error: w.conf:1: global.log_dir: expected a path, as the mirror 'm' has no log_dir of its own",
      "error: w.conf:1: global.mirror_dir: expected a path, as the mirror 'm' has no mirror_dir of its own",
    ]);
    expect(await workerProblems(`${bare}${mirrorTable}log_dir = "/l"\nmirror_dir = "/m"\n`)).toEqual([]);
  });

  test('mirrors that are no tables', async () => {
    expect(await workerProblems(`mirrors = "m"\n${globalTable}`)).toEqual([
      'error: w.conf:1: mirrors: expected [[mirrors]] tables, found a string',
    ]);
    expect(await workerProblems(`mirrors = [\n1]\n${globalTable}`)).toEqual([
      'error: w.conf:2: mirrors[0]: expected a table, found 1',
    ]);
    expect(await workerProblems(`${globalTable}${mirrorTable}mirrors = 1\n`)).toEqual([
      'error: w.conf:10: mirrors[m].mirrors: expected [[mirrors.mirrors]] tables',
    ]);
  });

  test('all problems of a file are reported at once', async () => {
    expect(
      await workerProblems(
        [
          '[global]',
          'name = "a/b"',
          'log_dir = 5',
          '[[mirrors]]',
          'name = "x"',
          'upstream = "rsync://x"',
          'retrry = 1',
          '[[mirrors]]',
          'provider = "nope"',
          'memory_limit = "1x"',
        ].join('\n'),
      ),
    ).toEqual([
      'warning: w.conf:1: global.concurrent: not set: 4 syncs run at the same time (older versions started none)',
      'warning: w.conf:1: global.interval: not set: mirrors sync every 1440 minutes (older versions synced without a pause)',
      "error: w.conf:1: global.mirror_dir: expected a path, as the mirror 'x' has no mirror_dir of its own",
      "error: w.conf:2: global.name: the name of the worker should not contain '/' nor be '.' or '..'",
      'error: w.conf:3: global.log_dir: expected a string, found 5',
      "error: w.conf:6: mirrors[x].upstream: expected an rsync upstream that ends with '/', found 'rsync://x'",
      "warning: w.conf:7: mirrors[x].retrry: unknown key, ignored; did you mean 'retry'?",
      'error: w.conf:8: mirrors[1].name: the name of a mirror is missing or empty',
      "error: w.conf:9: mirrors[1].provider: unknown provider 'nope', expected one of 'rsync', 'two-stage-rsync', 'command'",
      `error: w.conf:10: mirrors[1].memory_limit: '1x' is not a size such as 268435456, "256M", "256MiB" or "1g"`,
    ]);
  });
});

describe('what the original tolerated is a warning', () => {
  test.each([
    ['retires = 3', 'mirrors[m].retires: unknown key, ignored'],
    ['rsync_opions = []', "mirrors[m].rsync_opions: unknown key, ignored; did you mean 'rsync_options'?"],
    ['qqq = 1', 'mirrors[m].qqq: unknown key, ignored'],
    ['role = "boss"', "mirrors[m].role: expected 'master' or 'slave', found 'boss': counts as master"],
    [
      'check_upstream = true',
      'mirrors[m].check_upstream: is not supported by this version and has no effect',
    ],
    ['Staging_Dir = "/s"', 'mirrors[m].Staging_Dir: is not supported by this version and has no effect'],
  ])('%s', async (line, problem) => {
    expect(await withMirror(line)).toEqual([`warning: w.conf:4: ${problem}`]);
  });

  test.each([
    [
      '[manager]\ntoken = "t"',
      'w.conf:2: manager.token: is a key of older versions and has no effect any more',
    ],
    [
      '[cgroup]\nbase_path = "/sys"',
      'w.conf:2: cgroup.base_path: is a key of older versions and has no effect any more',
    ],
    [
      '[cgroup]\nSubsystem = "memory"',
      'w.conf:2: cgroup.Subsystem: is a key of older versions and has no effect any more',
    ],
    [
      '[manager]\napi_token = "t"',
      'w.conf:2: manager.api_token: is not supported by this version and has no effect',
    ],
    ['[dokcer]\nenable = true', "w.conf:1: dokcer: unknown key, ignored; did you mean 'docker'?"],
    ['title = "x"', 'w.conf:1: title: unknown key, ignored'],
  ])('%j', async (toml, problem) => {
    expect(await withGlobal(toml)).toEqual([`warning: ${problem}`]);
  });

  test.each([
    ['', 'found nothing'],
    ['stage1_profile = "ubuntu"\n', "found 'ubuntu'"],
  ])('a two-stage mirror with the profile %j', async (line, found) => {
    const toml = `${globalTable}${mirrorTable}provider = "two-stage-rsync"\n${line}`;
    expect(await workerProblems(toml)).toEqual([
      `warning: w.conf:${line === '' ? 7 : 11}: mirrors[m].stage1_profile: expected 'debian' or 'debian-oldstyle', ${found}: the mirror will fail when it runs`,
    ]);
  });

  test('rsync exit codes where no rsync runs', async () => {
    expect(
      await withMirror('provider = "command"', 'command = "a"', 'rsync_success_exit_codes = [1]'),
    ).toEqual([
      "warning: w.conf:6: mirrors[m].rsync_success_exit_codes: has no effect on the mirror 'm', as its provider is 'command'",
    ]);
  });

  test('an interval or concurrency of 0, and what is taken instead', async () => {
    const toml = globalTable.replace('= 3', '= 0').replace('= 60', '= 0');
    expect(await workerProblems(`${toml}${mirrorTable}`)).toEqual([
      'warning: w.conf:5: global.concurrent: not set: 4 syncs run at the same time (older versions started none)',
      'warning: w.conf:6: global.interval: not set: mirrors sync every 1440 minutes (older versions synced without a pause)',
    ]);
  });

  test('nothing is said of an interval that no mirror needs', async () => {
    expect(
      await workerProblems(`${globalTable.replace(/^interval.*\n/m, '')}${mirrorTable}interval = 5\n`),
    ).toEqual([]);
  });

  test('a key that is given twice in two letter cases', async () => {
    expect(await withMirror('Retry = 3', 'retry = 4')).toEqual([
      "warning: w.conf:5: mirrors[m].retry: 'retry' is given as 'Retry' too; one of them has no effect",
    ]);
  });
});
