import { describe, expect, test } from '@jest/globals';
import { parseWorkerConfig } from '../src/index.js';
import { globalTable, lines, mirror, valueOf, worker } from './support.js';

const secretive = `${globalTable}[[mirrors]]
name = "m"
upstream = "/u/"
username = "user"
password = "secret"
env = { B = "2", A = "1" }
`;

describe('fingerprint of a mirror', () => {
  test('defect 24: a mirror with credentials and env is unchanged while the file says the same', async () => {
    const first = await mirror(secretive);
    expect((await mirror(secretive)).fingerprint).toBe(first.fingerprint);
    // the provider's USER and RSYNC_PASSWORD are no part of what is compared
    expect(first.env).toEqual({ A: '1', B: '2' });
    expect(first.fingerprint).not.toContain('RSYNC_PASSWORD');
  });

  test('neither the order nor the letter case of keys, nor zeros or comments change it', async () => {
    const { fingerprint } = await mirror(secretive);
    const reordered = `${globalTable}[[mirrors]]\nPassword = "secret" # x\nUSERNAME = "user"\nretry = 0\nrole = ""\nupstream = "/u/"\nname = "m"\n[mirrors.env]\nA = "1"\nB = "2"\n`;
    expect((await mirror(reordered)).fingerprint).toBe(fingerprint);
  });

  test('nor does an unrelated [global] value: mirrors are compared as written', async () => {
    const { fingerprint } = await mirror(secretive);
    expect((await mirror(secretive.replace('interval = 60', 'interval = 61'))).fingerprint).toBe(fingerprint);
  });

  test.each([
    ['"/u/"', '"/v/"'],
    ['"secret"', '"other"'],
    ['A = "1"', 'A = "2"'],
    ['name = "m"\nup', 'name = "m"\nretry = 3\nup'],
  ])('a change from %j to %j changes it', async (from, to) => {
    expect((await mirror(secretive.replace(from, to))).fingerprint).not.toBe(
      (await mirror(secretive)).fingerprint,
    );
  });

  test('an inherited value is part of it', async () => {
    const text = `${globalTable}[[mirrors]]\nupstream = "/u/"\nretry = 3\n[[mirrors.mirrors]]\nname = "m"\n`;
    expect((await mirror(text.replace('retry = 3', 'retry = 4'))).fingerprint).not.toBe(
      (await mirror(text)).fingerprint,
    );
  });
});

describe('reload', () => {
  const before = `${globalTable}[manager]\napi_base = "http://m"\n[[mirrors]]\nname = "m"\nupstream = "/u/"\n`;

  test('takes the mirrors only, and names the tables that have changed', async () => {
    const previous = await worker(before);
    const after = before
      .replace('interval = 60', 'interval = 5\nretry = 9')
      .replace('"http://m"', '"http://other"')
      .concat('[[mirrors]]\nname = "n"\nupstream = "/n/"\n[zfs]\nenable = true\n');
    const result = await parseWorkerConfig(after, { file: 'w.conf', previous });
    const { mirrors, origins, ...rest } = valueOf(result);
    const { mirrors: _, origins: earlier, ...kept } = previous;
    expect(origins?.sections).toEqual(earlier?.sections);
    expect(rest).toEqual(kept);
    expect(mirrors.map(({ name, intervalMinutes, retry }) => [name, intervalMinutes, retry])).toEqual([
      ['m', 60, 2],
      ['n', 60, 2],
    ]);
    expect(mirrors[0]).toEqual(previous.mirrors[0]);
    expect(lines(result.diagnostics)).toEqual([
      'warning: w.conf:1: global: has changed; that takes effect after a restart',
      'warning: w.conf:8: manager: has changed; that takes effect after a restart',
      'warning: w.conf:16: zfs: has changed; that takes effect after a restart',
    ]);
  });

  test('says nothing when nothing but mirrors has changed', async () => {
    const previous = await worker(before);
    const result = await parseWorkerConfig(before.replace('"/u/"', '"/v/"'), { previous });
    expect(result.diagnostics).toEqual([]);
    expect(valueOf(result).mirrors[0]?.upstream).toBe('/v/');
    expect(valueOf(result).sectionFingerprints).toEqual(previous.sectionFingerprints);
  });

  test('a file with an error in any table does not load', async () => {
    const previous = await worker(before);
    const result = await parseWorkerConfig(before.replace('interval = 60', 'interval = -1'), { previous });
    expect(result.ok).toBe(false);
  });

  test('section fingerprints tell each table apart and do not depend on the order of keys', async () => {
    const { sectionFingerprints } = await worker(before);
    expect(Object.keys(sectionFingerprints)).toEqual([
      'global',
      'manager',
      'server',
      'cgroup',
      'docker',
      'zfs',
      'btrfs_snapshot',
    ]);
    const reordered = before.replace('name = "w"\n', '').replace('interval', 'name = "w"\ninterval');
    expect((await worker(reordered)).sectionFingerprints).toEqual(sectionFingerprints);
  });
});
