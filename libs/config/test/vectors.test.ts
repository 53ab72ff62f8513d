import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { fixturePath } from '@tunasync/test-utils';
import { loadWorkerConfig } from '../src/index.js';

interface Vector {
  name: string;
  env: unknown;
  commands: unknown;
}

const expected = JSON.parse(readFileSync(fixturePath('config-vectors/expected.json'), 'utf8')) as Vector[];

describe('configuration vectors', () => {
  test('the flattened mirrors have the values that the original gives them', async () => {
    const result = await loadWorkerConfig({ file: fixturePath('config-vectors/worker.conf') });
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    const actual = result.value.mirrors.map((mirror) => ({
      name: mirror.name,
      provider: mirror.provider,
      upstream: mirror.upstream,
      interval_minutes: mirror.intervalMinutes,
      retry: mirror.retry,
      timeout_seconds: mirror.timeoutSeconds,
      working_dir: mirror.workingDir,
      log_dir: mirror.logDir,
      is_master: mirror.isMaster,
      success_exit_codes: mirror.successExitCodes,
      memory_limit: mirror.memoryLimit,
    }));
    expect(actual).toEqual(expected.map(({ env: _env, commands: _commands, ...rest }) => rest));
  });

  test('the other tables come out too, with a warning for what has no effect', async () => {
    const file = fixturePath('config-vectors/worker.conf');
    const result = await loadWorkerConfig({ file });
    expect(result).toMatchObject({
      ok: true,
      value: {
        global: { name: 'w1', concurrent: 10, stateDir: '' },
        manager: { apiBases: ['http://m1:14242', 'http://m2:14242'], caCertFile: '' },
        server: { hostname: 'worker1.example.com', listenAddr: '127.0.0.1', listenPort: 6000 },
      },
    });
    expect(result.diagnostics).toEqual([
      {
        severity: 'warning',
        file,
        line: 16,
        key: 'manager.token',
        message: 'is a key of older versions and has no effect any more',
      },
      {
        severity: 'warning',
        file,
        line: 65,
        key: 'mirrors[group].mirrors[group-child2].rsync_success_exit_codes',
        message: "has no effect on the mirror 'grand2', as its provider is 'command'",
      },
    ]);
  });

  test('defect 23: siblings do not share their env', async () => {
    const result = await loadWorkerConfig({ file: fixturePath('config-vectors/worker.conf') });
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    const env = Object.fromEntries(result.value.mirrors.map((mirror) => [mirror.name, mirror.env]));
    expect(env['group-child1']).toEqual({ A: 'parent', B: 'child1', C: 'child1' });
    expect(env['grand1']).toEqual({ A: 'parent', B: 'parent' });
    expect(env['grand2']).toEqual({ A: 'parent', B: 'parent' });
    expect(env['grand1']).not.toBe(env['grand2']);
  });
});
