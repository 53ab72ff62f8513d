import { writeFile } from 'node:fs/promises';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { LogSearches } from '../src/http/logs/log-searches.js';
import { LogReads } from '../src/http/logs/read-log.js';
import { jobOf, jobServer } from './support/job-server.js';

const log = 'debian_2026-11-24_03_04.log';

/** More requests than may run at a time. */
const many = 1001;

function exchange(): { request: IncomingMessage; response: ServerResponse } {
  const request = new IncomingMessage(new Socket());
  return { request, response: new ServerResponse(request) };
}

describe('a request that fails', () => {
  test('gives back its place among the reads', async () => {
    await using folder = await tempDir();
    const reads = new LogReads();
    const request = {
      ...exchange(),
      job: jobOf('debian', folder.path),
      query: {},
    };
    for (let n = 0; n < many; n++) {
      await expect(reads.serve({ ...request, log })).rejects.toMatchObject({ code: 'LOG_UNKNOWN' });
    }
  });

  test('gives back its place among the searches', async () => {
    await using folder = await tempDir();
    await writeFile(join(folder.path, log), 'x\n');
    const searches = new LogSearches();
    const query = { q: '(', regex: true, case: false, from: 0, limit: 1 };
    for (let n = 0; n < 10; n++) {
      await expect(
        searches.serve({
          ...exchange(),
          job: jobOf('debian', folder.path),
          log,
          query,
        }),
      ).rejects.toMatchObject({ code: 'QUERY_INVALID' });
    }
  });
});

test('HEAD requests and readers that leave take no place among the streams', async () => {
  await using api = await jobServer();
  await writeFile(join(api.dir, log), 'one\n');
  const path = '/jobs/debian/log/stream';
  for (let n = 0; n < many; n++) expect((await api.get(path, {}, 'HEAD')).status).toBe(200);
  using stream = await api.follow(path);
  await stream.until('data: one');
});
