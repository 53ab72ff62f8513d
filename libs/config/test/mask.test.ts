import { describe, expect, test } from '@jest/globals';
import { maskSecrets, maskUserInfo, maskWords } from '../src/index.js';
import { globalTable, worker } from './support.js';

describe('maskSecrets', () => {
  test('a printed configuration shows no secret and all the rest', async () => {
    const config = await worker(
      `${globalTable}[manager]\napi_base = "http://admin:hunter2@m"\n[[mirrors]]\nname = "m"\nupstream = "rsync://joe:hunter2@u/m/"\nusername = "joe"\npassword = "hunter2"\nfail_on_match = "(?m)^E"\nrsync_options = ["--x"]\nenv = { TOKEN = "hunter2", EMPTY = "" }\n`,
    );
    const masked = maskSecrets(config);
    expect(JSON.stringify(masked)).not.toContain('hunter2');
    expect(masked).toMatchObject({
      global: { name: 'w', concurrent: 3 },
      manager: { apiBases: ['http://REDACTED@m'] },
      mirrors: [
        {
          name: 'm',
          upstream: 'rsync://REDACTED@u/m/',
          username: 'joe',
          password: 'REDACTED',
          env: { TOKEN: 'REDACTED', EMPTY: '' },
          failOnMatch: '(?m)^E',
          sizePattern: undefined,
          rsyncOptions: ['--x'],
          intervalMinutes: 60,
          fingerprint: 'REDACTED',
        },
      ],
    });
    // the configuration itself is left as it was
    expect(config.mirrors[0]?.password).toBe('hunter2');
  });

  test('an empty password stays empty', () => {
    expect(maskSecrets({ password: '', token: undefined, list: [1, null, true] })).toEqual({
      password: '',
      token: undefined,
      list: [1, null, true],
    });
  });
});

describe('maskUserInfo', () => {
  test.each([
    ['redis://user:p@ss@host:6379/0', 'redis://REDACTED@host:6379/0'],
    ['see rsync://u@h/x/ and https://a:b@c', 'see rsync://REDACTED@h/x/ and https://REDACTED@c'],
    ['rsync://host/path@1/', 'rsync://host/path@1/'],
    ['user@host::module', 'user@host::module'],
  ])('%s', (text, masked) => {
    expect(maskUserInfo(text)).toBe(masked);
  });
});

describe('maskWords', () => {
  test.each([
    [
      ['rsync', '--password-file=/etc/p', 'rsync://u:p@h/m/', '/srv/m'],
      ['rsync', '--password-file=/etc/p', 'rsync://REDACTED@h/m/', '/srv/m'],
    ],
    [
      ['sync', '--password=hunter2', '--api-key', 'hunter2', '--token', '--verbose', '-passwd', 'hunter2'],
      ['sync', '--password=REDACTED', '--api-key', 'REDACTED', '--token', '--verbose', '-passwd', 'REDACTED'],
    ],
    [
      ['bash', '-c', 'RSYNC_PASSWORD=hunter2 curl "http://h/?token=hunter2&n=1"'],
      ['bash', '-c', 'RSYNC_PASSWORD=REDACTED curl "http://h/?token=REDACTED&n=1"'],
    ],
    [
      [
        'env',
        'AWS_SECRET_ACCESS_KEY=hunter2',
        'SSHPASS=hunter2',
        's3',
        '--secret-key',
        'hunter2',
        '--key=/k.pem',
      ],
      [
        'env',
        'AWS_SECRET_ACCESS_KEY=REDACTED',
        'SSHPASS=REDACTED',
        's3',
        '--secret-key',
        'REDACTED',
        '--key=/k.pem',
      ],
    ],
    [
      ['--password-file', '/etc/p', '--tokens=3'],
      ['--password-file', '/etc/p', '--tokens=3'],
    ],
    [[], []],
  ])('%j', (words, shown) => {
    expect(maskWords(words)).toEqual(shown);
  });
});
