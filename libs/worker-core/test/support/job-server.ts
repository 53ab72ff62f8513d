import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { memoryLogger } from '@tunasync/logger';
import type { Clock } from '@tunasync/protocol';
import { tempDir, waitFor } from '@tunasync/test-utils';
import { createCommandServer, type JobSnapshot, type JobSource } from '../../src/index.js';

/** A job that waits for its next start. */
export function jobOf(name: string, logDir: string, fields: Partial<JobSnapshot> = {}): JobSnapshot {
  return {
    name,
    state: 'ready',
    status: 'success',
    lastStatus: 'success',
    attempt: 0,
    lastUpdate: 1_700_000_000_000,
    lastStarted: 1_699_999_000_000,
    lastEnded: 1_700_000_000_000,
    nextDue: 1_700_003_600_000,
    size: '1.33T',
    errorMsg: '',
    upstream: `rsync://user:secret@upstream.example/${name}/`,
    provider: 'rsync',
    isMaster: true,
    schedule: { kind: 'interval', minutes: 60 },
    blackout: [],
    timezone: 'UTC',
    staleAfterMinutes: 180,
    attempts: 2,
    lastDuration: 1_000_000,
    logDir,
    ...fields,
  };
}

/** An answer as it was received. */
export interface JobAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json: () => unknown;
}

/** A worker's server with one mirror, `debian`, whose logs are in `dir`. */
export async function jobServer(
  jobs?: JobSnapshot[],
  {
    clock,
    describeConfig,
    idleMs,
  }: { clock?: Clock; idleMs?: number } & Pick<JobSource, 'describeConfig'> = {},
) {
  const folder = await tempDir();
  const dir = folder.path;
  const shown = jobs ?? [jobOf('debian', dir)];
  const logger = memoryLogger();
  const server = createCommandServer({
    target: { command: () => Promise.resolve({ status: 200, message: 'OK' }) },
    jobs: { worker: 'w1', jobs: () => shown, describeConfig },
    logger,
    clock,
    idleMs,
    host: '127.0.0.1',
    port: 0,
  });
  await server.start();
  const port = server.address?.port ?? 0;
  const open = (path: string, headers = {}, method = 'GET'): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, resolve);
      outgoing.on('error', reject);
      outgoing.end();
    });
  return {
    dir,
    jobs: shown,
    server,
    logger,
    open,
    /** Sends the path exactly as given. */
    async get(path: string, headers = {}, method = 'GET'): Promise<JobAnswer> {
      const incoming = await open(path, headers, method);
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      return {
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        text,
        json: () => JSON.parse(text) as unknown,
      };
    },
    /** Follows a stream. */
    async follow(path: string, headers = {}) {
      const incoming = await open(path, headers);
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      const ended = new Promise<void>((resolve) => incoming.once('close', resolve));
      const events = (): string[] =>
        text
          .split('\n\n')
          .slice(0, -1)
          .filter((event) => event !== ':')
          .map((event) => event.replace(/^id: .*\n/gm, '').replaceAll('\n', ' | '));
      return {
        incoming,
        ended,
        events,
        text: () => text,
        until: (event: string) => waitFor(`${event} in ${text}`, () => events().includes(event), 4000),
        [Symbol.dispose]: () => void incoming.destroy(),
      };
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}
