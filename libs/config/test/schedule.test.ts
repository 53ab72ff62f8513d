import { describe, expect, test } from '@jest/globals';
import { parseWorkerConfig } from '../src/index.js';
import { globalTable, lines, mirror, mirrorTable, valueOf, worker, workerProblems } from './support.js';

/** A mirror of which `[global]` and it itself say more. */
const both = (global: string, own: string): string => `${globalTable}${global}\n${mirrorTable}${own}\n`;

describe('the schedule of a mirror', () => {
  const cron = { kind: 'cron', expression: '0 3 * * *', timezone: 'UTC' };

  test.each([
    ['', '', { kind: 'interval', minutes: 60 }],
    ['', 'interval = 5', { kind: 'interval', minutes: 5 }],
    ['', 'cron = "0 3 * * *"', cron],
    ['', 'cron = "0 3 * * *"\ninterval = 5', cron],
    ['cron = "0 3 * * *"', '', cron],
    ['cron = "0 3 * * *"', 'cron = ""\ninterval = 0\ninterval_mode = ""', cron],
    ['cron = "0 3 * * *"', 'cron = "1 1 1 1 *"', { ...cron, expression: '1 1 1 1 *' }],
    // the nearer one counts
    ['cron = "0 3 * * *"', 'interval = 5', { kind: 'interval', minutes: 5 }],
    ['cron = "0 3 * * *"', 'interval_mode = "fixed-delay"', { kind: 'interval', minutes: 60 }],
    ['cron = "0 3 * * *"\ntimezone = "Asia/Tokyo"', '', { ...cron, timezone: 'Asia/Tokyo' }],
    ['cron = "0 3 * * *"', 'timezone = "Europe/Berlin"', { ...cron, timezone: 'Europe/Berlin' }],
    ['interval_mode = "fixed-rate"', '', { kind: 'fixed-rate', minutes: 60, anchor: 0, timezone: 'UTC' }],
    ['interval_mode = "fixed-rate"', 'interval_mode = "fixed-delay"', { kind: 'interval', minutes: 60 }],
    [
      'fixed_rate_anchor = "23:59"\ntimezone = "Asia/Tokyo"',
      'interval_mode = "fixed-rate"\ninterval = 720',
      { kind: 'fixed-rate', minutes: 720, anchor: 1439, timezone: 'Asia/Tokyo' },
    ],
  ])('%j and %j', async (global, own, schedule) => {
    expect((await mirror(both(global, own))).schedule).toEqual(schedule);
    expect(await workerProblems(both(global, own))).toEqual([]);
  });

  test.each([
    ['', '', 180],
    ['', 'interval = 5', 15],
    ['', 'interval_mode = "fixed-rate"\ninterval = 720', 2160],
    ['', 'cron = "0 3 * * 1-5"', 3 * 3 * 1440],
    ['', 'cron = "0 0 0 1 1 * 2020"', 0],
    ['stale_after = 7', '', 7],
    ['stale_after = 7', 'stale_after = 9', 9],
    ['stale_after = 7', 'stale_after = 0', 7],
  ])('stale with %j and %j: after %s minutes', async (global, own, minutes) => {
    expect((await mirror(both(global, own))).staleAfterMinutes).toBe(minutes);
  });

  test('nested mirrors: the innermost that says something counts', async () => {
    const { mirrors } = await worker(`${globalTable}
[[mirrors]]
interval = 30
upstream = "/u/"
  [[mirrors.mirrors]]
  name = "inherits"
  [[mirrors.mirrors]]
  cron = "0 3 * * *"
    [[mirrors.mirrors.mirrors]]
    name = "cron"
    interval = 0
    [[mirrors.mirrors.mirrors]]
    name = "interval"
    interval = 7
    [[mirrors.mirrors.mirrors]]
    name = "mode"
    interval_mode = "fixed-rate"
`);
    expect(mirrors.map(({ name, schedule }) => [name, schedule])).toEqual([
      ['inherits', { kind: 'interval', minutes: 30 }],
      ['cron', cron],
      ['interval', { kind: 'interval', minutes: 7 }],
      ['mode', { kind: 'fixed-rate', minutes: 30, anchor: 0, timezone: 'UTC' }],
    ]);
  });

  test('nothing is said of a missing interval where cron is in use', async () => {
    const bare = globalTable.replace(/^interval.*\n/m, '');
    expect(await workerProblems(`${bare}cron = "0 3 * * *"\n`)).toEqual([]);
    expect(await workerProblems(`${bare}${mirrorTable}cron = "0 3 * * *"\n`)).toEqual([]);
    expect(await workerProblems(`${bare}${mirrorTable}`)).toHaveLength(1);
  });
});

