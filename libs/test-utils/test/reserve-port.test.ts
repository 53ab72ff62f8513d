import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { reservePort } from '../src/index.js';

test('reservePort never gives out a port twice, and a server can listen on it', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, () => reservePort()));
  expect(new Set(ports).size).toBe(200);
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(ports[0], '127.0.0.1', resolve);
  });
  await new Promise((resolve) => server.close(resolve));
});
