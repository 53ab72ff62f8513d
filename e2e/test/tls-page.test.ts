import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const page = readFile(join(repository, 'docs/tls.md'), 'utf8');

/** The shell commands of a section of the page. */
async function commands(section: string): Promise<string> {
  const text = (await page).split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  expect(blocks).not.toEqual([]);
  return blocks.join('');
}

async function runPage(folder: string, section: string): Promise<string> {
  const path = `${join(repository, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const options = { cwd: folder, env: { ...process.env, NODE_OPTIONS: '', PATH: path } };
  return (await promisify(execFile)('sh', ['-euc', await commands(section)], options)).stdout;
}

/** Who the sides of a connection see: the server's name and the client's. */
async function handshake(folder: string, server: string, client: string): Promise<[string, string]> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const ca = await read('tunasync-ca/ca.pem');
  const pair = async (name: string): Promise<{ cert: string; key: string }> => ({
    cert: await read(`${name}.pem`),
    key: await read(`${name}-key.pem`),
  });
  const nameOf = (socket: unknown): string =>
    (socket instanceof TLSSocket && socket.getPeerX509Certificate()?.subject) || 'nobody';
  const options = { ...(await pair(server)), ca, requestCert: true, rejectUnauthorized: true };
  const listening = createServer(options, ({ socket }, response) => {
    response.end(nameOf(socket));
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const own = await pair(client);
  try {
    return await new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, servername: server, agent: false, ca, ...own }, (response) => {
        const seen = nameOf(response.socket);
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          resolve([seen, text]);
        });
      })
        .on('error', reject)
        .end();
    });
  } finally {
    listening.close();
  }
}

describe('the commands of docs/tls.md', () => {
  test.each(['With tunasynctl', 'With openssl'])(
    '%s: make certificates that work in all directions',
    async (section) => {
      await using folder = await tempDir();
      const printed = await runPage(folder.path, section);
      expect(printed).toContain(section === 'With openssl' ? 'manager.example.org.pem: OK' : 'IP 192.0.2.1');
      const [manager, worker, alice] = ['manager.example.org', 'worker.example.org', 'alice'];
      expect(await handshake(folder.path, manager, worker)).toEqual([`CN=${manager}`, `CN=${worker}`]);
      expect(await handshake(folder.path, worker, manager)).toEqual([`CN=${worker}`, `CN=${manager}`]);
      expect(await handshake(folder.path, manager, alice)).toEqual([`CN=${manager}`, `CN=${alice}`]);
      await expect(handshake(folder.path, alice, worker)).rejects.toThrow();
      const renewed = await runPage(folder.path, 'Renewal');
      expect(renewed).toMatch(
        /^manager\.example\.org\.pem: certificate for DNS manager\.example\.org, IP 192\.0\.2\.1, until /,
      );
      expect(await handshake(folder.path, manager, worker)).toEqual([`CN=${manager}`, `CN=${worker}`]);
    },
  );
});
