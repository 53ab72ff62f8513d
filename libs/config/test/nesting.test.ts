import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { globalTable, mirror, worker, workerProblems } from './support.js';

/** Every key that a mirror may set, and a value of it that is not zero. */
const everything = `
upstream = "/p/"
interval = 5
retry = 6
timeout = 7
mirror_subdir = "sub"
log_dir = "/l"
role = "slave"
exec_on_success = ["a"]
exec_on_failure = ["b"]
exec_on_success_extra = ["c"]
exec_on_failure_extra = ["d"]
success_exit_codes = [1]
rsync_success_exit_codes = [2]
fail_on_match = "f"
size_pattern = "(s)"
use_ipv6 = true
use_ipv4 = true
exclude_file = "/x"
username = "u"
password = "p"
rsync_no_timeout = true
rsync_timeout = 8
rsync_options = ["o"]
rsync_override = ["v"]
rsync_override_only = true
stage1_profile = "debian"
memory_limit = 9
docker_image = "i"
docker_volumes = ["w"]
docker_options = ["q"]
snapshot_path = "/s"
log_keep = 4
timezone = "Asia/Tokyo"
cron = "1 2 * * *"
interval_mode = "fixed-rate"
fixed_rate_anchor = "01:00"
blackout = ["00:00-01:00"]
jitter = 1
priority = 3
disk_quota = "1k"
retry_delay = 4
retry_delay_max = 5
failure_interval = 6
stale_after = 8
log_max_size = 7
env = { A = "1" }
`;

const zeros = `
upstream = ""
interval = 0
retry = 0
timeout = 0
mirror_subdir = ""
log_dir = ""
role = ""
exec_on_success = []
exec_on_failure = []
exec_on_success_extra = []
exec_on_failure_extra = []
success_exit_codes = []
rsync_success_exit_codes = []
fail_on_match = ""
size_pattern = ""
use_ipv6 = false
use_ipv4 = false
exclude_file = ""
username = ""
password = ""
rsync_no_timeout = false
rsync_timeout = 0
rsync_options = []
rsync_override = []
rsync_override_only = false
stage1_profile = ""
memory_limit = "0k"
docker_image = ""
docker_volumes = []
docker_options = []
snapshot_path = ""
log_keep = 0
timezone = ""
cron = ""
interval_mode = ""
fixed_rate_anchor = ""
blackout = []
jitter = 0
disk_quota = 0
retry_delay = 0
retry_delay_max = 0
failure_interval = 0
stale_after = 0
log_max_size = "0"
env = {}
`;

