import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadWorkerConfig } from '@tunasync/config';
import { fixturePath } from '@tunasync/test-utils';
import { builtInProviders, configuredArgv, ProviderRegistry } from '../src/index.js';

/** What a provider adds to the environment of a `command`, which the recording leaves out. */
const injected = ['MIRROR_NAME', 'WORKING_DIR', 'UPSTREAM_URL', 'LOG_DIR', 'LOG_FILE'].map(
  (name) => `TUNASYNC_${name}`,
);

describe('configuration vectors', () => {
  test('every mirror comes out as tunasync v0.10 makes it, to the last word of its command lines', async () => {
    const registry = new ProviderRegistry(builtInProviders());
    const loaded = await loadWorkerConfig({
      file: fixturePath('config-vectors/worker.conf'),
      providers: [...registry],
    });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));

    const actual = loaded.value.mirrors.map((mirror) => {
      const logFile = join(mirror.logDir, `${mirror.name}.log`);
      const provider = registry.get(mirror.provider).create(mirror);
      const commands = provider.commands({ logDir: mirror.logDir, logFile });
      expect(commands.every((command) => command.cwd === mirror.workingDir)).toBe(true);
      const env = { ...commands[0].env };
      if (mirror.provider === 'command') {
        expect(Object.keys(env)).toEqual(expect.arrayContaining(injected));
        for (const name of injected) Reflect.deleteProperty(env, name);
      }
      for (const command of commands.slice(1)) expect(command.env).toEqual(env);
      return {
        name: mirror.name,
        provider: provider.name,
        upstream: mirror.upstream,
        interval_minutes: mirror.intervalMinutes,
        retry: mirror.retry,
        timeout_seconds: mirror.timeoutSeconds,
        working_dir: mirror.workingDir,
        log_dir: mirror.logDir,
        is_master: mirror.isMaster,
        success_exit_codes: mirror.successExitCodes,
        memory_limit: mirror.memoryLimit,
        env,
        commands: commands.map(({ argv }) => configuredArgv(argv)),
      };
    });
    expect(actual).toEqual(JSON.parse(await readFile(fixturePath('config-vectors/expected.json'), 'utf8')));
  });
});
