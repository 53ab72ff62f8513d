import { describe, expect, test } from '@jest/globals';
import { parseRedisUrl } from '../src/redis/redis-url.js';

describe('the URL of a Redis server', () => {
  test.each([
    [
      'redis://db.example.org',
      { label: 'redis at db.example.org:6379/0', host: 'db.example.org', port: 6379, db: 0 },
    ],
    [
      'redis://127.0.0.1:6380/3',
      { label: 'redis at 127.0.0.1:6380/3', host: '127.0.0.1', port: 6380, db: 3 },
    ],
    ['redis://localhost/?db=2', { label: 'redis at localhost:6379/2', host: 'localhost', port: 6379, db: 2 }],
    [
      'redis://user:p%40ss%2Fword@[::1]:6380/1',
      {
        label: 'redis at [::1]:6380/1',
        host: '::1',
        port: 6380,
        db: 1,
        username: 'user',
        password: 'p@ss/word',
      },
    ],
    ['redis://:secret@h', { label: 'redis at h:6379/0', host: 'h', port: 6379, db: 0, password: 'secret' }],
    [
      'rediss://db.example.org:6380',
      {
        label: 'redis at db.example.org:6380/0',
        host: 'db.example.org',
        port: 6380,
        db: 0,
        tls: { servername: 'db.example.org' },
      },
    ],
    [
      'rediss://127.0.0.1',
      { label: 'redis at 127.0.0.1:6379/0', host: '127.0.0.1', port: 6379, db: 0, tls: {} },
    ],
    [
      'unix:///run/redis.sock',
      { label: 'redis at /run/redis.sock, database 0', path: '/run/redis.sock', db: 0 },
    ],
    [
      'unix://user:secret@/run/r%20s.sock?db=4',
      {
        label: 'redis at /run/r s.sock, database 4',
        path: '/run/r s.sock',
        db: 4,
        username: 'user',
        password: 'secret',
      },
    ],
  ])('%s', (url, address) => {
    expect(parseRedisUrl(url)).toEqual(address);
  });

  test.each([
    '',
    '127.0.0.1:6379',
    'http://:hunter2@h',
    'redis://:hunter2@h:99999',
    'redis://:hunter2@h/name',
    'redis://:hunter2%zz@h',
    'unix://:hunter2@',
    'unix://:hunter2@/s?db=x',
    'unix:relative.sock',
  ])('%p is refused without showing its password', (url) => {
    let error: unknown;
    try {
      parseRedisUrl(url);
    } catch (reason) {
      error = reason;
    }
    expect(error).toMatchObject({ code: 'STORE_URL_INVALID' });
    expect((error as Error).message).toContain('expected redis://user:password@host:port/db');
    expect((error as Error).message).not.toContain('hunter2');
  });
});
