import { describe, expect, test } from '@jest/globals';
import { parseRunLogName, runLogName } from '../src/index.js';

describe('runLogName', () => {
  test.each([
    [1, 'debian_2026-03-07_04_09.log'],
    [2, 'debian_2026-03-07_04_09_2.log'],
    [11, 'debian_2026-03-07_04_09_11.log'],
  ])('attempt %i of a minute, in local time', (n, name) => {
    expect(runLogName('debian', new Date(2026, 2, 7, 4, 9, 59), n)).toBe(name);
  });

  test('is read back for any mirror name', () => {
    const date = new Date(2026, 10, 23, 12, 0);
    const mirrors = [
      'debian',
      'debian-cd',
      'debian_2026-01-01_00_00',
      'debian_2026-01-01_00_00_2',
      'debian_2026-01-01_00_00.log',
      'a.*(b)[c]+$',
      '镜像 mirror',
    ];
    for (const owner of mirrors) {
      for (const n of [1, 2, 10]) {
        for (const failed of [false, true]) {
          const name = runLogName(owner, date, n) + (failed ? '.fail' : '');
          for (const mirror of mirrors) {
            expect([mirror, name, parseRunLogName(mirror, name)]).toEqual([
              mirror,
              name,
              mirror === owner ? { time: '2026-11-23_12_00', n, failed } : undefined,
            ]);
          }
        }
      }
    }
  });

  test.each([
    'latest',
    'debian.log',
    'debian_2026-11-23.log',
    'debian_2026-11-23_12_00.log.gz',
    'debian_2026-11-23_12_00.log.fail.fail',
    'debian_2026-11-23_12_00_.log',
    'debian_2026-11-23_12_00_02.log',
    'xdebian_2026-11-23_12_00.log',
    'debian_2026-11-23_12_00.log\n',
  ])('%j is no log of debian', (name) => {
    expect(parseRunLogName('debian', name)).toBeUndefined();
  });
});
