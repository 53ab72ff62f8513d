import { describe, expect, test } from '@jest/globals';
import type { MirrorConfig } from '@tunasync/config';
import { plainMirror } from '@tunasync/test-utils';
import { configuredArgv, rsyncProvider, stage1ProfileNames, twoStageRsyncProvider } from '../src/index.js';

const attempt = { logDir: '/log', logFile: '/log/debian.log' };
const base: MirrorConfig = {
  ...plainMirror,
  upstream: 'rsync://example.org/debian/',
  workingDir: '/data/debian',
};
const ends = ['rsync://example.org/debian/', '/data/debian'];
const full =
  '-aHvh --no-o --no-g --stats --filter|risk .~tmp~/ --exclude|.~tmp~/ --delete --delete-after --delay-updates --safe-links'
    .split(/ (?=-)|\|/)
    .flat();

/** The command line of `rsync` without what every one has at its end. */
function allWords(fields: Partial<MirrorConfig>): string[] {
  const [command] = rsyncProvider.create({ ...base, ...fields }).commands(attempt);
  expect(command.argv.slice(-2)).toEqual(ends);
  return command.argv.slice(0, -2);
}

/** {@link allWords} without options of our own. */
const rsyncWords = (fields: Partial<MirrorConfig>): string[] => configuredArgv(allWords(fields));

describe('rsync', () => {
  test('has the options of a complete sync', () => {
    expect(rsyncWords({})).toEqual(['rsync', ...full, '--timeout=120']);
  });

  test.each<[Partial<MirrorConfig>, string[]]>([
    [{ rsyncTimeout: 30 }, ['--timeout=30']],
    [{ rsyncNoTimeout: true, rsyncTimeout: 30 }, []],
    [{ useIpv4: true }, ['--timeout=120', '-4']],
    [{ useIpv6: true, useIpv4: true }, ['--timeout=120', '-6']],
    [{ excludeFile: '/etc/x' }, ['--timeout=120', '--exclude-from', '/etc/x']],
    [{ globalRsyncOptions: ['--g'], rsyncOptions: ['--m'] }, ['--timeout=120', '--g', '--m']],
    [
      {
        useIpv4: true,
        excludeFile: '/x',
        globalRsyncOptions: ['--g'],
        rsyncOptions: ['--m', 'a b'],
        stage1Profile: 'debian',
      },
      ['--timeout=120', '-4', '--exclude-from', '/x', '--g', '--m', 'a b'],
    ],
  ])('turns %j into %j', (fields, words) => {
    expect(rsyncWords(fields)).toEqual(['rsync', ...full, ...words]);
  });

  test('rsync_override takes the place of the options, rsync_override_only of everything', () => {
    const fields = { rsyncOverride: ['-av'], rsyncOptions: ['--m'], useIpv6: true };
    expect(rsyncWords(fields)).toEqual(['rsync', '-av', '--timeout=120', '-6', '--m']);
    expect(rsyncWords({ ...fields, rsyncOverrideOnly: true })).toEqual(['rsync', '-av']);
  });

  test('rsync_override_only needs rsync_override', () => {
    expect(() => rsyncProvider.create({ ...base, rsyncOverrideOnly: true })).toThrow(
      expect.objectContaining({
        code: 'PROVIDER_CONFIG_INVALID',
        message: 'mirrors[plain].rsync_override_only: expected rsync_override beside it',
      }),
    );
  });

  test('command names the binary, as it is written', () => {
    expect(rsyncWords({ command: '/opt/my rsync/bin/rsync' })[0]).toBe('/opt/my rsync/bin/rsync');
  });

  test('lets each line reach the log at once, by an option right behind the binary’s name', () => {
    for (const command of ['', 'rsync', '/opt/new/bin/rsync']) {
      expect(allWords({ command }).slice(0, 3)).toEqual([command || 'rsync', '--outbuf=L', '-aHvh']);
    }
  });

  test.each<[string, Partial<MirrorConfig>]>([
    ['a script in rsync’s place', { command: '/usr/local/bin/rsync-through-proxy.sh' }],
    ['a command line that is overridden as a whole', { rsyncOverride: ['-av'], rsyncOverrideOnly: true }],
  ])('%s gets no options of ours', (_what, fields) => {
    expect(allWords(fields)).toEqual(rsyncWords(fields));
    expect(allWords(fields)).not.toContain('--outbuf=L');
  });

  test('credentials go into the environment, win over env, and are on no command line', () => {
    const env = { USER: 'env-user', RSYNC_PASSWORD: 'env-password', OTHER: 'x' };
    const of = (plugin: typeof rsyncProvider, fields: Partial<MirrorConfig>) =>
      plugin.create({ ...base, stage1Profile: 'debian', env, ...fields }).commands(attempt);
    for (const plugin of [rsyncProvider, twoStageRsyncProvider]) {
      for (const command of of(plugin, { username: 'alice', password: 'sesame' })) {
        expect(command.env).toEqual({ USER: 'alice', RSYNC_PASSWORD: 'sesame', OTHER: 'x' });
        expect(command.argv.join(' ')).not.toMatch(/alice|sesame/);
      }
      for (const command of of(plugin, {})) expect(command.env).toEqual(env);
    }
    expect(env.USER).toBe('env-user');
  });

  test.each([rsyncProvider, twoStageRsyncProvider])(
    '$name refuses an upstream without a final /',
    (plugin) => {
      expect(() => plugin.create({ ...base, upstream: 'rsync://alice:sesame@example.org/debian' })).toThrow(
        expect.objectContaining({
          code: 'PROVIDER_CONFIG_INVALID',
          message: "mirrors[plain].upstream: expected a URL that ends with '/'",
        }),
      );
    },
  );
});

describe('two-stage-rsync', () => {
  const stages = (fields: Partial<MirrorConfig>) =>
    twoStageRsyncProvider
      .create({ ...base, stage1Profile: 'debian-oldstyle', ...fields })
      .commands(attempt)
      .map(({ argv }) => configuredArgv(argv));

  test('the first stage deletes nothing and leaves the indices out, the second is complete', () => {
    expect(stages({})).toEqual([
      [
        'rsync',
        ...full.filter((option) => !option.startsWith('--de')),
        ...['Packages*', 'Sources*', 'Release*', 'InRelease', 'i18n/*', 'ls-lR*', 'dep11/*'].map(
          (name) => `--exclude=${name}`,
        ),
        '--timeout=120',
        ...ends,
      ],
      ['rsync', ...full, '--timeout=120', ...ends],
    ]);
  });

  test('rsync_options are the second stage’s, global and overriding options nobody’s', () => {
    const [first, second] = stages({
      rsyncOptions: ['--m'],
      globalRsyncOptions: ['--g'],
      rsyncOverride: ['-av'],
      rsyncOverrideOnly: true,
      useIpv4: true,
    });
    expect(first).not.toContain('--m');
    expect(second).toEqual(['rsync', ...full, '--m', '--timeout=120', '-4', ...ends]);
  });

  test.each(['', 'ubuntu', 'constructor'])(
    'a stage1_profile %j is refused before anything is run',
    (stage1Profile) => {
      expect(() => twoStageRsyncProvider.create({ ...base, stage1Profile })).toThrow(
        expect.objectContaining({
          code: 'PROVIDER_CONFIG_INVALID',
          message: `mirrors[plain].stage1_profile: unknown profile '${stage1Profile}', expected one of debian, debian-oldstyle`,
        }),
      );
      expect(stage1ProfileNames).toEqual(['debian', 'debian-oldstyle']);
    },
  );
});