describe('the other keys', () => {
  test('a list of a mirror replaces the global one', async () => {
    const { blackout } = await mirror(
      both('blackout = ["01:00-02:00"]', 'blackout = ["03:00-04:00 Mon-Fri"]'),
    );
    expect(blackout).toEqual([{ from: 180, to: 240, days: [1, 2, 3, 4, 5] }]);
    expect((await mirror(both('blackout = ["01:00-02:00"]', 'blackout = []'))).blackout).toHaveLength(1);
  });

  test('a priority of 0 is one, the lowest', async () => {
    expect((await mirror(both('priority = 10', ''))).priority).toBe(10);
    expect((await mirror(both('priority = 10', 'priority = 0'))).priority).toBe(0);
    expect((await mirror(both('priority = 0', ''))).priority).toBe(0);
    const nested = `${globalTable}[[mirrors]]\nupstream = "/u/"\npriority = 70\n[[mirrors.mirrors]]\nname = "m"\n`;
    expect((await mirror(nested)).priority).toBe(70);
    expect((await mirror(`${nested}priority = 0\n`)).priority).toBe(0);
  });

  test.each([
    ['', '', 30, 900],
    ['retry_delay = 1200', '', 1200, 1200],
    ['', 'retry_delay_max = 10', 10, 10],
    ['retry_delay = 7', 'retry_delay_max = 8', 7, 8],
    ['retry_delay = 7\nretry_delay_max = 70', 'retry_delay = 0', 7, 70],
  ])('pauses between attempts: %j and %j', async (global, own, delay, max) => {
    expect(await mirror(both(global, own))).toMatchObject({
      retryDelaySeconds: delay,
      retryDelayMaxSeconds: max,
    });
  });

  test('hosts with a limit of their own', async () => {
    const { global } = await worker(
      `${globalTable}[global.per_upstream_concurrent]\n"Rsync.Example.ORG" = 2\nmirrors.kernel.org = 3\nlocalhost = 1\n"[2001:db8::1]" = 4\n`,
    );
    expect(global.perUpstreamConcurrent).toEqual({
      'rsync.example.org': 2,
      'mirrors.kernel.org': 3,
      localhost: 1,
      '2001:db8::1': 4,
    });
  });

  test('they are part of what a reload compares', async () => {
    const plain = await mirror(both('', ''));
    for (const key of ['cron = "0 3 * * *"', 'priority = 0', 'jitter = 1', 'blackout = ["01:00-02:00"]']) {
      expect((await mirror(both('', key))).fingerprint).not.toBe(plain.fingerprint);
    }
    expect((await mirror(both('cron = "0 3 * * *"\npriority = 0', ''))).fingerprint).toBe(plain.fingerprint);
  });

  test('a reload keeps those of [global]', async () => {
    const more =
      'timezone = "Asia/Tokyo"\nblackout = ["01:00-02:00 Mon-Fri"]\ndisk_quota = "1k"\nper_upstream_concurrent = { "h" = 1 }';
    const previous = await worker(both(more, ''));
    const again = await parseWorkerConfig(both(more, ''), { previous });
    expect(again.diagnostics).toEqual([]);
    expect(valueOf(again)).toEqual(previous);
    const changed = await parseWorkerConfig(both(more.replace('Tokyo', 'Seoul'), ''), {
      file: 'w.conf',
      previous,
    });
    expect(lines(changed.diagnostics)).toEqual([
      'warning: w.conf:1: global: has changed; that takes effect after a restart',
    ]);
    expect({ ...valueOf(changed), origins: previous.origins }).toEqual(previous);
  });
});