describe('nested mirrors', () => {
  test('a mirror inherits every key, and zeros override none', async () => {
    const parent = `${globalTable}[[mirrors]]\nname = "p"\n${everything}`;
    const alone = await mirror(parent.replace('"p"', '"m"'));
    const { fingerprint, ...values } = alone;
    const bare = await mirror(`${parent}[[mirrors.mirrors]]\nname = "m"\n`);
    const zeroed = await mirror(`${parent}[[mirrors.mirrors]]\nname = "m"\n${zeros}`);
    expect(bare).toEqual(alone);
    expect(zeroed).toEqual(alone);
    expect(fingerprint).toBe(zeroed.fingerprint);
    expect(values).toMatchObject({
      execOnSuccess: ['a', 'c'],
      execOnFailure: ['b', 'd'],
      successExitCodes: [1, 2],
      rsyncTimeout: 8,
      memoryLimit: 9,
      logKeep: 4,
      schedule: { kind: 'cron', expression: '1 2 * * *', timezone: 'Asia/Tokyo' },
      jitterMinutes: 1,
      priority: 3,
      diskQuota: 1024,
      retryDelaySeconds: 4,
      retryDelayMaxSeconds: 5,
      failureIntervalMinutes: 6,
      logMaxSize: 7,
      workingDir: '/data/sub/m',
      isMaster: false,
    });
  });

  test('values that are not zero override, lists as a whole', async () => {
    const config = await mirror(
      `${globalTable}[[mirrors]]\nname = "p"\n${everything}[[mirrors.mirrors]]\nname = "m"\nretry = 1\nrole = "master"\nrsync_options = ["x", "y"]\nmirror_dir = "/own"\n`,
    );
    expect(config).toMatchObject({
      retry: 1,
      isMaster: true,
      rsyncOptions: ['x', 'y'],
      workingDir: '/own',
      upstream: '/p/',
    });
  });

  test("provider = 'rsync' cannot override an inherited one", async () => {
    const config = await mirror(
      `${globalTable}[[mirrors]]\nprovider = "command"\ncommand = "true"\n[[mirrors.mirrors]]\nname = "m"\nprovider = "rsync"\n`,
    );
    expect(config.provider).toBe('command');
  });

  test('env is merged key by key, an empty value included', async () => {
    const config = await mirror(
      `${globalTable}[[mirrors]]\nupstream = "/u/"\nenv = { A = "1", B = "1", C = "1" }\n[[mirrors.mirrors]]\nname = "m"\nenv = { B = "2", C = "" }\n`,
    );
    expect(config.env).toEqual({ A: '1', B: '2', C: '' });
  });

  test('nesting goes to any depth', async () => {
    const depth = 20;
    const text = Array.from(
      { length: depth },
      (_, level) =>
        `[[${Array(level + 1)
          .fill('mirrors')
          .join('.')}]]\nname = "m${level}"\nenv = { K${level} = "${level}" }\n`,
    ).join('');
    const config = await mirror(`${globalTable}${text}upstream = "/u/"\n`);
    expect(config.name).toBe('m19');
    expect(Object.keys(config.env)).toHaveLength(depth);
  });

  test('only leaves are validated, and only they are jobs', async () => {
    const text = `${globalTable}[[mirrors]]\nname = "../group"\nupstream = "no slash"\nfail_on_match = "("\n`;
    const child = '[[mirrors.mirrors]]\nname = "m"\nupstream = "/u/"\nfail_on_match = "ok"\n';
    expect((await worker(text + child)).mirrors.map(({ name }) => name)).toEqual(['m']);
    expect(await workerProblems(text)).toHaveLength(3);
  });

  test('a wrong type in a mirror with nested ones is an error all the same', async () => {
    expect(
      await workerProblems(
        `${globalTable}[[mirrors]]\nname = "g"\nretry = "x"\n[[mirrors.mirrors]]\nname = "m"\nupstream = "/u/"\nretry = -1\n`,
      ),
    ).toEqual([
      'error: w.conf:9: mirrors[g].retry: expected a whole number from 0 to 1000000, found a string',
      'error: w.conf:13: mirrors[g].mirrors[m].retry: expected a whole number from 0 to 1000000, found -1',
    ]);
  });

  test('what is wrong with an inherited value is shown once, where it stands', async () => {
    expect(
      await workerProblems(
        `${globalTable}[[mirrors]]\nname = "g"\nupstream = "/u"\n[[mirrors.mirrors]]\nname = "a"\n[[mirrors.mirrors]]\nname = "b"\n`,
      ),
    ).toEqual([
      "error: w.conf:9: mirrors[g].upstream: expected an rsync upstream that ends with '/', found '/u'",
    ]);
  });

  test('an empty list of nested mirrors is none', async () => {
    expect(
      (await mirror(`${globalTable}[[mirrors]]\nname = "m"\nupstream = "/u/"\nmirrors = []\n`)).name,
    ).toBe('m');
  });

  test('the last of several mirrors with the same name counts', async () => {
    const text = `${globalTable}[[mirrors]]\nname = "m"\nupstream = "/1/"\n[[mirrors]]\nname = "n"\nupstream = "/n/"\n[[mirrors]]\nname = "m"\nupstream = "/2/"\n`;
    expect((await worker(text)).mirrors.map(({ name, upstream }) => [name, upstream])).toEqual([
      ['n', '/n/'],
      ['m', '/2/'],
    ]);
    expect(await workerProblems(text)).toEqual([
      'warning: w.conf:14: mirrors[m].name: the mirror at w.conf:7 has the same name; only the last one counts',
    ]);
  });

  test('defect 23: whatever siblings set in env, none sees it of another', async () => {
    const value = fc.string().map((text) => JSON.stringify(text.replace(/[^ -~]/g, '')));
    const env = fc.dictionary(fc.stringMatching(/^[A-E]{1,2}$/), value, { noNullPrototype: true });
    const tomlOf = (table: Record<string, string>): string =>
      `env = { ${Object.entries(table)
        .map(([key, text]) => `${key} = ${text}`)
        .join(', ')} }`;
    await fc.assert(
      fc.asyncProperty(env, fc.array(env, { minLength: 1, maxLength: 4 }), async (outer, inner) => {
        const children = inner.map((own, at) => `[[mirrors.mirrors]]\nname = "m${at}"\n${tomlOf(own)}\n`);
        const { mirrors } = await worker(
          `${globalTable}[[mirrors]]\nupstream = "/u/"\n${tomlOf(outer)}\n${children.join('')}`,
        );
        const parse = (table: Record<string, string>): Record<string, unknown> =>
          Object.fromEntries(Object.entries(table).map(([key, text]) => [key, JSON.parse(text) as unknown]));
        expect(mirrors.map((config) => config.env)).toEqual(
          inner.map((own) => ({ ...parse(outer), ...parse(own) })),
        );
      }),
    );
  });
});
