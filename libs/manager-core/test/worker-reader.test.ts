import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { zeroTime, type WorkerStatus } from '@tunasync/protocol';
import { testAuthority } from '@tunasync/test-utils';
import { openWorkerReader } from '../src/index.js';

test('a worker that asks for a client certificate is shown the one that is in force', async () => {
  const ca = await testAuthority();
  const server = createServer(
    { ...(await ca.issue({ name: 'worker' })), ca: ca.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => response.end(request.url),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const worker: WorkerStatus = {
    id: 'w1',
    url: `https://127.0.0.1:${port}/`,
    token: '',
    last_online: zeroTime,
    last_register: zeroTime,
  };
  const reader = openWorkerReader();
  const read = async (): Promise<string> => {
    const answer = await reader.read(worker, '/jobs', { signal: AbortSignal.timeout(5000) });
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return text;
  };
  try {
    await expect(read()).rejects.toMatchObject({ code: 'WORKER_UNREACHABLE', status: 502 });
    reader.setTls({ caCert: ca.cert });
    await expect(read()).rejects.toMatchObject({ code: 'WORKER_UNREACHABLE' });
    reader.setTls({ caCert: ca.cert, clientCert: await ca.issue({ name: 'manager', hosts: [] }) });
    expect(await read()).toBe('/jobs');
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