describe('what is wrong with them', () => {
  const problemsOf = (global: string, own: string): Promise<string[]> => workerProblems(both(global, own));

  test.each([
    [
      'timezone = "Asia/Shanghia"',
      `timezone: unknown time zone 'Asia/Shanghia', expected a name such as "Asia/Shanghai"; did you mean "Asia/Shanghai"?`,
    ],
    ['timezone = "CST8"', `timezone: unknown time zone 'CST8', expected a name such as "Asia/Shanghai"`],
    ['timezone = 8', 'timezone: expected a string, found 8'],
    ['interval_mode = "fixed"', `interval_mode: expected "fixed-delay" or "fixed-rate", found 'fixed'`],
    ['blackout = "01:00-02:00"', 'blackout: expected a list of strings, found a string'],
    ['jitter = -1', 'jitter: expected a whole number of minutes from 0 to 52704000, found -1'],
    ['priority = 101', 'priority: expected a whole number from 0 to 100, found 101'],
    ['priority = 1.5', 'priority: expected a whole number from 0 to 100, found 1.5'],
    [
      'disk_quota = "100 GG"',
      `disk_quota: '100 GG' is not a size such as 268435456, "256M", "256MiB" or "1g"`,
    ],
    ['log_max_size = true', 'log_max_size: expected a size, found true'],
    ['retry_delay = "1"', /^retry_delay: expected a whole number of seconds from 0 to \d+, found a string$/],
    [
      'retry_delay = 9\nretry_delay_max = 8',
      'retry_delay: expected retry_delay to be at most retry_delay_max, found 9 and 8',
    ],
    ['stale_after = -1', /^stale_after: expected a whole number of minutes/],
    ['failure_interval = 0.5', /^failure_interval: expected a whole number of minutes/],
    ['cron = "61 * * * *"', /^cron: .*61/],
    ['cron = " "', /^cron: .+/],
    ['cron = "* * *"', /^cron: .+/],
    ['fixed_rate_anchor = "24:00"', /^fixed_rate_anchor: .*24:00/],
    ['fixed_rate_anchor = "6am"', /^fixed_rate_anchor: .*6am/],
    ['blackout = ["nights"]', /^blackout\[0\]: .*nights/],
    ['blackout = ["01:00-02:00", ""]', /^blackout\[1\]: .+/],
    ['blackout = ["25:00-02:00"]', /^blackout\[0\]: .*25:00/],
    ['blackout = ["00:00-12:00", "12:00-24:00"]', /^blackout: .*all of it$/],
    ['cron = "0 0 31 2 *"', /^cron: .+/],
    ['blackout = ["01:00-02:00 Funday"]', /^blackout\[0\]: .*Funday/],
  ])('%j in [global] and in a mirror', async (toml, problem) => {
    for (const [problems, at] of [
      [await problemsOf(toml, ''), 'w.conf:7: global.'],
      [await problemsOf('', toml), 'w.conf:11: mirrors[m].'],
    ] as const) {
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/^error: /);
      expect(problems[0]?.slice('error: '.length, 'error: '.length + at.length)).toBe(at);
      const rest = problems[0]?.slice('error: '.length + at.length);
      if (typeof problem === 'string') expect(rest).toBe(problem);
      else expect(rest).toMatch(problem);
    }
  });

  test.each([
    ['interval_mode = "fixed-rate"', 'interval = 7', 'w.conf:11: mirrors[m].interval', 7],
    ['', 'interval_mode = "fixed-rate"\ninterval = 2880', 'w.conf:12: mirrors[m].interval', 2880],
    ['interval = 7', 'interval_mode = "fixed-rate"', 'w.conf:11: mirrors[m].interval_mode', 7],
    ['interval_mode = "fixed-rate"\ninterval = 7', '', 'w.conf:7: global.interval', 7],
  ])('%j and %j: an interval that does not divide a day', async (global, own, place, found) => {
    const text = both(global, own);
    const single = global.includes('interval = ') ? text.replace('interval = 60\n', '') : text;
    expect(await workerProblems(single)).toEqual([
      `error: ${place}: expected an interval that divides a day's 1440 minutes, as interval_mode is 'fixed-rate', found ${found}`.replace(
        'w.conf:11: mirrors[m].interval_mode',
        'w.conf:10: mirrors[m].interval_mode',
      ),
    ]);
  });

  test('a retry_delay of a mirror beyond what [global] allows, and the other way round', async () => {
    expect(await problemsOf('retry_delay_max = 60', 'retry_delay = 61')).toEqual([
      'error: w.conf:11: mirrors[m].retry_delay: expected retry_delay to be at most retry_delay_max, found 61 and 60',
    ]);
    expect(await problemsOf('retry_delay = 61', 'retry_delay_max = 60')).toEqual([
      'error: w.conf:11: mirrors[m].retry_delay_max: expected retry_delay to be at most retry_delay_max, found 61 and 60',
    ]);
  });

  test('an anchor that has no effect where it stands', async () => {
    expect(await problemsOf('', 'fixed_rate_anchor = "01:00"')).toEqual([
      "warning: w.conf:11: mirrors[m].fixed_rate_anchor: has no effect, as interval_mode is not 'fixed-rate'",
    ]);
    expect(await problemsOf('', 'fixed_rate_anchor = "01:00"\ncron = "1 1 * * *"')).toEqual([
      'warning: w.conf:11: mirrors[m].fixed_rate_anchor: has no effect, as cron is given',
    ]);
    expect(await problemsOf('fixed_rate_anchor = "01:00"', '')).toEqual([]);
    expect(
      await workerProblems(
        `${globalTable}[[mirrors]]\nfixed_rate_anchor = "01:00"\nupstream = "/u/"\n[[mirrors.mirrors]]\nname = "m"\n`,
      ),
    ).toEqual([]);
  });

  test.each([
    ['per_upstream_concurrent = 3', ': expected a table of hosts such as { "rsync.example.org" = 2 }'],
    ['per_upstream_concurrent = { "h" = 0 }', '.h: expected a whole number from 1 to 1000000, found 0'],
    [
      'per_upstream_concurrent = { a.example.org = "x" }',
      '.a.example.org: expected a whole number from 1 to 1000000, found a string',
    ],
    [
      'per_upstream_concurrent = { "rsync://h/x" = 1 }',
      '.rsync://h/x: expected the name of a host, without scheme, port and path',
    ],
    [
      'per_upstream_concurrent = { "h:873" = 1 }',
      '.h:873: expected the name of a host, without scheme, port and path',
    ],
  ])('%s', async (toml, problem) => {
    expect(await problemsOf(toml, '')).toEqual([`error: w.conf:7: global.per_upstream_concurrent${problem}`]);
  });

  test('a limit of a host is shown on its own line', async () => {
    expect(
      await workerProblems(
        `${globalTable}[global.per_upstream_concurrent]\na.org = 1\nb.org = -1\n${mirrorTable}outbox_max = 3\n`,
      ),
    ).toEqual([
      'error: w.conf:9: global.per_upstream_concurrent.b.org: expected a whole number from 1 to 1000000, found -1',
      'warning: w.conf:13: mirrors[m].outbox_max: unknown key, ignored',
    ]);
  });
});
