import { describe, expect, test } from '@jest/globals';
import type { WebMirrorStatus } from '../site/api/types.js';
import { seenRows } from '../site/status-page/seen-rows.js';
import {
  countMirrors,
  findMirrors,
  linkOf,
  publicMirrors,
  publicState,
  siteName,
  timeOf,
} from '../site/status-page/web-status.js';
import { wordsOf } from '../site/status-page/words.js';
import { bytesOf, sizeText } from '../site/ui/size-text.js';

const zero = -62_135_596_800;

function status(name: string, more: Partial<WebMirrorStatus> = {}): WebMirrorStatus {
  return {
    name,
    is_master: true,
    status: 'success',
    last_update: '',
    last_update_ts: 1000,
    last_started: '',
    last_started_ts: 900,
    last_ended: '',
    last_ended_ts: 1000,
    next_schedule: '',
    next_schedule_ts: zero,
    upstream: '',
    size: '1G',
    ...more,
  };
}

describe('a public mirror', () => {
  test('is neither disabled nor without a master', () => {
    const shown = publicMirrors([
      status('a'),
      status('b', { status: 'disabled' }),
      status('c', { is_master: false }),
      status('a', { status: 'failed' }),
    ]);
    expect(shown.map(({ name, state }) => [name, state])).toEqual([
      ['a', 'success'],
      ['a', 'failed'],
    ]);
    expect(new Set(shown.map(({ key }) => key)).size).toBe(2);
  });

  test('has a time, or never', () => {
    const [mirror] = publicMirrors([status('a', { last_update_ts: 1_700_000_000 })]);
    expect([mirror?.lastUpdate, mirror?.nextSync]).toEqual([1_700_000_000_000, undefined]);
    expect([timeOf(0), timeOf(-1), timeOf(Number.NaN), timeOf(1)]).toEqual([
      undefined,
      undefined,
      undefined,
      1000,
    ]);
  });

  test.each([
    ['success', {}, 'success'],
    ['syncing', {}, 'syncing'],
    ['pre-syncing', {}, 'waiting'],
    ['failed', {}, 'failed'],
    ['paused', {}, 'paused'],
    ['none', {}, 'success'],
    ['none', { last_ended_ts: 2000 }, 'none'],
    ['none', { last_update_ts: zero, last_ended_ts: zero }, 'none'],
  ] as const)('has a public state: %s %j %s', (word, more, state) => {
    expect(publicState(status('a', { status: word, ...more }))).toBe(state);
  });

  test('has a link only for the web, and never a password', () => {
    expect(linkOf('https://example.org/a b')).toBe('https://example.org/a%20b');
    for (const upstream of [
      'rsync://example.org/debian/',
      'javascript:alert(1)',
      ' https://example.org',
      'https://me:secret@example.org/',
      'http://',
      '<img src=x>',
      '',
    ]) {
      expect(linkOf(upstream)).toBeUndefined();
    }
  });
});

describe('the public list', () => {
  const mirrors = publicMirrors([
    status('Zebra', { last_update_ts: 50 }),
    status('debian-10', { last_update_ts: 300, status: 'failed' }),
    status('debian-9', { last_update_ts: 100, upstream: 'rsync://Origin.example.org/' }),
    status('never', { last_update_ts: zero }),
  ]);
  const found = (
    ...args: Parameters<typeof findMirrors> extends [unknown, ...infer Rest] ? Rest : never
  ): string[] => findMirrors(mirrors, ...args).map(({ name }) => name);

  test('is sorted by name, with numbers by value, or by the last update', () => {
    expect(found('', undefined, { by: 'name', isDescending: false })).toEqual([
      'debian-9',
      'debian-10',
      'never',
      'Zebra',
    ]);
    expect(found('', undefined, { by: 'lastUpdate', isDescending: true })).toEqual([
      'debian-10',
      'debian-9',
      'Zebra',
      'never',
    ]);
  });

  test('is searched by name and upstream, in any case, and filtered by state', () => {
    const order = { by: 'name', isDescending: false } as const;
    expect(found(' DEB ', undefined, order)).toEqual(['debian-9', 'debian-10']);
    expect(found('origin', undefined, order)).toEqual(['debian-9']);
    expect(found('deb', 'failed', order)).toEqual(['debian-10']);
    expect(countMirrors(mirrors).get('success')).toBe(3);
  });

  test('renders only rows that are visible or nearly so', () => {
    expect(seenRows(200, 800, 36, 10_000)).toEqual([0, 32]);
    expect(seenRows(-36_000, 800, 36, 10_000)).toEqual([984, 1040]);
    expect(seenRows(-359_300, 800, 36, 10_000)).toEqual([9968, 10_000]);
    expect(seenRows(200, 800, 36, 5)).toEqual([0, 5]);
    expect(seenRows(-90_000, 800, 36, 5)).toEqual([5, 5]);
  });
});

test('the languages of the browser are tried in order', () => {
  expect(wordsOf(['zh-CN', 'en']).title).toBe('镜像状态');
  expect([wordsOf(['fr', 'en-GB', 'zh']).title, wordsOf(['fr', 'en-GB', 'zh']).locale]).toEqual([
    'Mirror status',
    'en-GB',
  ]);
  expect(wordsOf(['fr']).locale).toBe('en');
});

test('a site is named after its host, unless that is an IP address', () => {
  expect(siteName('mirrors.example.org')).toBe('mirrors.example.org');
  for (const host of ['localhost', '127.0.0.1', '[::1]', '']) expect(siteName(host)).toBeUndefined();
});

test('sizes are parsed as workers write them', () => {
  expect(['1.5K', '2M', '3', '1,024', '5GiB', 'unknown', '', '-1G'].map(bytesOf)).toEqual([
    1536,
    2_097_152,
    3,
    1024,
    5_368_709_120,
    undefined,
    undefined,
    undefined,
  ]);
  expect(['1.33T', 'unknown', '', 'huge'].map((size) => sizeText(size, 'en'))).toEqual([
    '1.33 TiB',
    '–',
    '–',
    'huge',
  ]);
});
