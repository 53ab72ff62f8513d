import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { startRsyncDaemon, tempDir } from '../src/index.js';

const run = promisify(execFile);

describe('startRsyncDaemon', () => {
  test('serves an open folder, asks for the password of a closed one, and is gone after stop', async () => {
    await using folder = await tempDir();
    await using target = await tempDir();
    await writeFile(join(folder.path, 'file'), 'content');
    const users = { alice: 'open sesame' };
    await using daemon = await startRsyncDaemon({
      modules: { pub: { path: folder.path }, closed: { path: folder.path, users } },
    });

    await run('rsync', ['-a', daemon.url('pub'), target.path]);
    expect(await readFile(join(target.path, 'file'), 'utf8')).toBe('content');

    const list = (password: string) =>
      run('rsync', [daemon.url('closed')], {
        env: { ...process.env, USER: 'alice', RSYNC_PASSWORD: password },
      });
    await expect(list('wrong')).rejects.toMatchObject({ code: 5 });
    expect((await list('open sesame')).stdout).toContain('file');
    expect(await daemon.log()).toContain('auth failed on module closed');

    await daemon.stop();
    await daemon.stop();
    expect(() => process.kill(daemon.pid, 0)).toThrow('ESRCH');
  });

  test('says why it does not come up', async () => {
    const server = createServer((socket) => socket.end('not rsync\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await expect(startRsyncDaemon({ modules: {}, port })).rejects.toThrow(
        /^rsync --daemon: ended with 10\n.*Address already in use/s,
      );
    } finally {
      server.close();
    }
  });
});
